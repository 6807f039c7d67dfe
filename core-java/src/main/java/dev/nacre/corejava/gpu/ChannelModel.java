package dev.nacre.corejava.gpu;

import java.util.List;
import java.util.stream.Stream;

/**
 * What of channels differs between chips.
 *
 * @param gpfifoClass class of a channel
 * @param copyClass class of a copy engine
 * @param graphicsClass class of the 3D engine; 0 without
 * @param computeClass class of the compute engine; 0 without
 * @param inlineClass class of copies whose data lie in the commands; 0 without
 * @param userModeClass class of the user-mode registers
 * @param allocationBytes bytes of the parameters of a channel, in this version of the firmware
 */
public record ChannelModel(
        int gpfifoClass,
        int copyClass,
        int graphicsClass,
        int computeClass,
        int inlineClass,
        int userModeClass,
        int allocationBytes) {
    // HW: nouveau nvif/class.h: FERMI_TWOD_A, which all later chips have
    private static final int TWOD_CLASS = 0x902d;

    /** The classes of what runs on the graphics engine. */
    public List<Integer> graphicsClasses() {
        return graphicsClass == 0
                ? List.of()
                : Stream.of(TWOD_CLASS, graphicsClass, computeClass, inlineClass)
                        .filter(one -> one != 0)
                        .toList();
    }
}
