package dev.nacre.core;

import java.util.Set;
import java.util.function.Consumer;

/**
 * Who wants to use a GPU.
 *
 * @param name for messages to people
 * @param kind only clients of one kind have a GPU at a time
 * @param oldestVersion the oldest version of the interface that it knows, from 1
 * @param newestVersion the newest one
 * @param required without these it cannot work
 * @param listener is told events, one at a time in their order, by a thread of the core's that holds no lock. It may call
 *     whatever it likes. What it throws is logged. While it runs, no other event reaches any client of this GPU: it must
 *     be quick.
 */
public record Client(
        String name,
        ClientKind kind,
        int oldestVersion,
        int newestVersion,
        Set<Capability> required,
        Consumer<CoreEvent> listener) {
    /** The version of the interface that this is. */
    public static final int CURRENT_VERSION = 1;

    /** Checks the versions. @throws IllegalArgumentException if there is none between them, or the name is empty */
    public Client {
        if (oldestVersion < 1 || newestVersion < oldestVersion) {
            throw new IllegalArgumentException("Versions are impossible: client=" + name + " oldest=" + oldestVersion
                    + " newest=" + newestVersion + " allowed=1 or more, in order");
        }
        if (name.isBlank()) {
            throw new IllegalArgumentException("A client needs a name");
        }
        required = Set.copyOf(required);
    }

    /** A client of this version. */
    public static Client of(String name, ClientKind kind, Set<Capability> required, Consumer<CoreEvent> listener) {
        return new Client(name, kind, CURRENT_VERSION, CURRENT_VERSION, required, listener);
    }
}
