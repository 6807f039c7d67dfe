package dev.nacre.board;

import java.util.Optional;

/**
 * A register that was used and that nobody models.
 *
 * @param address bytes from the start of BAR0
 * @param name NVIDIA's name, if it is known
 * @param reads how often it was read
 * @param writes how often it was written
 * @param lastValue what was written last; 0 if nothing was
 */
public record UnknownRegister(int address, Optional<String> name, long reads, long writes, int lastValue) {}
