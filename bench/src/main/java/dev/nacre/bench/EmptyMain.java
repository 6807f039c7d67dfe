package dev.nacre.bench;

import java.io.IOException;

/** A program that does nothing: what a process of the same Java costs at least. */
public final class EmptyMain {
    private EmptyMain() {}

    /** Says that it is there, and waits until its input ends or it is ended. */
    public static void main(String[] ignored) throws IOException {
        System.out.println(StartedProcess.READY);
        System.out.flush();
        while (System.in.read() >= 0) {
            // Whatever comes is nothing.
        }
    }
}
