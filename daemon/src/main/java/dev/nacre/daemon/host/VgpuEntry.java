package dev.nacre.daemon.host;

import dev.nacre.daemon.state.VgpuDefinition;
import dev.nacre.vfio.manager.Vgpu;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A virtual GPU that is kept, whether or not there is anything of it on a board. */
final class VgpuEntry {
    /** Held by whoever changes it; changes of one happen one after the other. */
    final ReentrantLock operation = new ReentrantLock();

    private final VgpuDefinition definition;
    private final Optional<BoardHost> host;
    private volatile @Nullable Vgpu vgpu;
    private volatile @Nullable String reason;

    /** Whether the store has forgotten it. Guarded by the lock under which the store is changed. */
    volatile boolean forgotten;

    /** One that is to be brought back. */
    VgpuEntry(VgpuDefinition definition, Optional<BoardHost> host) {
        this.definition = definition;
        this.host = host;
    }

    /** One that is there. */
    VgpuEntry(VgpuDefinition definition, BoardHost host, Vgpu vgpu) {
        this.definition = definition;
        this.host = Optional.of(host);
        this.vgpu = vgpu;
    }

    VgpuDefinition definition() {
        return definition;
    }

    String name() {
        return definition.name();
    }

    /** Its board; empty if the configuration has none of that name. */
    Optional<BoardHost> host() {
        return host;
    }

    /** What is there of it; empty if it was not brought back. */
    Optional<Vgpu> vgpu() {
        return Optional.ofNullable(vgpu);
    }

    /** Why it could not be brought back. */
    Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /** It has been brought back. */
    void broughtBack(Vgpu now) {
        vgpu = now;
        reason = null;
    }

    /** There is nothing of it on a board now. */
    void gone() {
        vgpu = null;
    }

    /** It could not be brought back. */
    void failed(String why) {
        reason = why;
    }
}
