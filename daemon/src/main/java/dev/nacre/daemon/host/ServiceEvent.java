package dev.nacre.daemon.host;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Something that happened.
 *
 * @param id its number: each is one more than that of the event before, from 1 when the daemon starts
 * @param time when
 * @param kind what
 * @param board the board's name; empty if it concerns none
 * @param vgpu the virtual GPU's name; empty if it concerns none
 * @param text one sentence for people
 * @param details for programs, such as {@code from} and {@code to} of a state
 */
public record ServiceEvent(
        long id,
        Instant time,
        Kind kind,
        Optional<String> board,
        Optional<String> vgpu,
        String text,
        Map<String, String> details) {
    /** Takes the values. */
    public ServiceEvent {
        details = Map.copyOf(details);
    }

    /** Kinds of events. */
    public enum Kind {
        /** The daemon starts, is ready, or stops. Details: {@code state}. */
        DAEMON_STATE,
        /** A board runs, or is lost. Details: {@code state}. */
        BOARD_STATE,
        /** A virtual GPU exists. Details: {@code uuid}, {@code type}. */
        VGPU_CREATED,
        /** It has another state. Details: {@code from}, {@code to}, {@code reason} if it failed. */
        VGPU_STATE,
        /** Its plugin has something to say. Details: {@code index}, by the firmware's numbers. */
        VGPU_NOTICE,
        /** It exists no more. */
        VGPU_REMOVED,
        /** A VMM has connected. */
        CLIENT_CONNECTED,
        /** A VMM has gone. Details: {@code messages}, {@code rejected}. */
        CLIENT_DISCONNECTED,
        /** A VMM could do better. Details: none, the text says it. */
        CLIENT_WARNING,
        /** A fault was made to happen. Details: {@code fault}. */
        FAULT_INJECTED;

        /** As programs read it: {@code vgpu-state}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
