package dev.nacre.corejava.channel;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.Engine;
import dev.nacre.core.EngineType;
import dev.nacre.corejava.gpu.GpuEngine;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A GPU's engines. Any thread. */
public final class Engines {
    private final List<GpuEngine> all;
    private final List<GpuEngine> copies;
    private final AtomicInteger next = new AtomicInteger();

    /** Takes all that are present. */
    public Engines(List<GpuEngine> engines) {
        all = List.copyOf(engines);
        List<GpuEngine> any = all.stream()
                .filter(engine -> engine.engine().type() == EngineType.COPY && engine.runlist() >= 0)
                .toList();
        // Those that share no runlist with others do not wait for these.
        List<GpuEngine> alone = any.stream()
                .filter(engine -> all.stream()
                        .noneMatch(other ->
                                other.engine().type() == EngineType.GRAPHICS && other.runlist() == engine.runlist()))
                .toList();
        copies = alone.isEmpty() ? any : alone;
    }

    /** Whether there is a copy engine. */
    public boolean hasCopy() {
        return !copies.isEmpty();
    }

    /**
     * A copy engine for a new channel: one after the other.
     *
     * @throws CoreException with {@link CoreError#NOT_SUPPORTED} if there is none
     */
    public GpuEngine nextCopy() {
        if (copies.isEmpty()) {
            throw new CoreException(CoreError.NOT_SUPPORTED, "The GPU has no copy engine");
        }
        return copies.get(Math.floorMod(next.getAndIncrement(), copies.size()));
    }

    /**
     * One that channels can run on.
     *
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if it is not one of them
     */
    public GpuEngine forChannels(Engine engine) {
        return all.stream()
                .filter(one -> one.engine().equals(engine) && one.runlist() >= 0)
                .filter(one -> engine.type() == EngineType.GRAPHICS || engine.type() == EngineType.COPY)
                .findFirst()
                .orElseThrow(() -> new CoreException(
                        CoreError.INVALID_ARGUMENT,
                        "Channels cannot run on that engine: engine=" + engine + " allowed="
                                + all.stream()
                                        .filter(one -> one.runlist() >= 0)
                                        .map(one -> one.engine().toString())
                                        .toList()));
    }

    /** The copy engine that shares a graphics engine's runlist. */
    public Optional<GpuEngine> copyBeside(GpuEngine graphics) {
        return all.stream()
                .filter(one -> one.engine().type() == EngineType.COPY && one.runlist() == graphics.runlist())
                .findFirst();
    }

    /** The runlist of the engine with a bit; empty if channels do not run on it. */
    public Optional<Integer> runlist(int engineBit) {
        return all.stream()
                .filter(one -> one.engine().bit() == engineBit && one.runlist() >= 0)
                .map(GpuEngine::runlist)
                .findFirst();
    }
}
