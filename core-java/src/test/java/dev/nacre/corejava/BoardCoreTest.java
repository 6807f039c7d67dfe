package dev.nacre.corejava;

import static dev.nacre.corejava.AttachTest.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.AddressSpace;
import dev.nacre.core.Attachment;
import dev.nacre.core.Bar1Mapping;
import dev.nacre.core.BindRequest;
import dev.nacre.core.CeChannel;
import dev.nacre.core.Channel;
import dev.nacre.core.Channel.Push;
import dev.nacre.core.ChannelMapping;
import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.EngineType;
import dev.nacre.core.FaultCause;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.MapRequest;
import dev.nacre.core.MemoryObject;
import dev.nacre.core.Placement;
import dev.nacre.core.Timeline;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.corejava.boot.BoardUnderTest;
import dev.nacre.corejava.boot.BoardUnderTest.Transport;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.copy.Nvc7b5;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.host.HostMethod;
import dev.nacre.hw.host.PushHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The core on a board. */
class BoardCoreTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int MIB = 1 << 20;

    /** A board with a core and a client. */
    private static final class Rig implements AutoCloseable {
        final BoardUnderTest board;
        final Core core;
        final RecordingClient client = new RecordingClient();
        final Attachment attachment;

        Rig() {
            this(Chip.AD102, Transport.LOCAL, GspVersion.R570_144);
        }

        Rig(Chip chip, Transport transport, GspVersion version) {
            board = new BoardUnderTest(chip, transport);
            core = CoreProvider.named("java")
                    .open(board.function(), CoreConfig.of(BoardUnderTest.firmware(chip, version)));
            attachment = client.attach(core);
        }

        @Override
        public void close() {
            core.close();
            board.close();
        }
    }

    /** A copy channel with a semaphore that the host reaches. */
    private static final class Copier {
        final CeChannel channel;
        final CopyCommands commands;
        final Bar1Mapping semaphore;
        final long semaphoreAddress;
        private final RecordingClient client;
        private int payload;

        Copier(Attachment attachment, RecordingClient client) {
            this.client = client;
            channel = attachment.allocCeChannel(Optional.empty(), 0);
            commands = new CopyCommands(channel);
            FbMemory page = attachment.allocFbMemory(FbRequest.of(4096));
            semaphoreAddress = channel.map(page, MapRequest.of(0, 4096)).address();
            semaphore = page.mapBar1(MapRequest.of(0, 4096));
            semaphore.write(0, MemorySegment.ofArray(new byte[16]), 0, 16);
            channel.begin(2);
            commands.object();
            channel.submit();
        }

        /** Runs commands and waits for their end as a driver does: by event and semaphore. */
        void run(Runnable work) throws Exception {
            channel.begin(150);
            work.run();
            commands.release(semaphoreAddress, ++payload);
            channel.submit();
            CoreEvent wanted = new CoreEvent.FifoNonstall(channel.id());
            while (word(semaphore, 0) != payload) {
                client.await(event -> event.equals(wanted) && word(semaphore, 0) == payload);
            }
        }
    }

    private static int word(Bar1Mapping mapping, long offset) {
        MemorySegment segment = MemorySegment.ofArray(new byte[4]);
        mapping.read(offset, segment, 0, 4);
        return segment.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
    }

    private static byte[] random(int bytes) {
        byte[] all = new byte[bytes];
        new Random(bytes).nextBytes(all);
        return all;
    }

    private static byte[] read(Bar1Mapping mapping, int bytes) {
        byte[] all = new byte[bytes];
        mapping.read(0, MemorySegment.ofArray(all), 0, bytes);
        return all;
    }

    @ParameterizedTest
    @CsvSource({
        "AD102,LOCAL,R570_144",
        "AD102,SOCKET,R535_113_01",
        "GA102,LOCAL,R535_113_01",
        "GB202,LOCAL,R570_144",
        "GH100,SOCKET,R570_144"
    })
    void copy_movesData(Chip chip, Transport transport, GspVersion version) throws Exception {
        try (Rig rig = new Rig(chip, transport, version)) {
            FbMemory from = rig.attachment.allocFbMemory(FbRequest.of(3 * MIB));
            FbMemory to = rig.attachment.allocFbMemory(FbRequest.of(3 * MIB));
            byte[] data = random(MIB);
            from.mapBar1(MapRequest.of(MIB, MIB)).write(0, MemorySegment.ofArray(data), 0, MIB);
            Copier copier = new Copier(rig.attachment, rig.client);
            ChannelMapping source = copier.channel.map(from, MapRequest.of(MIB, MIB));
            ChannelMapping target = copier.channel.map(to, MapRequest.of(0, MIB));

            copier.run(() -> copier.commands.copy(source.address(), target.address(), MIB));

            assertThat(read(to.mapBar1(MapRequest.of(0, MIB)), MIB)).isEqualTo(data);
            assertThat(rig.board.board().faults()).containsEntry("defects", 0L);
        }
    }

    @Test
    void scrub_fillsMemory() throws Exception {
        try (Rig rig = new Rig()) {
            FbMemory heap = rig.attachment.allocFbMemory(FbRequest.aligned(128 * MIB, 32 * MIB));
            Copier copier = new Copier(rig.attachment, rig.client);
            ChannelMapping mapping = copier.channel.map(heap, new MapRequest(0, heap.bytes(), true, false));

            copier.run(() -> copier.commands.scrub(mapping.address(), heap.bytes(), 0x11223344));

            Bar1Mapping seen = heap.mapBar1(MapRequest.of(0, heap.bytes()));
            assertThat(word(seen, 0)).isEqualTo(0x11223344);
            assertThat(word(seen, heap.bytes() - 4)).isEqualTo(0x11223344);
        }
    }

    @Test
    void fault_isConfinedToItsChannel() throws Exception {
        try (Rig rig = new Rig()) {
            Copier good = new Copier(rig.attachment, rig.client);
            Copier bad = new Copier(rig.attachment, rig.client);

            bad.channel.begin(32);
            bad.commands.copy(0x1234_5000, bad.semaphoreAddress, 16);
            bad.channel.submit();

            rig.client.await(event -> event instanceof CoreEvent.Fault(int id, FaultCause cause, var address)
                    && id == bad.channel.id()
                    && cause == FaultCause.MMU
                    && address.orElse(0) == 0x1234_5000);
            assertError(CoreError.IO, () -> bad.channel.begin(1));
            good.run(() -> {});
            bad.channel.close();
            new Copier(rig.attachment, rig.client).run(() -> {});
        }
    }

    @Test
    void malformedCommands_areAFaultOfThePushBuffer() throws Exception {
        try (Rig rig = new Rig()) {
            Copier copier = new Copier(rig.attachment, rig.client);

            copier.channel.begin(1);
            copier.channel.emit(0x4000_0000);
            copier.channel.submit();

            rig.client.await(event -> event instanceof CoreEvent.Fault fault
                    && fault.channelId() == copier.channel.id()
                    && fault.cause() == FaultCause.PUSHBUFFER);
        }
    }

    @Test
    void unmappedMemory_isNotReachedAnyMore() throws Exception {
        try (Rig rig = new Rig()) {
            Copier copier = new Copier(rig.attachment, rig.client);
            FbMemory memory = rig.attachment.allocFbMemory(FbRequest.of(2 * MIB));
            ChannelMapping mapping = copier.channel.map(memory, MapRequest.of(0, 2 * MIB));
            copier.run(() -> copier.commands.copy(mapping.address(), copier.semaphoreAddress + 64, 4));

            long address = mapping.address();
            mapping.close();
            copier.channel.begin(32);
            copier.commands.copy(address, copier.semaphoreAddress + 64, 4);
            copier.channel.submit();

            rig.client.await(event -> event instanceof CoreEvent.Fault);
        }
    }

    @Test
    void manyAttachments_leaveNothing() throws Exception {
        try (Rig rig = new Rig()) {
            JavaCore core = (JavaCore) rig.core;
            long own = core.parts().memory().availableOwnBytes();
            int buffers = core.parts().live().gpu().dma().count();
            for (int i = 0; i < 100; i++) {
                RecordingClient client = new RecordingClient();
                try (Attachment attachment = client.attach(core)) {
                    attachment.allocGspClient();
                    new Copier(attachment, client).run(() -> {});
                }
            }

            assertThat(core.parts().memory().availableOwnBytes()).isEqualTo(own);
            assertThat(core.parts().live().gpu().dma().count()).isEqualTo(buffers);
            assertThat(core.parts().channels().all()).isEmpty();
        }
    }

    @Test
    void clientsAtTheSameTime_doNotDisturbEachOther() throws Exception {
        try (Rig rig = new Rig();
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int value = 0x01010101 * (i + 1);
                Callable<Void> work = () -> {
                    RecordingClient client = new RecordingClient();
                    try (Attachment attachment = client.attach(rig.core)) {
                        Copier copier = new Copier(attachment, client);
                        for (int round = 0; round < 25; round++) {
                            FbMemory memory = attachment.allocFbMemory(FbRequest.of(MIB));
                            ChannelMapping mapping = copier.channel.map(memory, MapRequest.of(0, MIB));
                            copier.run(() -> copier.commands.scrub(mapping.address(), MIB, value));
                            assertThat(word(memory.mapBar1(MapRequest.of(0, 4096)), 4092))
                                    .isEqualTo(value);
                            mapping.close();
                        }
                    }
                    return null;
                };
                all.add(threads.submit(work));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    @Test
    void sleep_keepsWhatClientsHave() throws Exception {
        try (Rig rig = new Rig()) {
            FbMemory memory = rig.attachment.allocFbMemory(FbRequest.of(MIB));
            Bar1Mapping mapping = memory.mapBar1(MapRequest.of(0, MIB));
            byte[] data = random(MIB);
            mapping.write(0, MemorySegment.ofArray(data), 0, MIB);
            Copier copier = new Copier(rig.attachment, rig.client);
            copier.run(() -> {});

            rig.core.suspend();
            rig.core.resume();

            rig.client.await(event -> event instanceof CoreEvent.Resume);
            assertThat(read(mapping, MIB)).isEqualTo(data);
            FbMemory copy = rig.attachment.allocFbMemory(FbRequest.of(MIB));
            ChannelMapping from = copier.channel.map(memory, MapRequest.of(0, MIB));
            ChannelMapping to = copier.channel.map(copy, MapRequest.of(0, MIB));
            copier.run(() -> copier.commands.copy(from.address(), to.address(), MIB));
            assertThat(read(copy.mapBar1(MapRequest.of(0, MIB)), MIB)).isEqualTo(data);
        }
    }

    @Test
    void unbindWhileBusy_endsAll() throws Exception {
        try (Rig rig = new Rig()) {
            FbMemory heap = rig.attachment.allocFbMemory(FbRequest.of(256 * MIB));
            Copier copier = new Copier(rig.attachment, rig.client);
            ChannelMapping mapping = copier.channel.map(heap, MapRequest.of(0, heap.bytes()));
            copier.channel.begin(1000);
            for (int i = 0; i < 10; i++) {
                copier.commands.scrub(mapping.address(), heap.bytes(), i);
            }
            copier.channel.submit();

            rig.core.close();

            assertThat(rig.client.events).endsWith(new CoreEvent.DriverEnd());
            Core again = CoreProvider.named("java")
                    .open(
                            rig.board.function(),
                            CoreConfig.of(BoardUnderTest.firmware(Chip.AD102, GspVersion.R570_144)));
            again.close();
        }
    }

    @Test
    void drmChannel_copiesBetweenPlacements() throws Exception {
        try (Rig rig = new Rig()) {
            Attachment drm = rig.attachment;
            AddressSpace space = drm.createAddressSpace();
            MemoryObject system = drm.createMemory(2 * MIB, Placement.SYSTEM);
            MemoryObject vram = drm.createMemory(2 * MIB, Placement.VRAM);
            MemoryObject push = drm.createMemory(4096, Placement.SYSTEM);
            long base = 1L << 30;
            space.bind(new BindRequest(base, system, 0, 2 * MIB, false, 0));
            space.bind(new BindRequest(2 * base, vram, 0, 2 * MIB, true, 0));
            space.bind(new BindRequest(3 * base, push, 0, 4096, false, 0));
            byte[] data = random(2 * MIB);
            system.write(0, MemorySegment.ofArray(data), 0, data.length);
            Timeline timeline = drm.createTimeline();
            Channel channel = drm.createChannelGroup(
                            space,
                            rig.core.engines().stream()
                                    .filter(engine -> engine.type() == EngineType.COPY)
                                    .toList()
                                    .getLast())
                    .createChannel();
            int dwords = copyPush(push, channel.engineObject(), base, 2 * base, 2 * MIB);

            channel.submit(List.of(new Push(3 * base, 4 * dwords)), timeline, 1);

            assertThat(timeline.await(1, LONG)).isTrue();
            byte[] back = new byte[2 * MIB];
            vram.read(0, MemorySegment.ofArray(back), 0, back.length);
            assertThat(back).isEqualTo(data);
        }
    }

    @Test
    void drmWriteToAReadOnlyBind_fails() throws Exception {
        try (Rig rig = new Rig()) {
            Attachment drm = rig.attachment;
            AddressSpace space = drm.createAddressSpace();
            MemoryObject memory = drm.createMemory(8192, Placement.SYSTEM);
            long base = 1L << 30;
            space.bind(new BindRequest(base, memory, 0, 8192, false, 0));
            Timeline timeline = drm.createTimeline();
            Channel channel =
                    drm.createChannelGroup(space, rig.core.engines().getFirst()).createChannel();
            int dwords = copyPush(memory, Nvc7b5.CLASS, base, base + 4096, 64);

            channel.submit(List.of(new Push(base, 4 * dwords)), timeline, 5);

            assertError(CoreError.IO, () -> timeline.await(5, LONG));
            rig.client.await(event -> event instanceof CoreEvent.Fault fault
                    && fault.cause() == FaultCause.MMU
                    && fault.address().orElse(0) == base + 4096);
        }
    }

    @Test
    void newVideoMemory_isZero() {
        try (Rig rig = new Rig()) {
            FbMemory dirty = rig.attachment.allocFbMemory(FbRequest.of(8 * MIB));
            byte[] ones = new byte[8 * MIB];
            Arrays.fill(ones, (byte) 0xff);
            Bar1Mapping mapping = dirty.mapBar1(MapRequest.of(0, 8 * MIB));
            mapping.write(0, MemorySegment.ofArray(ones), 0, ones.length);
            mapping.close();
            dirty.close();

            MemoryObject memory = rig.attachment.createMemory(8 * MIB, Placement.VRAM);

            byte[] seen = new byte[8 * MIB];
            memory.read(0, MemorySegment.ofArray(seen), 0, seen.length);
            assertThat(seen).isEqualTo(new byte[8 * MIB]);
        }
    }

    private static int copyPush(MemoryObject push, int object, long from, long to, int bytes) {
        ByteBuffer words = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        words.putInt(PushHeader.incrementing(4, HostMethod.SET_OBJECT.address(), 1))
                .putInt(object);
        words.putInt(PushHeader.incrementing(4, Nvc7b5.OFFSET_IN_UPPER.offset(), 8));
        words.putInt((int) (from >>> 32))
                .putInt((int) from)
                .putInt((int) (to >>> 32))
                .putInt((int) to);
        words.putInt(bytes).putInt(bytes).putInt(bytes).putInt(1);
        words.putInt(PushHeader.incrementing(4, Nvc7b5.LAUNCH_DMA.offset(), 1)).putInt(CopyCommands.LAUNCH_COPY);
        push.write(0, MemorySegment.ofArray(words.array()), 0, words.position());
        return words.position() / 4;
    }
}
