package dev.nacre.corejava.gpu;

/**
 * What of channels differs between chips.
 *
 * @param gpfifoClass class of a channel
 * @param copyClass class of a copy engine
 * @param graphicsClass class of the 3D engine; 0 without
 * @param computeClass class of the compute engine; 0 without
 * @param userModeClass class of the user-mode registers
 * @param allocationBytes bytes of the parameters of a channel, in this version of the firmware
 */
public record ChannelModel(
        int gpfifoClass, int copyClass, int graphicsClass, int computeClass, int userModeClass, int allocationBytes) {}
