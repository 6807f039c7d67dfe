package dev.nacre.corejava;

import static dev.nacre.corejava.AttachTest.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.AddressSpace;
import dev.nacre.core.Attachment;
import dev.nacre.core.BindRequest;
import dev.nacre.core.Channel;
import dev.nacre.core.Channel.Push;
import dev.nacre.core.ChannelGroup;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.FaultCause;
import dev.nacre.core.MemoryObject;
import dev.nacre.core.Placement;
import dev.nacre.core.Timeline;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrmTest {
    private static final long VA = 1L << 32;
    private static final Duration LONG = Duration.ofSeconds(60);

    private final FakeGpu gpu = new FakeGpu();
    private final JavaCore core = new JavaCore(gpu, 128);
    private final RecordingClient client = new RecordingClient();
    private final Attachment attachment = client.attach(core);
    private final AddressSpace space = attachment.createAddressSpace();
    private final MemoryObject memory = attachment.createMemory(16384, Placement.SYSTEM);
    private final Timeline timeline = attachment.createTimeline();

    @AfterEach
    void close() {
        core.close();
    }

    private Channel channel() {
        space.bind(new BindRequest(VA, memory, 0, 16384, true, 0));
        ChannelGroup group = attachment.createChannelGroup(space, core.engines().get(2));
        return group.createChannel();
    }

    private Walk walk() {
        return new Walk(gpu, gpu.pageDirectories.values().iterator().next());
    }

    @Test
    void binds_areMadeCutAndUnmade() {
        space.bind(new BindRequest(VA, memory, 0, 16384, false, 6));

        assertThat(Objects.requireNonNull(walk().translate(VA + 5)).readOnly()).isTrue();
        assertThat(Objects.requireNonNull(walk().translate(VA + 5)).kind()).isEqualTo(6);
        assertError(CoreError.EXISTS, () -> space.bind(new BindRequest(VA + 12288, memory, 0, 8192, true, 0)));
        assertError(CoreError.BUSY, memory::close);

        space.unbind(VA + 4096, 4096);

        assertThat(walk().translate(VA + 4096)).isNull();
        assertThat(walk().translate(VA + 8192)).isNotNull();
        space.bind(new BindRequest(VA + 4096, memory, 0, 4096, true, 0));
        space.unbind(0, 1L << 38);
        assertThat(walk().translate(VA)).isNull();
        memory.close();
    }

    @Test
    void bindsThatAreImpossible_areRefused() {
        long core = (1L << space.addressBits()) - (1L << 32);

        assertError(CoreError.INVALID_ARGUMENT, () -> space.bind(new BindRequest(core, memory, 0, 4096, true, 0)));
        assertError(CoreError.INVALID_ARGUMENT, () -> space.bind(new BindRequest(VA, memory, 0, 4096, true, 7)));
        assertError(CoreError.INVALID_ARGUMENT, () -> space.unbind(1, 4096));
        assertError(CoreError.INVALID_ARGUMENT, () -> space.unbind(core, 8192));
        assertError(CoreError.INVALID_ARGUMENT, () -> space.unbind(0, Long.MAX_VALUE / 4096 * 4096));
        space.bind(new BindRequest(core - 4096, memory, 0, 4096, true, 0));
    }

    @Test
    void submissions_moveTheTimeline() throws Exception {
        Channel channel = channel();

        channel.submit(List.of(new Push(VA, 16), new Push(VA + 64, 4096)), timeline, 7);

        assertThat(timeline.await(7, LONG)).isTrue();
        assertThat(timeline.value()).isEqualTo(7);
        assertThat(timeline.await(8, Duration.ZERO)).isFalse();
        assertError(CoreError.INVALID_ARGUMENT, () -> channel.submit(List.of(new Push(VA, 16)), timeline, 7));
        assertError(CoreError.INVALID_ARGUMENT, () -> channel.submit(List.of(), timeline, 9));
        assertError(CoreError.INVALID_ARGUMENT, () -> timeline.signal(7));
        timeline.signal(9);
        assertThat(timeline.await(9, Duration.ZERO)).isTrue();
    }

    @Test
    void manySubmissions_goThroughOneRing() throws Exception {
        Channel channel = channel();

        for (int point = 1; point <= 3000; point++) {
            channel.submit(List.of(new Push(VA, 16), new Push(VA, 16), new Push(VA, 16)), timeline, point);
        }

        assertThat(timeline.await(3000, LONG)).isTrue();
    }

    @Test
    void fullRing_timesOut() {
        Channel channel = channel();
        gpu.runs = false;
        List<Push> pushes = Collections.nCopies(256, new Push(VA, 16));
        channel.submit(pushes, timeline, 1);
        channel.submit(pushes, timeline, 2);
        channel.submit(pushes, timeline, 3);

        assertError(CoreError.TIMED_OUT, () -> channel.submit(pushes, timeline, 4));

        gpu.runs = true;
        gpu.runAll();
        channel.submit(pushes, timeline, 5);
    }

    @Test
    void fault_failsWhatWasNotReached() throws Exception {
        Channel channel = channel();
        gpu.runs = false;
        channel.submit(List.of(new Push(VA, 16)), timeline, 1);

        gpu.listener.channelFault(channel.id(), FaultCause.ENGINE, OptionalLong.empty());

        assertError(CoreError.IO, () -> timeline.await(1, LONG));
        assertError(CoreError.IO, () -> channel.submit(List.of(new Push(VA, 16)), timeline, 2));
        client.await(event -> event instanceof CoreEvent.Fault);
        timeline.signal(2);
        assertThat(timeline.await(1, LONG)).isTrue();
    }

    @Test
    void closedChannel_failsWhatWasNotReached() {
        Channel channel = channel();
        gpu.runs = false;
        channel.submit(List.of(new Push(VA, 16)), timeline, 1);

        channel.close();

        assertError(CoreError.IO, () -> timeline.await(1, LONG));
    }

    @Test
    void closedTimeline_wakesWhoWaits() throws Exception {
        Thread waiter = Thread.ofPlatform().start(() -> assertError(CoreError.STALE, () -> timeline.await(1, LONG)));

        timeline.close();

        waiter.join(LONG.toMillis());
        assertThat(waiter.isAlive()).isFalse();
        assertError(CoreError.STALE, timeline::value);
    }

    @Test
    void groups_keepTheirSpace() {
        Channel channel = channel();
        ChannelGroup group = attachment.createChannelGroup(space, core.engines().get(0));

        assertThat(group.createChannel().engineObject()).isEqualTo(0xc997);
        assertThat(channel.engineObject()).isEqualTo(0xc7b5);
        assertError(CoreError.BUSY, space::close);
        assertError(
                CoreError.INVALID_ARGUMENT,
                () -> attachment.createChannelGroup(space, core.engines().get(3)));
        group.close();
        group.close();
        assertError(CoreError.STALE, group::createChannel);
    }

    @Test
    void systemMemory_isReadAndWrittenAndIsAFile() {
        MemorySegment bytes = MemorySegment.ofArray(new byte[] {5, 6});
        memory.write(16382, bytes, 0, 2);

        MemorySegment back = MemorySegment.ofArray(new byte[2]);
        memory.read(16382, back, 0, 2);

        assertThat(back.toArray(ValueLayout.JAVA_BYTE)).containsExactly(5, 6);
        assertThat(memory.file()).isPresent();
        assertError(CoreError.INVALID_ARGUMENT, () -> memory.read(16383, back, 0, 2));
        assertError(CoreError.INVALID_ARGUMENT, () -> attachment.createMemory(100, Placement.SYSTEM));
        assertError(CoreError.NO_SPACE, () -> attachment.createMemory(1L << 40, Placement.VRAM));
    }
}
