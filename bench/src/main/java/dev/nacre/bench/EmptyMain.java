package dev.nacre.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

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

    /** What starts it, with the options of the launchers, so that only the programs differ. */
    static List<String> command() throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow(() -> new IOException("Where is java?"));
        Path here = ModuleLayer.boot()
                .configuration()
                .findModule(EmptyMain.class.getModule().getName())
                .flatMap(module -> module.reference().location())
                .map(Path::of)
                .orElseThrow(() -> new IOException("Where is this program?"));
        return List.of(java, "-XX:+UseSerialGC", "-Xmx512m", "-cp", here.toString(), EmptyMain.class.getName());
    }
}
