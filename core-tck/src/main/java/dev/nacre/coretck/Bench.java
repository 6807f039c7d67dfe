package dev.nacre.coretck;

import dev.nacre.core.Core;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the tests of one implementation and transport have in common: a core that those share that leave it as it was. */
final class Bench implements AutoCloseable {
    private final CoreUnderTest underTest;
    private @Nullable Rig shared;

    Bench(CoreUnderTest underTest) {
        this.underTest = underTest;
    }

    CoreUnderTest underTest() {
        return underTest;
    }

    /** The core that tests share; booted when it is first needed. */
    Core core() {
        if (shared == null) {
            shared = Rig.start(underTest);
        }
        return shared.core();
    }

    /** A core and a board for one test alone. */
    Rig fresh() {
        return Rig.start(underTest);
    }

    /** A core and a board for one test alone, with a pool of channel ids of another size. */
    Rig fresh(boolean vgpu, int vgpuChannels) {
        return Rig.start(underTest, vgpu, vgpuChannels);
    }

    /** A core for one test alone, and a board with virtual functions; empty if there are none. */
    Optional<Rig> freshWithVfs(int count) {
        return Rig.startWithVfs(underTest, count);
    }

    /** Ends the shared core if a test has left something behind, so that the next one finds a new one. */
    void tidy(boolean failed) {
        Rig rig = shared;
        if (rig != null && (failed || rig.core().owner().isPresent())) {
            close();
        }
    }

    @Override
    public void close() {
        Rig rig = shared;
        shared = null;
        if (rig != null) {
            rig.close();
        }
    }
}
