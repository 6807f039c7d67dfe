package dev.nacre.corejava;

import static dev.nacre.corejava.AttachTest.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Attachment;
import dev.nacre.core.CeChannel;
import dev.nacre.core.ChannelIds;
import dev.nacre.core.ChannelMapping;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.FaultCause;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.MapRequest;
import dev.nacre.corejava.channel.CopyRing;
import dev.nacre.hw.host.HostMethod;
import dev.nacre.hw.host.PushHeader;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CeChannelTest {
    private final FakeGpu gpu = new FakeGpu();
    private final JavaCore core = new JavaCore(gpu, 128);
    private final RecordingClient client = new RecordingClient();
    private final Attachment attachment = client.attach(core);
    private final CeChannel channel = attachment.allocCeChannel(Optional.empty(), 0);

    @AfterEach
    void close() {
        core.close();
    }

    private void submitInterrupt() {
        channel.begin(2);
        channel.emit(PushHeader.incrementing(0, HostMethod.NON_STALL_INTERRUPT.address(), 1));
        channel.emit(0);
        channel.submit();
    }

    @Test
    void channel_isMadeAsTheFirmwareWantsIt() throws Exception {
        FakeGpu.FakeChannel made = gpu.channels.values().iterator().next();

        assertThat(made.id()).isEqualTo(channel.id());
        // Not the engine beside graphics.
        assertThat(made.engineType()).isEqualTo(10);
        assertThat(made.vaSpace()).isNotZero();
        assertThat(gpu.objects).containsValue(0xc7b5);
        assertThat(channel.engineObject()).isEqualTo(0xc7b5);
        client.await(event -> event.equals(new CoreEvent.ChannelStart(channel.id())));
    }

    @Test
    void commands_areRunAndTheirInterruptIsTold() throws Exception {
        submitInterrupt();

        client.await(event -> event.equals(new CoreEvent.FifoNonstall(channel.id())));
    }

    @Test
    void commandsWithoutAnInterrupt_tellNothing() {
        channel.begin(1);
        channel.emit(PushHeader.NOP);
        channel.submit();
        core.configureVirtualFunctions(0);

        assertThat(client.events).doesNotContain(new CoreEvent.FifoNonstall(channel.id()));
    }

    @Test
    void rules_ofThePushBuffer() {
        assertError(CoreError.INVALID_ARGUMENT, () -> channel.begin(0));
        assertError(CoreError.INVALID_ARGUMENT, () -> channel.begin(CopyRing.MOST_DWORDS + 1));
        assertError(CoreError.INVALID_ARGUMENT, () -> channel.emit(0));
        assertError(CoreError.INVALID_ARGUMENT, channel::submit);
        channel.begin(1);
        assertError(CoreError.EXISTS, () -> channel.begin(1));
        channel.emit(0);
        assertError(CoreError.NO_SPACE, () -> channel.emit(0));
        channel.submit();
        channel.begin(1);
        channel.submit();
    }

    @Test
    void ringThatIsUsedManyTimes_wraps() {
        for (int i = 0; i < 5000; i++) {
            int dwords = 1 + i * 7 % CopyRing.MOST_DWORDS;
            channel.begin(dwords);
            for (int word = 0; word < dwords; word++) {
                channel.emit(PushHeader.NOP);
            }
            channel.submit();
        }
    }

    @Test
    void fullRing_waitsForTheGpu() throws Exception {
        gpu.runs = false;
        CountDownLatch full = new CountDownLatch(40);
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 60; i++) {
                channel.begin(CopyRing.MOST_DWORDS);
                for (int word = 0; word < CopyRing.MOST_DWORDS; word++) {
                    channel.emit(PushHeader.NOP);
                }
                channel.submit();
                full.countDown();
            }
        });
        while (full.getCount() > 0) {
            gpu.runAll();
            full.await(1, TimeUnit.MILLISECONDS);
        }
        gpu.runs = true;
        gpu.runAll();
        writer.join(TimeUnit.SECONDS.toMillis(60));

        assertThat(writer.isAlive()).isFalse();
    }

    @Test
    void mapping_isInTheChannelsSpaceUntilItIsClosed() {
        FbMemory memory = attachment.allocFbMemory(FbRequest.of(4 << 20));
        long root = gpu.pageDirectories.values().iterator().next();

        ChannelMapping mapping = channel.map(memory, MapRequest.of(4096, 8192));

        assertThat(Objects.requireNonNull(new Walk(gpu, root).translate(mapping.address()))
                        .address())
                .isEqualTo(memory.offset() + 4096);
        assertError(CoreError.BUSY, memory::close);
        mapping.close();
        assertThat(new Walk(gpu, root).translate(mapping.address())).isNull();
        memory.close();
        assertError(CoreError.STALE, () -> channel.map(memory, MapRequest.of(0, 4096)));
    }

    @Test
    void closedChannel_takesItsMappingsOut() {
        FbMemory memory = attachment.allocFbMemory(FbRequest.of(4096));
        channel.map(memory, MapRequest.of(0, 4096));

        channel.close();
        channel.close();

        memory.close();
        assertError(CoreError.STALE, () -> channel.begin(1));
        core.configureVirtualFunctions(0);
        assertThat(client.events).contains(new CoreEvent.ChannelEnd(channel.id()));
    }

    @Test
    void reservedIds_areUsedOnce() {
        ChannelIds ids = attachment.allocChannelIds(2);

        CeChannel second = attachment.allocCeChannel(Optional.of(ids), 1);

        assertThat(second.id()).isEqualTo(ids.first() + 1);
        assertError(CoreError.BUSY, () -> attachment.allocCeChannel(Optional.of(ids), 1));
        assertError(CoreError.INVALID_ARGUMENT, () -> attachment.allocCeChannel(Optional.of(ids), 2));
        assertError(CoreError.BUSY, ids::close);
        second.close();
        attachment.allocCeChannel(Optional.of(ids), 1).close();
        ids.close();
    }

    @Test
    void idsOfAnotherClient_areRefused() {
        Attachment other = new RecordingClient().attach(core);
        ChannelIds ids = other.allocChannelIds(1);

        assertError(CoreError.INVALID_ARGUMENT, () -> attachment.allocCeChannel(Optional.of(ids), 0));
    }

    @Test
    void channels_runOutAndRecover() {
        for (int i = 1; i < 128; i++) {
            attachment.allocCeChannel(Optional.empty(), 0);
        }

        assertError(CoreError.NO_SPACE, () -> attachment.allocCeChannel(Optional.empty(), 0));
        channel.close();
        attachment.allocCeChannel(Optional.empty(), 0).close();
    }

    @Test
    void fault_isToldAndEndsTheChannelOnly() throws Exception {
        CeChannel other = attachment.allocCeChannel(Optional.empty(), 0);

        gpu.listener.channelFault(channel.id(), FaultCause.MMU, OptionalLong.of(0x1000));

        client.await(event -> event.equals(new CoreEvent.Fault(channel.id(), FaultCause.MMU, OptionalLong.of(0x1000))));
        assertError(CoreError.IO, () -> channel.begin(1));
        other.begin(1);
        other.submit();
        channel.close();
        gpu.listener.channelFault(channel.id(), FaultCause.MMU, OptionalLong.empty());
    }
}
