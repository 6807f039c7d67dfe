package dev.nacre.testsupport.guest.image;

import java.nio.file.Path;
import java.util.List;

/** The GSP firmware files that a guest's nouveau finds. */
public sealed interface GuestFirmware {
    /** The firmware interfaces that nouveau asks for, in its order. */
    List<String> VERSIONS = List.of("570.144", "535.113.01");

    /**
     * Stand-ins with the right headers and no code: all that a board which plays the firmware itself needs.
     *
     * @param versions the firmware interfaces to offer; a nouveau that knows several takes the first it finds
     */
    record Synthetic(List<String> versions) implements GuestFirmware {
        /** Copies the list. */
        public Synthetic {
            versions = List.copyOf(versions);
        }
    }

    /**
     * NVIDIA's own files as distributions lay them out.
     *
     * @param folder the folder with {@code nvidia/CHIP/gsp/*.bin}, plain or compressed, such as {@code /lib/firmware}
     * @param chip the chip's folder name
     */
    record Installed(Path folder, String chip) implements GuestFirmware {}

    /** No firmware at all, for a guest without a driver. */
    record None() implements GuestFirmware {}

    /** Stand-ins for every version that nouveau knows. */
    static GuestFirmware synthetic() {
        return new Synthetic(VERSIONS);
    }
}
