package dev.nacre.core;

import java.util.List;

/**
 * An engine of a GPU.
 *
 * @param type what it does
 * @param instance which of its type, from 0
 * @param bit its place in the bitmap of engines, by which also the firmware's interfaces name it
 * @param classes what the method SET_OBJECT takes on channels that run on it: the classes of its own objects, and of
 *     those of the copy engine beside a graphics engine; in ascending order; empty where channels cannot be made
 */
public record Engine(EngineType type, int instance, int bit, List<Integer> classes) {
    /** Makes it. */
    public Engine {
        classes = classes.stream().sorted().toList();
    }

    /** One that runs no channels. */
    public Engine(EngineType type, int instance, int bit) {
        this(type, instance, bit, List.of());
    }

    /** As in kernel logs: {@code gr0}, {@code ce2}. */
    @Override
    public String toString() {
        return type.prefix() + instance;
    }
}
