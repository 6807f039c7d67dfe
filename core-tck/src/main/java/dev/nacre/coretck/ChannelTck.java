package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.AddressSpace;
import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.Channel;
import dev.nacre.core.ChannelGroup;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.Engine;
import dev.nacre.core.EngineType;
import dev.nacre.core.FaultCause;
import dev.nacre.core.Placement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Channels as graphics clients have them. */
@Needs({Capability.CHANNELS, Capability.TIMELINES, Capability.ADDRESS_SPACES, Capability.MEMORY_OBJECTS})
abstract class ChannelTck extends TckGroup {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int PAGE = 4096;
    private static final long NOWHERE = 0x40_1234_5000L;

    @Test
    @Covers({
        "Attachment.createChannelGroup",
        "ChannelGroup.createChannel",
        "ChannelGroup.engine",
        "Channel.id",
        "Channel.engineObject",
        "Channel.submit",
        "Timeline.await",
        "AddressSpace.bind"
    })
    void copiesBetweenBothKindsOfMemoryEndAtTheirPoints() throws InterruptedException {
        for (Placement placement : Placement.values()) {
            try (Attachment attachment = attach()) {
                Worker worker = Worker.of(core(), attachment, EngineType.COPY, placement);
                byte[] data = Bytes.random(31, 100_000);
                Bytes.write(worker.results, 0, data);

                worker.submit(worker.commands().copy(Worker.RESULTS, Worker.RESULTS + 200_000, data.length), 5);

                assertThat(worker.timeline.await(5, PATIENCE)).isTrue();
                assertThat(worker.timeline.value()).isEqualTo(5);
                assertThat(Bytes.read(worker.results, 200_000, data.length)).isEqualTo(data);
                assertThat(worker.group.engine().type()).isEqualTo(EngineType.COPY);
                assertThat(worker.channel.id()).isBetween(0, core().board().channels() - 1);
            }
        }
    }

    @Test
    @Covers({"Attachment.createChannelGroup", "Channel.submit"})
    void graphicsEngineRunsTheHostsMethods() throws InterruptedException {
        try (Attachment attachment = attach()) {
            Worker worker = Worker.of(core(), attachment, EngineType.GRAPHICS, Placement.SYSTEM);

            worker.submit(
                    Commands.none().method(0, 0, worker.channel.engineObject()).release(Worker.RESULTS + 64, 0x600d),
                    1);

            assertThat(worker.timeline.await(1, PATIENCE)).isTrue();
            assertThat(Bytes.readInt(worker.results, 64)).isEqualTo(0x600d);
        }
    }

    @Test
    @Covers({"Channel.submit", "Timeline.value"})
    void manyPartsRunInOrderThroughManyRoundsOfTheRing() throws InterruptedException {
        try (Attachment attachment = attach()) {
            Worker worker = Worker.of(core(), attachment);
            long point = 0;
            for (int round = 0; round < 40; round++) {
                List<Channel.Push> pushes = IntStream.range(round * 256, round * 256 + 256)
                        .mapToObj(value -> worker.push(Commands.none().release(Worker.RESULTS, value)))
                        .toList();
                point += 3;
                worker.channel.submit(pushes, worker.timeline, point);
                assertThat(worker.timeline.await(point, PATIENCE)).isTrue();
                assertThat(Bytes.readInt(worker.results, 0)).isEqualTo(round * 256 + 255);
            }
            for (int i = 0; i < 3000; i++) {
                point++;
                worker.submit(Commands.none().nothing(1), point);
            }

            assertThat(worker.timeline.await(point, PATIENCE)).isTrue();
            assertThat(worker.timeline.value()).isEqualTo(point);
        }
    }

    @Test
    @Covers("Channel.submit")
    void partsAndPointsThatMakeNoSenseAreRefused() {
        try (Attachment attachment = attach()) {
            Worker worker = Worker.of(core(), attachment);
            Channel.Push push = worker.push(Commands.none().nothing(4));
            worker.channel.submit(List.of(push), worker.timeline, 10);

            assertError(CoreError.INVALID_ARGUMENT, () -> worker.channel.submit(List.of(), worker.timeline, 11));
            assertError(
                    CoreError.INVALID_ARGUMENT,
                    () -> worker.channel.submit(Collections.nCopies(257, push), worker.timeline, 11));
            assertError(CoreError.INVALID_ARGUMENT, () -> worker.channel.submit(List.of(push), worker.timeline, 10));
            assertError(CoreError.INVALID_ARGUMENT, () -> worker.channel.submit(List.of(push), worker.timeline, 9));
            for (long address : new long[] {-4, 2, 1L << worker.space.addressBits(), Long.MAX_VALUE - 3}) {
                assertError(
                        CoreError.INVALID_ARGUMENT,
                        () -> worker.channel.submit(List.of(new Channel.Push(address, 4)), worker.timeline, 11));
            }
            assertError(CoreError.INVALID_ARGUMENT, () -> new Channel.Push(0, 0));
            assertError(CoreError.INVALID_ARGUMENT, () -> new Channel.Push(0, 8 << 20));
        }
    }

    @Test
    @Covers("Attachment.createChannelGroup")
    void engineThatRunsNoChannelsOfClientsIsRefused() {
        try (Attachment attachment = attach()) {
            AddressSpace space = attachment.createAddressSpace();

            assertError(
                    CoreError.INVALID_ARGUMENT,
                    () -> attachment.createChannelGroup(space, new Engine(EngineType.COPY, 77, 777)));
            core().engines().stream()
                    .filter(engine -> engine.type() != EngineType.COPY && engine.type() != EngineType.GRAPHICS)
                    .forEach(engine -> assertError(
                            CoreError.INVALID_ARGUMENT, () -> attachment.createChannelGroup(space, engine)));
        }
    }

    @Test
    @Covers({"AddressSpace.close", "ChannelGroup.close", "Channel.close", "event CHANNEL_START", "event CHANNEL_END"})
    void spaceIsBusyUntilItsChannelsHaveEnded() {
        EventLog log = new EventLog();
        try (Attachment attachment = attach(core(), log)) {
            AddressSpace space = attachment.createAddressSpace();
            ChannelGroup group = attachment.createChannelGroup(space, Worker.engine(core(), EngineType.COPY));
            Channel one = group.createChannel();
            Channel other = group.createChannel();

            assertThat(one.id()).isNotEqualTo(other.id());
            assertError(CoreError.BUSY, space::close);
            one.close();
            one.close();
            group.close();
            space.close();
            log.await(CoreEvent.ChannelEnd.class, end -> end.channelId() == other.id());
            log.await(CoreEvent.ChannelStart.class, start -> start.channelId() == one.id());
            assertError(CoreError.STALE, group::createChannel);
        }
    }

    @Test
    @Covers({"Channel.close", "Timeline.await"})
    void pointsOfAChannelThatEndedFail() {
        try (Attachment attachment = attach()) {
            Worker worker = Worker.of(core(), attachment);
            worker.submit(Commands.none().acquire(Worker.RESULTS, 0x5eed), 1);

            worker.channel.close();

            assertError(CoreError.IO, () -> worker.timeline.await(1, PATIENCE));
            assertError(CoreError.STALE, () -> worker.submit(Commands.none().nothing(1), 2));
        }
    }

    @Test
    @Needs(Capability.FAULT_REPORTS)
    @Covers({"event FAULT", "Timeline.await", "Channel.submit"})
    void faultFailsThePointsOfItsChannelAndNoOther() throws InterruptedException {
        EventLog log = new EventLog();
        try (Attachment attachment = attach(core(), log)) {
            Worker works = Worker.of(core(), attachment);
            Worker fails = Worker.of(core(), attachment);

            fails.submit(fails.commands().copy(Worker.RESULTS, NOWHERE, PAGE), 1);

            CoreEvent.Fault fault = log.await(CoreEvent.Fault.class);
            assertThat(fault.channelId()).isEqualTo(fails.channel.id());
            assertThat(fault.cause()).isEqualTo(FaultCause.MMU);
            assertError(CoreError.IO, () -> fails.timeline.await(1, PATIENCE));
            assertError(CoreError.IO, () -> fails.submit(Commands.none().nothing(1), 2));
            works.submit(Commands.none().release(Worker.RESULTS, 3), 1);
            assertThat(works.timeline.await(1, PATIENCE)).isTrue();
            fails.channel.close();
        }
    }

    @Test
    @Covers({"Channel.submit", "Channel.close"})
    void ringThatStaysFullIsWaitedForWithABound() {
        try (Attachment attachment = attach()) {
            Worker worker = Worker.of(core(), attachment);
            worker.submit(Commands.none().acquire(Worker.RESULTS, 0x5eed), 1);
            Channel.Push push = worker.push(Commands.none().nothing(1));

            assertError(CoreError.TIMED_OUT, () -> {
                for (long point = 2; point < 1 << 20; point++) {
                    worker.channel.submit(Collections.nCopies(256, push), worker.timeline, point);
                }
            });
            worker.channel.close();
        }
    }

    @Test
    @Covers({"AddressSpace.unbind", "Channel.submit", "Timeline.await"})
    @Needs(Capability.FAULT_REPORTS)
    void memoryThatWasUnboundIsNotReachedAnyMore() throws InterruptedException {
        EventLog log = new EventLog();
        try (Attachment attachment = attach(core(), log)) {
            Worker worker = Worker.of(core(), attachment);
            worker.submit(Commands.none().release(Worker.RESULTS + 8L * PAGE, 1), 1);
            assertThat(worker.timeline.await(1, PATIENCE)).isTrue();

            worker.space.unbind(Worker.RESULTS + 8L * PAGE, PAGE);
            worker.submit(Commands.none().release(Worker.RESULTS, 2), 2);
            assertThat(worker.timeline.await(2, PATIENCE)).isTrue();
            worker.submit(Commands.none().release(Worker.RESULTS + 8L * PAGE, 2), 3);

            assertThat(log.await(CoreEvent.Fault.class).cause()).isEqualTo(FaultCause.MMU);
            assertThat(Bytes.readInt(worker.results, 8L * PAGE)).isEqualTo(1);
        }
    }

    @Test
    @Covers({"AddressSpace.bindSparse", "Channel.submit", "Timeline.await"})
    void sparseRangeReadsZerosAndLosesWrites() throws InterruptedException {
        try (Attachment attachment = attach()) {
            Worker worker = Worker.of(core(), attachment);
            long sparse = Worker.RESULTS + (1L << 30);
            worker.space.bindSparse(sparse, 4L << 20);
            worker.submit(Commands.none().release(Worker.RESULTS, 7).release(sparse + (2L << 20), 7), 1);
            assertThat(worker.timeline.await(1, PATIENCE)).isTrue();
            assertThat(Bytes.readInt(worker.results, 0)).isEqualTo(7);

            worker.submit(worker.commands().copy(sparse + (2L << 20), Worker.RESULTS, PAGE), 2);

            assertThat(worker.timeline.await(2, PATIENCE)).isTrue();
            assertThat(Bytes.readInt(worker.results, 0)).isZero();
        }
    }

    @Test
    @Covers({"ChannelGroup.createChannel", "Attachment.close"})
    void channelsRunOutAndComeBack() {
        try (Rig rig = bench().fresh(false, 1 << 20)) {
            for (int round = 0; round < 2; round++) {
                try (Attachment attachment = attach(rig.core(), event -> {})) {
                    ChannelGroup group = attachment.createChannelGroup(
                            attachment.createAddressSpace(), Worker.engine(rig.core(), EngineType.COPY));
                    Channel first = group.createChannel();
                    assertOneOf(Set.of(CoreError.NO_SPACE), () -> {
                        for (int i = 0; i < 5000; i++) {
                            group.createChannel();
                        }
                    });
                    first.close();
                    group.createChannel();
                }
            }
        }
    }
}
