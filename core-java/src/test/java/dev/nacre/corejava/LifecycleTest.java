package dev.nacre.corejava;

import static dev.nacre.corejava.AttachTest.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Attachment;
import dev.nacre.core.Bar1Mapping;
import dev.nacre.core.CeChannel;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.MapRequest;
import dev.nacre.hw.host.PushHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private final FakeGpu gpu = new FakeGpu();
    private final JavaCore core = new JavaCore(gpu, 128);
    private final RecordingClient client = new RecordingClient();

    @AfterEach
    void close() {
        core.close();
    }

    @Test
    void suspend_tellsClientsBeforeTheGpuIsTouched() {
        AtomicInteger suspends = new AtomicInteger(-1);
        client.then(event -> {
            if (event instanceof CoreEvent.Suspend) {
                suspends.set(gpu.suspends.get());
            }
        });
        client.attach(core);

        core.suspend();

        assertThat(suspends).hasValue(0);
        assertThat(gpu.suspends).hasValue(1);
        core.resume();
    }

    @Test
    void sleepingCore_refusesAndForgetsNothing() throws Exception {
        Attachment attachment = client.attach(core);
        FbMemory memory = attachment.allocFbMemory(FbRequest.of(4096));
        CeChannel channel = attachment.allocCeChannel(Optional.empty(), 0);

        core.suspend();

        assertError(CoreError.SUSPENDED, () -> attachment.allocFbMemory(FbRequest.of(4096)));
        assertError(CoreError.SUSPENDED, () -> channel.begin(1));
        assertError(CoreError.SUSPENDED, memory::close);
        assertError(CoreError.SUSPENDED, attachment::close);
        assertError(CoreError.SUSPENDED, core::suspend);
        assertThat(core.board().chip()).isEqualTo("AD102");
        core.resume();
        core.resume();
        client.await(event -> event instanceof CoreEvent.Resume);
        channel.map(memory, MapRequest.of(0, 4096));
        channel.begin(1);
        channel.submit();
        assertThat(gpu.resumes).hasValue(1);
    }

    @Test
    void sleepThatCutsThePower_keepsWhatClientsHave() {
        int size = 200 << 10;
        byte[] noise = new byte[size];
        new Random(1).nextBytes(noise);
        FbMemory memory = client.attach(core).allocFbMemory(FbRequest.of(size));
        Bar1Mapping window = memory.mapBar1(MapRequest.of(0, size));
        window.write(0, MemorySegment.ofArray(noise), 0, size);

        core.suspend();
        assertThat(gpu.fb.get(ValueLayout.JAVA_BYTE, memory.offset())).isEqualTo((byte) 0x5a);
        core.resume();

        byte[] found = new byte[size];
        window.read(0, MemorySegment.ofArray(found), 0, size);
        assertThat(Arrays.equals(found, noise)).isTrue();
    }

    @Test
    void channelThatDoesNotRest_keepsTheCoreAwake() throws Exception {
        CeChannel channel = client.attach(core).allocCeChannel(Optional.empty(), 0);
        gpu.runs = false;
        channel.begin(1);
        channel.emit(PushHeader.NOP);
        channel.submit();

        assertError(CoreError.BUSY, core::suspend);

        client.await(event -> event instanceof CoreEvent.Resume);
        assertThat(gpu.suspends).hasValue(0);
        gpu.runs = true;
        gpu.runAll();
        core.suspend();
        core.resume();
    }

    @Test
    void close_tellsClientsWhoDetach() {
        client.attach(core).allocFbMemory(FbRequest.of(4096));

        core.close();
        core.close();

        assertThat(client.events)
                .containsExactly(new CoreEvent.DriverStart(), new CoreEvent.DriverUnbind(), new CoreEvent.DriverEnd());
        assertThat(gpu.closed).isTrue();
        assertError(CoreError.GONE, () -> client.attach(core));
        assertError(CoreError.GONE, core::suspend);
    }

    @Test
    void clientWhoseListenerLingersAfterItHasDetached_isToldItsEnd() {
        client.then(event -> {
            while (event instanceof CoreEvent.DriverUnbind && !gpu.closed) {
                Thread.onSpinWait();
            }
        });
        client.attach(core);

        core.close();

        assertThat(client.events).endsWith(new CoreEvent.DriverUnbind(), new CoreEvent.DriverEnd());
    }

    @Test
    void clientThatDoesNotDetach_isDetached() {
        Attachment attachment = core.attach(client.client());
        attachment.allocCeChannel(Optional.empty(), 0);

        core.close();

        assertThat(client.events).endsWith(new CoreEvent.DriverEnd());
        assertThat(gpu.sessions).hasValue(0);
        attachment.close();
        assertError(CoreError.GONE, attachment::totalFbBytes);
    }

    @Test
    void closeInsideAListener_isComplete() throws Exception {
        client.then(event -> {
            if (event instanceof CoreEvent.SriovConfigure) {
                core.close();
            }
        });
        client.attach(core);

        core.configureVirtualFunctions(1);

        client.await(event -> event instanceof CoreEvent.DriverUnbind);
        assertThat(gpu.closed).isTrue();
    }

    @Test
    void closeWhileItSleeps_isComplete() {
        client.attach(core);
        core.suspend();

        core.close();

        assertThat(gpu.closed).isTrue();
        assertThat(client.events).endsWith(new CoreEvent.DriverUnbind(), new CoreEvent.DriverEnd());
    }

    @Test
    void gpuThatHasGone_isToldAndNothingHangs() throws Exception {
        RecordingClient told = new RecordingClient();
        Attachment attachment = core.attach(told.client());
        CeChannel channel = attachment.allocCeChannel(Optional.empty(), 0);
        FbMemory memory = attachment.allocFbMemory(FbRequest.of(4096));
        gpu.dead = true;

        gpu.listener.gone();

        told.await(event -> event instanceof CoreEvent.DriverUnbind);
        assertError(CoreError.GONE, () -> attachment.allocFbMemory(FbRequest.of(4096)));
        assertError(CoreError.GONE, () -> channel.begin(1));
        memory.close();
        attachment.close();
        assertThat(told.events)
                .endsWith(
                        new CoreEvent.DriverUnbind(),
                        new CoreEvent.ChannelEnd(channel.id()),
                        new CoreEvent.DriverEnd());
    }

    @Test
    void gpuThatDoesNotAnswer_countsAsGone() {
        Attachment attachment = client.attach(core);
        CeChannel channel = attachment.allocCeChannel(Optional.empty(), 0);
        gpu.dead = true;

        channel.close();

        assertError(CoreError.GONE, () -> attachment.allocChannelIds(1));
    }
}
