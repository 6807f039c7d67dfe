package dev.nacre.corejava;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.core.Attachment;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.CoreException;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.MapRequest;
import dev.nacre.core.Placement;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttachTest {
    private final FakeGpu gpu = new FakeGpu();
    private final JavaCore core = new JavaCore(gpu, 128);
    private final RecordingClient client = new RecordingClient();

    @AfterEach
    void close() {
        core.close();
    }

    static void assertError(CoreError error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CoreException.class,
                        e -> assertThat(e.error()).as(e.getMessage()).isEqualTo(error));
    }

    @Test
    void attach_tellsTheStartBeforeItReturns() {
        Attachment attachment = client.attach(core);

        assertThat(client.events).containsExactly(new CoreEvent.DriverStart());
        assertThat(attachment.version()).isEqualTo(Client.CURRENT_VERSION);
        assertThat(attachment.capabilities()).isEqualTo(core.capabilities());
        assertThat(core.owner()).contains(ClientKind.TOOL);
    }

    @Test
    void detach_tellsTheEndBeforeItReturns() {
        Attachment attachment = client.attach(core);

        attachment.close();
        attachment.close();

        assertThat(client.events).containsExactly(new CoreEvent.DriverStart(), new CoreEvent.DriverEnd());
        assertThat(core.owner()).isEmpty();
        assertError(CoreError.STALE, attachment::totalFbBytes);
    }

    @Test
    void clientOfAnotherKind_isRefusedByTheNameOfTheFirst() {
        Attachment first = core.attach(client.as("vgpu-manager", ClientKind.VFIO));
        Attachment second = core.attach(new RecordingClient().as("vgpu-2", ClientKind.VFIO));

        assertThatThrownBy(() -> core.attach(new RecordingClient().as("nouveau", ClientKind.DRM)))
                .isInstanceOf(CoreException.class)
                .hasMessageContaining("vgpu-manager");

        first.close();
        second.close();
        core.attach(new RecordingClient().as("nouveau", ClientKind.DRM)).close();
    }

    @Test
    void versionThatNobodyKnows_isRefused() {
        assertError(CoreError.VERSION, () -> core.attach(new Client("new", ClientKind.TOOL, 2, 9, Set.of(), client)));

        try (Attachment attachment = core.attach(new Client("wide", ClientKind.TOOL, 1, 9, Set.of(), client))) {
            assertThat(attachment.version()).isEqualTo(1);
        }
    }

    @Test
    void detachInsideItsOwnListener_isComplete() throws Exception {
        AtomicReference<Attachment> attachment = new AtomicReference<>();
        client.then(event -> {
            if (event instanceof CoreEvent.SriovConfigure) {
                attachment.get().close();
            }
        });
        attachment.set(client.attach(core));

        core.configureVirtualFunctions(2);

        client.await(event -> event instanceof CoreEvent.DriverEnd);
        assertThat(client.events.getLast()).isEqualTo(new CoreEvent.DriverEnd());
        assertThat(core.owner()).isEmpty();
    }

    @Test
    void detachInsideAnotherListener_isCompleteWhenItReturns() throws Exception {
        RecordingClient other = new RecordingClient();
        Attachment others = other.attach(core);
        CountDownLatch done = new CountDownLatch(1);
        AtomicReference<CoreEvent> last = new AtomicReference<>();
        client.then(event -> {
            if (event instanceof CoreEvent.SriovConfigure) {
                others.close();
                last.set(other.events.getLast());
                done.countDown();
            }
        });
        client.attach(core);

        core.configureVirtualFunctions(2);

        done.await();
        assertThat(last.get()).isEqualTo(new CoreEvent.DriverEnd());
    }

    @Test
    void attachInsideAListener_isComplete() throws Exception {
        RecordingClient other = new RecordingClient();
        client.then(event -> {
            if (event instanceof CoreEvent.SriovConfigure) {
                other.attach(core);
                assertThat(other.events).containsExactly(new CoreEvent.DriverStart());
            }
        });
        client.attach(core);

        core.configureVirtualFunctions(1);

        other.await(event -> event instanceof CoreEvent.DriverStart);
    }

    @Test
    void exceptionOfAListener_harmsNobody() {
        RecordingClient other = new RecordingClient();
        client.then(event -> {
                    throw new IllegalStateException("on purpose");
                })
                .attach(core);
        other.attach(core);

        core.configureVirtualFunctions(3);

        assertThat(client.events).contains(new CoreEvent.SriovConfigure(3));
        assertThat(other.events).contains(new CoreEvent.SriovConfigure(3));
    }

    @Test
    void virtualFunctions_areCheckedAndTold() {
        client.attach(core);

        core.configureVirtualFunctions(4);
        core.configureVirtualFunctions(0);

        assertThat(client.events).endsWith(new CoreEvent.SriovConfigure(4), new CoreEvent.SriovConfigure(0));
        assertError(CoreError.INVALID_ARGUMENT, () -> core.configureVirtualFunctions(-1));
    }

    @Test
    void thousandAttachmentsWithAll_leaveNothing() {
        long fb = core.parts().memory().availableBytes();
        long own = core.parts().memory().availableOwnBytes();
        int buffers = gpu.dma().count();
        for (int i = 0; i < 1000; i++) {
            try (Attachment attachment = client.attach(core)) {
                attachment.allocGspClient();
                FbMemory memory = attachment.allocFbMemory(FbRequest.of(1 << 20));
                memory.mapBar1(MapRequest.of(0, 4096));
                attachment
                        .allocCeChannel(Optional.of(attachment.allocChannelIds(4)), 3)
                        .map(memory, MapRequest.of(0, 1 << 20));
                attachment.createMemory(4096, Placement.SYSTEM);
                attachment.createTimeline();
            }
        }

        assertThat(core.parts().memory().availableBytes()).isEqualTo(fb);
        assertThat(core.parts().memory().availableOwnBytes()).isEqualTo(own);
        assertThat(core.parts().bar1().availableBytes()).isEqualTo(FakeGpu.BAR1_BYTES);
        assertThat(core.parts().ids().availableReserved()).isEqualTo(128);
        assertThat(core.parts().ids().availableOwn()).isEqualTo(128);
        assertThat(core.parts().channels().all()).isEmpty();
        assertThat(gpu.dma().count()).isEqualTo(buffers);
        assertThat(gpu.sessions).hasValue(0);
        assertThat(gpu.objects).isEmpty();
    }

    @Test
    void board_isDescribed() {
        assertThat(core.implementation()).isEqualTo("java");
        assertThat(core.board().chip()).isEqualTo("AD102");
        assertThat(core.board().vgpuChannels()).isEqualTo(128);
        assertThat(core.engines()).extracting(Object::toString).containsExactly("gr0", "ce0", "ce1", "sec0");
        assertThat(core.isVgpuEnabled()).isTrue();
    }
}
