package dev.nacre.core;

/**
 * A log of the firmware's.
 *
 * @param name such as {@code init} or {@code rm}
 * @param bytes as it lies in memory
 */
@SuppressWarnings("ArrayRecordComponent") // a copy of a log, which nobody compares
public record GspLog(String name, byte[] bytes) {}
