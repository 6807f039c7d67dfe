package dev.nacre.corejava.disp;

import java.util.ArrayList;
import java.util.List;

/** Methods for a display channel, in their order. */
final class Methods {
    private record Method(int address, int value) {}

    private final List<Method> all = new ArrayList<>();

    /** Adds one. */
    void add(int address, int value) {
        all.add(new Method(address, value));
    }

    /** Whether there are none. */
    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Has a channel take them. */
    void kick(PushChannel channel) {
        channel.begin(all.size());
        all.forEach(method -> channel.method(method.address, method.value));
        channel.kick();
    }
}
