package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.ChannelIds;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.VgpuPlugin;
import dev.nacre.core.VgpuRequest;
import dev.nacre.core.VgpuType;
import dev.nacre.core.VgpuUsage;
import dev.nacre.pci.bus.ConfigAccess;
import dev.nacre.pci.bus.FunctionAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Virtual GPUs, on a board of its own with virtual functions. */
abstract class VgpuTck extends TckGroup {
    private static final int VFS = 4;
    private static final int TYPE = 869;
    private static final long MIB = 1 << 20;
    private static final long FB_BYTES = 512 * MIB;
    // What boards of these chips have.
    private static final long SEGMENT_BYTES = 128 * MIB;
    private static final int AT_ONCE = 2;

    // HW: PCI Express base specification, single root I/O virtualization: capability's id, control, offset of the first
    private static final int SRIOV = 0x10;
    private static final int CONTROL = 0x08;
    private static final int NUM_VFS = 0x10;
    private static final int ENABLE_WITH_MEMORY = 1 | 1 << 3;

    private static VgpuType type(int id, int maxInstances) {
        return new VgpuType(
                id,
                "NVIDIA L40-" + id,
                "NVS",
                "GRID-Virtual-PC,2.0",
                maxInstances,
                1,
                1920,
                1080,
                45,
                false,
                0x26b5,
                0x176d,
                FB_BYTES,
                8 * MIB,
                0,
                64 * MIB,
                100);
    }

    /** A core that can have virtual GPUs; its functions are there. */
    private Rig rig() {
        Optional<Rig> rig = bench().freshWithVfs(VFS);
        assumeTrue(rig.isPresent(), "no virtual functions");
        boolean can = has(rig.get().core(), Capability.VGPU_PLUGINS);
        if (!can) {
            rig.get().close();
        }
        assumeTrue(can, "no " + Capability.VGPU_PLUGINS);
        functions(rig.get().board().function(), VFS);
        return rig.get();
    }

    private static void functions(FunctionAccess board, int count) {
        int at = ConfigAccess.findExtended(board, SRIOV);
        ConfigAccess.writeShort(board, at + CONTROL, 0);
        ConfigAccess.writeShort(board, at + NUM_VFS, count);
        ConfigAccess.writeShort(board, at + CONTROL, count > 0 ? ENABLE_WITH_MEMORY : 0);
    }

    private static VgpuRequest request(Attachment attachment, int vf) {
        return new VgpuRequest(
                vf,
                4 + vf,
                TYPE,
                UUID.nameUUIDFromBytes(new byte[] {(byte) vf}),
                1,
                attachment.allocGspClient(),
                attachment.allocChannelIds(16),
                attachment.allocFbMemory(FbRequest.aligned(FB_BYTES, SEGMENT_BYTES)),
                attachment.allocFbMemory(FbRequest.of(8 * MIB)));
    }

    private static VgpuRequest with(VgpuRequest of, int vf, int type, ChannelIds ids, FbMemory fb, FbMemory heap) {
        return new VgpuRequest(vf, of.pciAddress(), type, of.uuid(), of.processId(), of.client(), ids, fb, heap);
    }

    @Test
    @Covers({"Attachment.defineVgpuTypes", "Core.isVgpuEnabled"})
    void typesAreTakenOrRefusedByName() {
        try (Rig rig = rig();
                Attachment attachment = attach(rig.core(), event -> {})) {
            assertThat(rig.core().isVgpuEnabled()).isTrue();
            attachment.defineVgpuTypes(List.of(type(TYPE, VFS), type(1, 1)), true);
            attachment.defineVgpuTypes(List.of(), false);

            List<VgpuType> tooMany = new ArrayList<>();
            for (int id = 1; id < 1000; id++) {
                tooMany.add(type(id, 1));
            }
            assertError(CoreError.INVALID_ARGUMENT, () -> attachment.defineVgpuTypes(tooMany, false));
            assertThat(assertError(
                            CoreError.INVALID_ARGUMENT, () -> attachment.defineVgpuTypes(List.of(type(0, 1)), false)))
                    .contains("id");
        }
    }

    @Test
    @Covers({"Attachment.startVgpu", "VgpuPlugin.vfIndex", "VgpuPlugin.close", "VgpuPlugin.logs"})
    void virtualGpuStartsAndEnds() {
        try (Rig rig = rig();
                Attachment attachment = attach(rig.core(), event -> {})) {
            attachment.defineVgpuTypes(List.of(type(TYPE, VFS)), false);
            VgpuRequest request = request(attachment, 1);
            VgpuPlugin plugin = attachment.startVgpu(request);

            assertThat(plugin.vfIndex()).isEqualTo(1);
            assertThat(plugin.logs()).extracting(log -> log.name()).startsWith("init", "vgpu");
            assertError(CoreError.EXISTS, () -> attachment.startVgpu(request));
            assertError(CoreError.BUSY, () -> request.heap().close());
            assertError(CoreError.BUSY, () -> attachment.defineVgpuTypes(List.of(), false));
            assertError(CoreError.BUSY, rig.core()::suspend);
            plugin.close();
            plugin.close();
            assertError(CoreError.STALE, plugin::reset);
            request.heap().close();
            request.frameBuffer().close();
            attachment.defineVgpuTypes(List.of(), false);
        }
    }

    @Test
    @Covers("Attachment.startVgpu")
    void partsThatCannotBeRightAreRefused() {
        try (Rig rig = rig();
                Attachment attachment = attach(rig.core(), event -> {})) {
            attachment.defineVgpuTypes(List.of(type(TYPE, VFS)), false);
            VgpuRequest good = request(attachment, 0);
            FbMemory small = attachment.allocFbMemory(FbRequest.of(MIB));

            for (VgpuRequest bad : List.of(
                    with(good, VFS, TYPE, good.channelIds(), good.frameBuffer(), good.heap()),
                    with(good, 0, TYPE + 1, good.channelIds(), good.frameBuffer(), good.heap()),
                    with(good, 0, TYPE, good.channelIds(), small, good.heap()),
                    with(good, 0, TYPE, good.channelIds(), good.frameBuffer(), small))) {
                assertError(CoreError.INVALID_ARGUMENT, () -> attachment.startVgpu(bad));
            }
            attachment.startVgpu(good).close();
        }
    }

    @Test
    @Covers({
        "VgpuPlugin.reset",
        "VgpuPlugin.busMaster",
        "VgpuPlugin.guestInfo",
        "VgpuPlugin.surfaces",
        "VgpuPlugin.usage"
    })
    void pluginAnswers() {
        try (Rig rig = rig();
                Attachment attachment = attach(rig.core(), event -> {})) {
            attachment.defineVgpuTypes(List.of(type(TYPE, VFS)), false);
            VgpuPlugin plugin = attachment.startVgpu(request(attachment, 0));

            plugin.busMaster(true, true);
            plugin.reset();

            assertThat(plugin.guestInfo().driverLoaded()).isFalse();
            assertThat(plugin.surfaces()).isEmpty();
            VgpuUsage usage = plugin.usage();
            assertThat(usage.fbBytes()).isBetween(0L, FB_BYTES);
            assertThat(usage.copy()).isBetween(0, 10_000);
        }
    }

    @Test
    @Covers({"Attachment.startVgpu", "Attachment.close", "VgpuPlugin.close"})
    void asManyAsThereAreRunAtOnceAndDetachingEndsThem() {
        try (Rig rig = rig()) {
            for (int round = 0; round < 2; round++) {
                try (Attachment attachment = attach(rig.core(), event -> {})) {
                    attachment.defineVgpuTypes(List.of(type(TYPE, VFS)), false);
                    List<VgpuPlugin> all = new ArrayList<>();
                    for (int vf = 0; vf < AT_ONCE; vf++) {
                        all.add(attachment.startVgpu(request(attachment, vf)));
                    }

                    assertThat(all).extracting(VgpuPlugin::vfIndex).containsExactly(0, 1);
                }
            }
        }
    }

    @Test
    @Covers({"Attachment.startVgpu", "VgpuPlugin.close"})
    void startsAndEndsLeaveNothing() {
        try (Rig rig = rig();
                Attachment attachment = attach(rig.core(), event -> {})) {
            attachment.defineVgpuTypes(List.of(type(TYPE, VFS)), false);
            VgpuRequest request = request(attachment, 3);
            for (int i = 0; i < bench().underTest().rounds(); i++) {
                attachment.startVgpu(request).close();
            }
            int channels = attachment.availableChannelIds();
            request.channelIds().close();

            assertThat(attachment.availableChannelIds()).isEqualTo(channels + 16);
            request.client().close();
            request.frameBuffer().close();
            request.heap().close();
        }
    }

    @Test
    @Covers({"Attachment.startVgpu", "VgpuPlugin.close"})
    void functionThatIsNotThereShowsNone() {
        try (Rig rig = rig();
                Attachment attachment = attach(rig.core(), event -> {})) {
            attachment.defineVgpuTypes(List.of(type(TYPE, VFS)), false);
            VgpuRequest request = request(attachment, 0);
            VgpuPlugin plugin = attachment.startVgpu(request);
            functions(rig.board().function(), 0);

            plugin.close();
            assertError(CoreError.IO, () -> attachment.startVgpu(request));
            functions(rig.board().function(), VFS);
            attachment.startVgpu(request).close();
        }
    }

    @Test
    @Covers("event VGPU_NOTICE")
    void ownerIsToldWhatAPluginSays() {
        EventLog log = new EventLog();
        try (Rig rig = rig();
                Attachment attachment = attach(rig.core(), log)) {
            attachment.defineVgpuTypes(List.of(type(TYPE, VFS)), false);
            VgpuRequest request = request(attachment, 2);
            VgpuPlugin plugin = attachment.startVgpu(request);

            plugin.close();

            log.await(CoreEvent.VgpuNotice.class, notice -> notice.vfIndex() == 2);
        }
    }
}
