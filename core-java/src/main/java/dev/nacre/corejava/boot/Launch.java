package dev.nacre.corejava.boot;

import dev.nacre.corejava.firmware.GspFirmware;

/**
 * What a GPU is booted with.
 *
 * @param hardware the GPU
 * @param starter starts and stops its firmware
 * @param firmware that firmware
 */
record Launch(Hardware hardware, GspStarter starter, GspFirmware firmware) {}
