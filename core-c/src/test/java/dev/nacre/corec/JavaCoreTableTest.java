package dev.nacre.corec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nacre.core.AddressSpace;
import dev.nacre.core.Attachment;
import dev.nacre.core.Bar1Mapping;
import dev.nacre.core.BindRequest;
import dev.nacre.core.Capability;
import dev.nacre.core.CeChannel;
import dev.nacre.core.Channel;
import dev.nacre.core.ChannelGroup;
import dev.nacre.core.ChannelIds;
import dev.nacre.core.ChannelMapping;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.CoreException;
import dev.nacre.core.FaultCause;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.GspClient;
import dev.nacre.core.MapRequest;
import dev.nacre.core.MemoryObject;
import dev.nacre.core.Placement;
import dev.nacre.core.Timeline;
import dev.nacre.core.VgpuPlugin;
import dev.nacre.core.VgpuRequest;
import dev.nacre.core.VgpuType;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A core of Java's as a C table, used through {@link NativeCore}: it has to behave as the core itself. */
class JavaCoreTableTest {
    private final RecordedCore recorded = new RecordedCore();
    private final JavaCoreTable table = new JavaCoreTable(recorded.core());
    private final CountDownLatch ended = new CountDownLatch(1);
    private final NativeCore core = new NativeCore(table.ops(), table.core(), ended::countDown);

    @AfterEach
    void close() {
        core.close();
        table.close();
    }

    @Test
    void everyOperationPassesWhatItIsGivenAndWhatIsAnswered() throws Exception {
        RecordedCore direct = new RecordedCore();

        List<Object> there = useEverything(direct.core());
        List<Object> here = useEverything(core);

        assertThat(here).isEqualTo(there);
        assertThat(recorded.asked).isEqualTo(direct.asked);
        assertThat(recorded.asked).hasSizeGreaterThan(40);
    }

    @Test
    void whatIsFreedLeavesNoHandle() throws Exception {
        for (int i = 0; i < 3; i++) {
            useEverything(core);
        }

        assertThat(table.handles()).isEqualTo(1);
    }

    @Test
    void detachTakesTheHandlesOfAllThatBelongsToIt() {
        Attachment attachment = core.attach(client(event -> {}));
        FbMemory memory = attachment.allocFbMemory(FbRequest.of(4096));
        ChannelGroup group =
                attachment.createChannelGroup(attachment.createAddressSpace(), RecordedCore.ENGINES.get(0));
        Channel channel = group.createChannel();

        attachment.close();

        assertThat(table.handles()).isEqualTo(1);
        assertStale(() -> memory.mapBar1(MapRequest.of(0, 4096)));
        assertStale(group::createChannel);
        assertStale(attachment::totalFbBytes);
        memory.close();
        channel.close();
        attachment.close();
    }

    @Test
    void handleThatWasFreedIsStaleAlsoWhenItsSlotIsUsedAgain() {
        Attachment attachment = core.attach(client(event -> {}));
        NativeFbMemory first = (NativeFbMemory) attachment.allocFbMemory(FbRequest.of(4096));
        long handle = first.pointer();
        first.close();
        NativeFbMemory second = (NativeFbMemory) attachment.allocFbMemory(FbRequest.of(8192));

        assertThat(second.pointer()).isNotEqualTo(handle);
        assertStale(() -> first.table().call(Op.FREE_FBMEM, handle));
        assertStale(() -> first.table().call(Op.FREE_CHIDS, second.pointer()));
        assertStale(() -> first.table().call(Op.DETACH, 0L));
        second.close();
    }

    @Test
    void errorsPassWithTheirKindAndMessage() {
        Attachment attachment = core.attach(client(event -> {}));
        for (CoreError error : CoreError.values()) {
            recorded.failures.put("totalFbBytes", new CoreException(error, "because of " + error));

            assertThatExceptionOfType(CoreException.class)
                    .isThrownBy(attachment::totalFbBytes)
                    .withMessage("because of " + error)
                    .satisfies(e -> assertThat(e.error()).isEqualTo(error));
        }
    }

    @Test
    void defectOfACoreIsAnErrorForCToo() {
        recorded.failures.put("suspend", new IllegalStateException("a defect"));

        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(core::suspend)
                .withMessageContaining("a defect")
                .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.IO));
    }

    @Test
    void whatCannotBeFreedKeepsItsHandle() {
        Attachment attachment = core.attach(client(event -> {}));
        FbMemory memory = attachment.allocFbMemory(FbRequest.of(4096));
        recorded.failures.put("close", new CoreException(CoreError.BUSY, "mapped"));

        assertThatExceptionOfType(CoreException.class).isThrownBy(memory::close).withMessage("mapped");

        recorded.failures.clear();
        memory.close();
        assertStale(() -> memory.mapBar1(MapRequest.of(0, 4096)));
    }

    @Test
    void everyEventPasses() {
        List<CoreEvent> seen = new ArrayList<>();
        core.attach(client(seen::add));
        List<CoreEvent> events = List.of(
                new CoreEvent.DriverStart(),
                new CoreEvent.SriovConfigure(3),
                new CoreEvent.DriverUnbind(),
                new CoreEvent.ChannelStart(1),
                new CoreEvent.FifoNonstall(2),
                new CoreEvent.ChannelEnd(3),
                new CoreEvent.Suspend(),
                new CoreEvent.Resume(),
                new CoreEvent.VgpuNotice(31, -1),
                new CoreEvent.Fault(4, FaultCause.MMU, OptionalLong.of(-4096L)),
                new CoreEvent.Fault(4, FaultCause.TIMEOUT, OptionalLong.empty()),
                new CoreEvent.DriverEnd());

        events.forEach(recorded.clients.getFirst().listener());

        assertThat(seen).isEqualTo(events);
    }

    @Test
    void impossibleArgumentsOfCAreRefused() {
        CoreTable ops = new CoreTable(table.ops());
        long handle = table.core().address();

        assertInvalid(() -> ops.call(Op.BOARD_INFO, handle, MemorySegment.NULL));
        assertInvalid(() -> ops.call(Op.ATTACH, handle, MemorySegment.NULL, MemorySegment.NULL));
        assertInvalid(() -> ops.call(Op.ENGINES, handle, MemorySegment.NULL, 1));
        assertInvalid(() -> ops.call(Op.ENGINE_BITMAP, handle, MemorySegment.NULL, 0));
        long attachment = ((NativeAttachment) core.attach(client(event -> {}))).pointer();
        assertInvalid(() -> ops.call(Op.VGPU_DEFINE_TYPES, attachment, MemorySegment.NULL, 1, 0));
        assertInvalid(() -> ops.call(Op.VGPU_DEFINE_TYPES, attachment, MemorySegment.NULL, -1, 0));
        assertInvalid(() -> ops.call(Op.VGPU_START, attachment, MemorySegment.NULL, MemorySegment.NULL));
        assertStale(() -> ops.call(Op.VGPU_RESET, attachment));
        assertStale(() -> ops.call(Op.SUSPEND, handle + 1));
    }

    @Test
    void closeByAListenerReturnsAndEndsTheCore() throws Exception {
        core.attach(client(event -> core.close()));

        recorded.clients.getFirst().listener().accept(new CoreEvent.DriverUnbind());

        // TIMEOUT: a thread that has nothing to wait for.
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(core::suspend)
                .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.GONE));
        assertThat(recorded.asked).contains("Core#1.close()");
    }

    private static Client client(Consumer<CoreEvent> listener) {
        return Client.of("test", ClientKind.TOOL, Set.of(Capability.CHANNELS), listener);
    }

    private static void assertStale(ThrowingCallable call) {
        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.STALE));
    }

    private static void assertInvalid(ThrowingCallable call) {
        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.INVALID_ARGUMENT));
    }

    /** Uses every operation; gives all that they answered. */
    private static List<Object> useEverything(Core core) throws Exception {
        List<Object> seen = new ArrayList<>();
        seen.add(core.implementation());
        seen.add(core.board());
        seen.add(core.engines());
        seen.add(core.capabilities());
        seen.add(core.isVgpuEnabled());
        core.configureVirtualFunctions(7);
        core.suspend();
        core.resume();
        try (Attachment attachment = core.attach(client(event -> {}))) {
            seen.add(core.owner());
            seen.add(attachment.version());
            seen.add(attachment.capabilities());
            useFirmware(attachment, seen);
            useMemory(attachment, seen);
            useGraphics(attachment, seen);
            useVgpus(attachment, seen);
        }
        return seen;
    }

    private static void useVgpus(Attachment attachment, List<Object> seen) {
        attachment.defineVgpuTypes(List.of(type(1, "NVIDIA L40-1B", "NVS"), type(2, "n".repeat(31), "")), true);
        attachment.defineVgpuTypes(List.of(), false);
        try (GspClient client = attachment.allocGspClient();
                ChannelIds ids = attachment.allocChannelIds(64);
                FbMemory frameBuffer = attachment.allocFbMemory(FbRequest.of(1L << 30));
                FbMemory heap = attachment.allocFbMemory(FbRequest.of(1 << 25));
                VgpuPlugin plugin = attachment.startVgpu(new VgpuRequest(
                        31,
                        0x0001_2345,
                        2,
                        UUID.fromString("01234567-89ab-cdef-fedc-ba9876543210"),
                        4711,
                        client,
                        ids,
                        frameBuffer,
                        heap))) {
            seen.addAll(List.of(plugin.vfIndex(), plugin.guestInfo(), plugin.surfaces(), plugin.usage()));
            plugin.busMaster(true, false);
            plugin.busMaster(false, true);
            plugin.reset();
            plugin.logs().forEach(log -> {
                seen.add(log.name());
                seen.add(Arrays.toString(log.bytes()));
            });
        }
    }

    private static VgpuType type(int id, String name, String kind) {
        return new VgpuType(
                id,
                name,
                kind,
                "GRID-Virtual-PC,2.0;Quadro-Virtual-DWS,5.0",
                32,
                4,
                5120,
                2880,
                45,
                id == 1,
                0x26b5,
                0x176d,
                1L << 30,
                32L << 20,
                5L << 20,
                256L << 20,
                100);
    }

    private static void useFirmware(Attachment attachment, List<Object> seen) {
        try (GspClient client = attachment.allocGspClient()) {
            seen.add(client.handle());
            seen.add(Arrays.toString(client.read(0x20800a01, new byte[] {1, 2, 3, 4, 5})));
            seen.add(Arrays.toString(client.read(0x20800a02, new byte[0])));
            client.write(0x20800a03, new byte[] {9, 8, 7});
        }
        attachment.gspLogs().forEach(log -> {
            seen.add(log.name());
            seen.add(Arrays.toString(log.bytes()));
        });
    }

    private static void useMemory(Attachment attachment, List<Object> seen) {
        seen.add(attachment.availableChannelIds());
        seen.add(attachment.totalFbBytes());
        MapRequest part = new MapRequest(4096, 8192, false, true);
        FbRequest fixed = new FbRequest(1 << 20, 1 << 16, OptionalLong.of(1 << 20));
        try (ChannelIds ids = attachment.allocChannelIds(5);
                FbMemory memory = attachment.allocFbMemory(fixed);
                Bar1Mapping mapping = memory.mapBar1(part)) {
            byte[] bytes = new byte[8];
            mapping.write(16, MemorySegment.ofArray(new byte[] {1, 2, 3, 4}), 0, 4);
            mapping.read(16, MemorySegment.ofArray(bytes), 2, 3);
            seen.add(Arrays.toString(bytes));
            seen.addAll(List.of(ids.first(), ids.count(), memory.offset(), memory.bytes()));
            seen.addAll(List.of(mapping.bar1Offset(), mapping.bytes()));
            try (CeChannel channel = attachment.allocCeChannel(Optional.of(ids), 2);
                    ChannelMapping mapped = channel.map(memory, MapRequest.of(0, 4096))) {
                channel.begin(2);
                channel.emit(0xdeadbeef);
                channel.emit(-1);
                channel.submit();
                seen.addAll(List.of(channel.id(), channel.engineObject(), mapped.address(), mapped.bytes()));
            }
        }
        attachment.allocFbMemory(FbRequest.of(4096)).close();
        attachment.allocCeChannel(Optional.empty(), 0).close();
    }

    private static void useGraphics(Attachment attachment, List<Object> seen) throws InterruptedException {
        try (AddressSpace space = attachment.createAddressSpace();
                MemoryObject system = attachment.createMemory(8192, Placement.SYSTEM);
                MemoryObject vram = attachment.createMemory(4096, Placement.VRAM);
                Timeline timeline = attachment.createTimeline();
                ChannelGroup group = attachment.createChannelGroup(space, RecordedCore.ENGINES.get(1));
                Channel channel = group.createChannel()) {
            seen.addAll(List.of(space.addressBits(), system.placement(), vram.placement(), vram.bytes()));
            seen.addAll(List.of(system.file().isPresent(), vram.file().isPresent()));
            space.bind(new BindRequest(1 << 20, system, 4096, 4096, true, 6));
            space.bindSparse(1 << 21, 8192);
            space.unbind(1 << 20, 4096);
            vram.write(8, MemorySegment.ofArray(new byte[] {5, 6}), 0, 2);
            byte[] bytes = new byte[4];
            vram.read(8, MemorySegment.ofArray(bytes), 0, 4);
            seen.add(Arrays.toString(bytes));
            timeline.signal(3);
            seen.add(timeline.value());
            channel.submit(List.of(new Channel.Push(0x1000, 8), new Channel.Push(0x2000, 16)), timeline, 4);
            seen.add(timeline.await(4, Duration.ofMillis(20)));
            seen.addAll(List.of(group.engine(), channel.id(), channel.engineObject()));
        }
    }
}
