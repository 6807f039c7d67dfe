package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Fails a test class after which the process has more or fewer descriptors than before. Every class here has it. */
final class LeavesNothing implements BeforeAllCallback, AfterAllCallback {
    private static final Namespace NAMESPACE = Namespace.create(LeavesNothing.class);

    // TIMEOUT: servers close what they had on threads of their own, within milliseconds of their clients' going.
    private static final long PATIENCE_NS = 60_000_000_000L;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        context.getStore(NAMESPACE).put(context.getUniqueId(), OpenFds.count());
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        Long before = context.getStore(NAMESPACE).remove(context.getUniqueId(), Long.class);
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (before != null && OpenFds.count() != before && System.nanoTime() < deadlineNs) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(OpenFds.count())
                .as("descriptors after " + context.getDisplayName())
                .isEqualTo(before);
    }
}
