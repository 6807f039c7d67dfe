package dev.nacre.daemon.state;

import java.util.List;

/** Keeps the virtual GPUs that are to come back after a restart. One call at a time. */
@FunctionalInterface
public interface DefinitionStore {
    /**
     * Keeps these and no others; they are safe when this returns.
     *
     * @throws StateException if they cannot be kept; what was kept before still is
     */
    void save(List<VgpuDefinition> definitions);
}
