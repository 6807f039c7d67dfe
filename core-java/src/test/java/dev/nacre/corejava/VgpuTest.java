package dev.nacre.corejava;

import static dev.nacre.corejava.AttachTest.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Attachment;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.VgpuGuestInfo;
import dev.nacre.core.VgpuPlugin;
import dev.nacre.core.VgpuRequest;
import dev.nacre.core.VgpuSurface;
import dev.nacre.core.VgpuType;
import dev.nacre.core.VgpuUsage;
import dev.nacre.corejava.gpu.VgpuShares;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.gsp.RpcLayout.PluginTriggered;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.vgpu.Bootload;
import dev.nacre.hw.vgpu.PluginConfig;
import dev.nacre.hw.vgpu.PluginMessage;
import dev.nacre.hw.vgpu.SharedArea;
import dev.nacre.hw.vgpu.Surface;
import dev.nacre.hw.vgpu.TypeInfo;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VgpuTest {
    private static final int PCI_ADDRESS = 0x1234_0120;
    private static final UUID ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    private static final VgpuType TYPE = type(869, "NVIDIA L40-1B");

    private final FakeGpu gpu = new FakeGpu();
    private final FakePlugins plugins = gpu.plugins;
    private final JavaCore core = new JavaCore(gpu, 128);
    private final RecordingClient client = new RecordingClient();
    private final Attachment attachment = client.attach(core);

    @AfterEach
    void close() {
        core.close();
    }

    private static VgpuType type(int id, String name) {
        return new VgpuType(
                id,
                name,
                "NVS",
                "GRID-Virtual-PC,2.0",
                32,
                4,
                5120,
                2880,
                45,
                false,
                0x26b5,
                0x176d,
                32L << 20,
                8L << 20,
                0,
                256L << 20,
                100);
    }

    private VgpuRequest request(int vf) {
        return new VgpuRequest(
                vf,
                PCI_ADDRESS + vf,
                869,
                ID,
                4711,
                attachment.allocGspClient(),
                attachment.allocChannelIds(8),
                attachment.allocFbMemory(FbRequest.aligned(FakeGpu.SEGMENT_BYTES, FakeGpu.SEGMENT_BYTES)),
                attachment.allocFbMemory(FbRequest.of(VgpuRequest.MIN_HEAP_BYTES)));
    }

    private VgpuPlugin start() {
        attachment.defineVgpuTypes(List.of(TYPE), false);
        return attachment.startVgpu(request(1));
    }

    private static int word(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
    }

    @ParameterizedTest
    @EnumSource(GspVersion.class)
    void types_areToldFieldByField(GspVersion version) {
        plugins.version.set(version);

        attachment.defineVgpuTypes(List.of(TYPE, type(870, "NVIDIA L40-2B")), true);

        assertThat(plugins.types.get()).hasSize(plugins.abi().typeInfo().addVgpuTypeBytes());
        assertThat(plugins.types.get()[TypeInfo.ADD_DISCARD_VGPU_TYPES]).isEqualTo((byte) 1);
        assertThat(word(plugins.types.get(), TypeInfo.ADD_VGPU_INFO_COUNT)).isEqualTo(2);
        assertThat(plugins.typeField(TypeInfo.VGPU_TYPE)).isEqualTo(869);
        assertThat(plugins.typeField(TypeInfo.VDEV_ID)).isEqualTo(0x26b5_176d);
        assertThat(plugins.typeField(TypeInfo.PDEV_ID)).isEqualTo(0x26b5);
        assertThat(plugins.typeField(TypeInfo.BAR1_LENGTH)).isEqualTo(256);
        assertThat(plugins.typeField(TypeInfo.FRL_CONFIG)).isEqualTo(45);
        assertThat(plugins.typeField(plugins.abi().typeInfo().bytes())).isEqualTo(870);
        assertThat(plugins.log).containsExactly("SET_VGPU_MGR_CONFIG", "PGPU_ADD_VGPU_TYPE");
    }

    @Test
    void typeThatDoesNotFit_isRefusedByName() {
        assertError(
                CoreError.INVALID_ARGUMENT, () -> attachment.defineVgpuTypes(List.of(type(1, "x".repeat(32))), false));
        assertError(CoreError.INVALID_ARGUMENT, () -> attachment.defineVgpuTypes(List.of(TYPE, TYPE), false));
        assertError(CoreError.INVALID_ARGUMENT, () -> attachment.defineVgpuTypes(Collections.nCopies(65, TYPE), false));
        assertThat(plugins.log).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(GspVersion.class)
    void start_tellsFirmwareAndPluginEverything(GspVersion version) {
        plugins.version.set(version);
        attachment.defineVgpuTypes(List.of(TYPE), false);
        plugins.log.clear();
        VgpuRequest request = request(2);

        VgpuPlugin plugin = attachment.startVgpu(request);

        assertThat(plugin.vfIndex()).isEqualTo(2);
        assertThat(plugins.log)
                .containsExactly(
                        "BOOTLOAD_GSP_VGPU_PLUGIN_TASK", "VERSION_NEGOTIATION", "SETUP_CONFIG_PARAMS_AND_INIT");
        byte[] task = Objects.requireNonNull(plugins.tasks.get(3));
        assertThat(task).hasSize(plugins.abi().bootload().bytes());
        assertThat(word(task, Bootload.DBDF)).isEqualTo(PCI_ADDRESS + 2);
        assertThat(word(task, Bootload.CHID_OFFSET + 9 * 4))
                .isEqualTo(request.channelIds().first());
        assertThat(word(task, Bootload.CHID_OFFSET + 8 * 4)).isZero();
        assertThat(word(task, plugins.abi().bootload().guestFbLengthList())).isEqualTo((int) FakeGpu.SEGMENT_BYTES);
        byte[] config = Objects.requireNonNull(plugins.payloads.get(PluginMessage.SETUP_CONFIG_PARAMS_AND_INIT));
        assertThat(config).startsWith(0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb);
        assertThat(word(config, PluginConfig.VGPU_DEVICE_INSTANCE_ID))
                .isEqualTo(request.client().handle());
        assertThat(config[plugins.abi().config().enableConsoleVnc()]).isEqualTo((byte) 1);
        assertThat(config[plugins.abi().config().vmmMigrationSupported()]).isZero();
    }

    @Test
    void impossibleRequest_isRefusedAndTakesNothing() {
        attachment.defineVgpuTypes(List.of(TYPE), false);
        VgpuRequest good = request(0);

        assertError(CoreError.INVALID_ARGUMENT, () -> attachment.startVgpu(with(good, 4, 869, good.heap())));
        assertError(CoreError.INVALID_ARGUMENT, () -> attachment.startVgpu(with(good, -1, 869, good.heap())));
        assertError(CoreError.INVALID_ARGUMENT, () -> attachment.startVgpu(with(good, 0, 1, good.heap())));
        assertError(CoreError.INVALID_ARGUMENT, () -> attachment.startVgpu(with(good, 0, 869, good.frameBuffer())));
        FbMemory small = attachment.allocFbMemory(FbRequest.of(4096));
        assertError(CoreError.INVALID_ARGUMENT, () -> attachment.startVgpu(with(good, 0, 869, small)));
        assertThat(plugins.tasks).isEmpty();
        attachment.startVgpu(good).close();
    }

    private static VgpuRequest with(VgpuRequest of, int vf, int type, FbMemory heap) {
        return new VgpuRequest(
                vf,
                of.pciAddress(),
                type,
                of.uuid(),
                of.processId(),
                of.client(),
                of.channelIds(),
                of.frameBuffer(),
                heap);
    }

    @Test
    void secondOnAFunction_isRefused() {
        attachment.defineVgpuTypes(List.of(TYPE), false);
        VgpuRequest request = request(0);
        attachment.startVgpu(request);

        assertError(CoreError.EXISTS, () -> attachment.startVgpu(request));
        assertError(CoreError.INVALID_ARGUMENT, () -> attachment.startVgpu(with(request, 1, 869, request.heap())));
    }

    @Test
    void parts_areBusyUntilItIsClosed() {
        attachment.defineVgpuTypes(List.of(TYPE), false);
        VgpuRequest request = request(0);
        VgpuPlugin plugin = attachment.startVgpu(request);

        assertError(CoreError.BUSY, () -> request.client().close());
        assertError(CoreError.BUSY, () -> request.channelIds().close());
        assertError(CoreError.BUSY, () -> request.frameBuffer().close());
        assertError(CoreError.BUSY, () -> request.heap().close());
        assertError(CoreError.BUSY, () -> attachment.defineVgpuTypes(List.of(TYPE), true));
        assertError(CoreError.BUSY, core::suspend);
        plugin.close();
        plugin.close();
        assertError(CoreError.STALE, plugin::reset);
        request.client().close();
        request.channelIds().close();
        request.frameBuffer().close();
        request.heap().close();
        assertThat(plugins.log).endsWith("SHUTDOWN_GSP_VGPU_PLUGIN_TASK", "VGPU_PLUGIN_CLEANUP");
    }

    @Test
    void refusedBootload_leavesNothing() {
        attachment.defineVgpuTypes(List.of(TYPE), false);
        VgpuRequest request = request(0);
        long free = core.parts().bar1().availableBytes();
        plugins.refused.add(RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_BOOTLOAD_GSP_VGPU_PLUGIN_TASK);

        assertError(CoreError.IO, () -> attachment.startVgpu(request));

        assertThat(plugins.log).doesNotContain("SHUTDOWN_GSP_VGPU_PLUGIN_TASK");
        assertThat(core.parts().bar1().availableBytes()).isEqualTo(free);
        request.heap().close();
        core.suspend();
        core.resume();
    }

    @ParameterizedTest
    @EnumSource(
            value = PluginMessage.class,
            names = {"VERSION_NEGOTIATION", "SETUP_CONFIG_PARAMS_AND_INIT"})
    void refusedMessageOfTheStart_leavesNothing(PluginMessage refused) {
        attachment.defineVgpuTypes(List.of(TYPE), false);
        VgpuRequest request = request(0);
        plugins.answer = (message, area) -> plugins.done(area, message == refused ? 5 : 0);

        assertError(CoreError.IO, () -> attachment.startVgpu(request));

        assertThat(plugins.log).endsWith("SHUTDOWN_GSP_VGPU_PLUGIN_TASK", "VGPU_PLUGIN_CLEANUP");
        assertThat(plugins.tasks).isEmpty();
        plugins.answer = null;
        attachment.startVgpu(request).close();
    }

    @Test
    void pluginThatIsNeverReady_canBeDetachedFrom() throws Exception {
        attachment.defineVgpuTypes(List.of(TYPE), false);
        VgpuRequest request = request(0);
        plugins.ready = false;
        List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
        Thread starter = Thread.ofPlatform().start(() -> {
            try {
                attachment.startVgpu(request);
            } catch (RuntimeException e) {
                thrown.add(e);
            }
        });
        while (plugins.tasks.isEmpty()) {
            Thread.onSpinWait();
        }

        attachment.close();

        starter.join(60_000);
        assertThat(thrown).hasSize(1);
        assertThat(plugins.tasks).isEmpty();
        assertThat(gpu.sessions).hasValue(0);
    }

    @Test
    void answerToAnotherMessage_isAnErrorForGood() {
        VgpuPlugin plugin = start();
        plugins.answer = (message, area) -> area.set(
                ValueLayout.JAVA_INT_UNALIGNED,
                SharedArea.RESPONSE + plugins.abi().response().messageSeqNumProcessed(),
                77);

        assertError(CoreError.IO, plugin::reset);
        assertError(CoreError.IO, plugin::guestInfo);
        plugin.close();
        assertThat(plugins.tasks).isEmpty();
    }

    @Test
    void calls_reachThePlugin() {
        VgpuPlugin plugin = start();

        plugin.busMaster(true, false);
        plugin.reset();

        assertThat(plugins.payloads.get(PluginMessage.UPDATE_BME_STATE)).startsWith(1, 0);
        assertThat(plugins.log).endsWith("UPDATE_BME_STATE", "RESET");
        assertThat(plugin.guestInfo()).isEqualTo(new VgpuGuestInfo(true, "550.1", 3));
        assertThat(plugin.logs()).extracting(log -> log.name()).containsExactly("init", "vgpu", "kernel");
    }

    @Test
    void impossibleGuestInfo_isAnError() {
        VgpuPlugin plugin = start();
        plugins.answer = (message, area) -> {
            FakePlugins.guestInfo(area, 2, 3, "1");
            plugins.done(area, 0);
        };

        assertError(CoreError.IO, plugin::guestInfo);
    }

    @Test
    void surfaces_areThoseThatShowSomething() {
        VgpuPlugin plugin = start();
        plugins.answer = (message, area) -> {
            surface(area, 1, 1024, 768, 4096 / Surface.OFFSET_UNIT_BYTES);
            plugins.done(area, 0);
        };

        assertThat(plugin.surfaces())
                .containsExactly(new VgpuSurface(1, 1024, 768, 4096, 4096, 3 << 20, 0xcf, false, 0));
    }

    @Test
    void surfaceOutsideTheGuestsMemory_isAnErrorAndHarmsNothingElse() {
        VgpuPlugin plugin = start();
        plugins.answer = (message, area) -> {
            surface(area, 0, 1024, 768, -1);
            plugins.done(area, 0);
        };

        assertError(CoreError.IO, plugin::surfaces);
        plugin.reset();
    }

    private void surface(MemorySegment area, int head, int width, int height, int offset) {
        long at = SharedArea.RESPONSE
                + plugins.abi().response().surfaces()
                + (long) head * plugins.abi().surface().bytes();
        Map.of(
                        Surface.EFFECTIVE_FB_PAGE_SIZE,
                        Surface.OFFSET_UNIT_BYTES,
                        Surface.RECT_WIDTH,
                        width,
                        Surface.RECT_HEIGHT,
                        height,
                        Surface.SURFACE_PITCH,
                        4 * width,
                        Surface.SURFACE_SIZE,
                        4 * width * height,
                        Surface.SURFACE_OFFSET,
                        offset,
                        Surface.SURFACE_FORMAT,
                        0xcf)
                .forEach((field, value) -> area.set(ValueLayout.JAVA_INT_UNALIGNED, at + field, value));
    }

    @Test
    void usage_isWhatTheFirmwareMeasuredLast() {
        VgpuPlugin plugin = start();
        plugins.fbUsed.put(2, 5L << 20);

        assertThat(plugin.usage()).isEqualTo(new VgpuUsage(5L << 20, 0, 0, 0, 0));
        gpu.listener.vgpuShares(Map.of(2, new VgpuShares(10, 20, 30, 40), 3, new VgpuShares(1, 1, 1, 1)));
        assertThat(plugin.usage()).isEqualTo(new VgpuUsage(5L << 20, 10, 20, 30, 40));
    }

    @Test
    void impossibleUsage_isAnError() {
        VgpuPlugin plugin = start();

        assertError(CoreError.IO, plugin::usage);
        plugins.fbUsed.put(2, FakeGpu.SEGMENT_BYTES + 1);
        assertError(CoreError.IO, plugin::usage);
    }

    @Test
    void notices_areToldWhileItRuns() throws Exception {
        VgpuPlugin plugin = start();

        gpu.listener.vgpuNotice(9, 1);
        gpu.listener.vgpuNotice(2, PluginTriggered.NOTIFY_FAILED);

        client.await(event -> event.equals(new CoreEvent.VgpuNotice(1, PluginTriggered.NOTIFY_FAILED)));
        assertThat(client.events).doesNotContain(new CoreEvent.VgpuNotice(8, 1));
        assertError(CoreError.IO, plugin::reset);
        plugin.close();
    }

    @Test
    void plugin_thatEndsLateIsCleanedUpThen() {
        VgpuPlugin plugin = start();
        plugins.cleanupsInUse.set(3);

        plugin.close();

        assertThat(plugins.tasks).isEmpty();
    }

    @Test
    void detach_endsPluginsBeforeWhatTheyAreMadeOf() {
        start();

        attachment.close();

        assertThat(plugins.log).endsWith("SHUTDOWN_GSP_VGPU_PLUGIN_TASK", "VGPU_PLUGIN_CLEANUP");
        assertThat(gpu.sessions).hasValue(0);
        assertThat(core.parts().bar1().availableBytes()).isEqualTo(FakeGpu.BAR1_BYTES);
    }

    @Test
    void manyStartsAndStops_leaveNothing() {
        attachment.defineVgpuTypes(List.of(TYPE), false);
        VgpuRequest request = request(0);
        long bar1 = core.parts().bar1().availableBytes();
        long own = core.parts().memory().availableOwnBytes();
        attachment.startVgpu(request).close();

        for (int i = 0; i < 20; i++) {
            attachment.startVgpu(request).close();
        }

        assertThat(core.parts().bar1().availableBytes()).isEqualTo(bar1);
        assertThat(core.parts().memory().availableOwnBytes()).isGreaterThan(own - (1 << 20));
        assertThat(plugins.tasks).isEmpty();
    }

    @Test
    void pulledGpu_endsCallsAndIsClosedWithout() {
        VgpuPlugin plugin = start();
        gpu.dead = true;
        gpu.listener.gone();

        assertError(CoreError.GONE, plugin::reset);
        plugin.close();
    }
}
