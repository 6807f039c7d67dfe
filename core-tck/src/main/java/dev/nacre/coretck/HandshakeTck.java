package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.CoreError;
import dev.nacre.core.FbRequest;
import dev.nacre.core.Placement;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What both sides agree on when a client attaches. */
abstract class HandshakeTck extends TckGroup {
    private static final int NEWER = Client.CURRENT_VERSION + 1;

    @Test
    @Covers({"Core.attach", "Attachment.version"})
    void newestVersionThatBothKnowIsAgreed() {
        for (int newest : new int[] {Client.CURRENT_VERSION, NEWER, Integer.MAX_VALUE}) {
            try (Attachment attachment = core().attach(of(1, newest, Set.of()))) {
                assertThat(attachment.version()).isEqualTo(Client.CURRENT_VERSION);
            }
        }
    }

    @Test
    @Covers({"Core.attach", "Core.owner"})
    void clientThatKnowsNewerVersionsOnlyIsRefused() {
        String message = assertError(CoreError.VERSION, () -> core().attach(of(NEWER, NEWER + 1, Set.of())));

        assertThat(message).contains(Integer.toString(NEWER)).contains(Integer.toString(Client.CURRENT_VERSION));
        assertThat(core().owner()).isEmpty();
    }

    @Test
    @Covers({"Core.attach", "Attachment.capabilities", "Core.capabilities"})
    void capabilitiesOfTheCoreAreAgreed() {
        Set<Capability> all = core().capabilities();

        try (Attachment attachment = core().attach(of(1, 1, all))) {
            assertThat(attachment.capabilities()).isEqualTo(all);
        }
    }

    @Test
    @Covers({"Core.attach", "Core.owner"})
    void clientThatRequiresWhatIsMissingIsRefusedWithAllItsNames() {
        Set<Capability> missing = missing();
        assumeFalse(missing.isEmpty(), "nothing is missing");

        String message =
                assertError(CoreError.NOT_SUPPORTED, () -> core().attach(of(1, 1, EnumSet.allOf(Capability.class))));

        missing.forEach(capability -> assertThat(message).contains(capability.name()));
        assertThat(core().owner()).isEmpty();
    }

    @Test
    @Covers({"Attachment.capabilities", "Core.capabilities"})
    void operationOfAMissingCapabilitySaysWhichItIs() {
        Set<Capability> missing = missing();
        assumeFalse(missing.isEmpty(), "nothing is missing");

        try (Attachment attachment = attach()) {
            operations(attachment).forEach((capability, operation) -> {
                if (missing.contains(capability)) {
                    assertThat(assertError(CoreError.NOT_SUPPORTED, operation)).contains(capability.name());
                }
            });
        }
    }

    private Set<Capability> missing() {
        Set<Capability> missing = EnumSet.allOf(Capability.class);
        missing.removeAll(core().capabilities());
        return missing;
    }

    private Map<Capability, ThrowingCallable> operations(Attachment attachment) {
        Map<Capability, ThrowingCallable> operations = new EnumMap<>(Capability.class);
        operations.put(Capability.GSP_CLIENT_ALLOC, attachment::allocGspClient);
        operations.put(Capability.CHID_ALLOC, () -> attachment.allocChannelIds(1));
        operations.put(Capability.FB_MEM_ALLOC, () -> attachment.allocFbMemory(FbRequest.of(1)));
        operations.put(Capability.CE_CHAN_ALLOC, () -> attachment.allocCeChannel(Optional.empty(), 0));
        operations.put(Capability.GSP_LOGS, attachment::gspLogs);
        operations.put(Capability.ADDRESS_SPACES, attachment::createAddressSpace);
        operations.put(Capability.MEMORY_OBJECTS, () -> attachment.createMemory(4096, Placement.SYSTEM));
        operations.put(Capability.TIMELINES, attachment::createTimeline);
        operations.put(Capability.SUSPEND, core()::suspend);
        operations.put(Capability.DISPLAY, () -> attachment.openDisplay(new DisplayTck.Deaf()));
        return operations;
    }

    private static Client of(int oldest, int newest, Set<Capability> required) {
        return new Client("tck", ClientKind.TOOL, oldest, newest, required, event -> {});
    }
}
