package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.nacre.core.spi.CoreConfig;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Register accesses of C leave no garbage: a core makes a hundred thousand of them while it boots. */
class PlatformAllocationTest {
    private static final int ACCESSES = 20_000;
    private static final int MOST_ROUNDS = 50;

    @Test
    void readsAndWritesOfRegistersAllocateNothing() throws Throwable {
        MethodHandle access = Linker.nativeLinker()
                .downcallHandle(
                        TestLibrary.load("libstub_core.so").findOrThrow("stub_access"),
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        FakeFunction function = new FakeFunction();
        long leastBytes = Long.MAX_VALUE;

        try (Platform platform = new Platform(function, CoreConfig.of(path -> Optional.empty()))) {
            // Cold code does allocate; how soon it is compiled depends on how busy the machine is.
            for (int i = 0; i < MOST_ROUNDS && leastBytes >= ACCESSES; i++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                int last = (int) access.invokeExact(platform.table(), ACCESSES);
                leastBytes = Math.min(leastBytes, threads.getCurrentThreadAllocatedBytes() - before);
                assertThat(last).isZero();
            }
        }

        // The smallest object takes 16 bytes: below this bound there was none per access.
        assertThat(leastBytes).isLessThan(ACCESSES);
    }
}
