package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Attachment;
import dev.nacre.core.ClientKind;
import dev.nacre.core.CoreError;
import org.junit.jupiter.api.Test;

/** Clients of one kind have a GPU at a time. */
abstract class ExclusivityTck extends TckGroup {
    @Test
    @Covers({"Core.attach", "Core.owner"})
    void clientOfAnotherKindIsRefusedWithTheNameOfTheFirst() {
        for (ClientKind first : ClientKind.values()) {
            for (ClientKind second : ClientKind.values()) {
                if (first != second) {
                    try (Attachment ignored = attach("the-first-one", first)) {
                        String message = assertError(CoreError.BUSY, () -> attach("the-second-one", second));

                        assertThat(message).contains("the-first-one");
                        assertThat(core().owner()).contains(first);
                    }
                }
            }
        }
    }

    @Test
    @Covers({"Core.attach", "Core.owner", "Attachment.close"})
    void clientsOfOneKindShareTheGpuUntilTheLastHasGone() {
        Attachment first = attach("a", ClientKind.VFIO);
        Attachment second = attach("b", ClientKind.VFIO);

        first.close();

        assertThat(core().owner()).contains(ClientKind.VFIO);
        assertThat(assertError(CoreError.BUSY, () -> attach("c", ClientKind.DRM)))
                .contains("b");
        second.close();
        attach("c", ClientKind.DRM).close();
        assertThat(core().owner()).isEmpty();
    }

    @Test
    @Covers("Core.attach")
    void clientThatWasRefusedIsToldNothing() {
        EventLog log = new EventLog();
        try (Attachment ignored = attach("a", ClientKind.VFIO)) {
            assertError(CoreError.BUSY, () -> core().attach(client("b", ClientKind.DRM, log)));
        }

        assertThat(log.all()).isEmpty();
    }

    private Attachment attach(String name, ClientKind kind) {
        return core().attach(client(name, kind, event -> {}));
    }
}
