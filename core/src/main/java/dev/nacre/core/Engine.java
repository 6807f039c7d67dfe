package dev.nacre.core;

/**
 * An engine of a GPU.
 *
 * @param type what it does
 * @param instance which of its type, from 0
 * @param bit its place in the bitmap of engines, by which also the firmware's interfaces name it
 */
public record Engine(EngineType type, int instance, int bit) {
    /** As in kernel logs: {@code gr0}, {@code ce2}. */
    @Override
    public String toString() {
        return type.prefix() + instance;
    }
}
