package dev.nacre.drm.nouveau;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.Engine;
import dev.nacre.drm.Access;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.IoctlCall;
import dev.nacre.drm.nouveau.Uapi.ChannelAlloc;
import dev.nacre.drm.nouveau.Uapi.GpuobjFree;
import dev.nacre.drm.nouveau.Uapi.GrobjAlloc;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Channels: CHANNEL_ALLOC, CHANNEL_FREE, and the objects of the oldest interface. */
// HW: nouveau_abi16.c
final class ChannelIoctls {
    private static final int NOTIFIER_BYTES = 4096;

    // HW: classes whose versions old clients got wrong are known by their low byte
    private static final Set<Integer> VIDEO_KINDS = Set.of(0xb1, 0xb2, 0xb3);
    private static final int SOFTWARE_KIND = 0x6e;

    private final NouveauDriver driver;

    ChannelIoctls(NouveauDriver driver) {
        this.driver = driver;
    }

    List<Ioctl> all() {
        Set<Access> anybody = Set.of(Access.RENDER_ALLOW);
        int base = Uapi.COMMAND_BASE;
        return List.of(
                new Ioctl(base + 0x02, "NOUVEAU_CHANNEL_ALLOC", ChannelAlloc.BYTES, anybody, this::alloc),
                new Ioctl(
                        base + 0x03,
                        "NOUVEAU_CHANNEL_FREE",
                        Uapi.ChannelFree.BYTES,
                        Ioctl.Direction.IN,
                        anybody,
                        ChannelIoctls::free),
                new Ioctl(
                        base + 0x04,
                        "NOUVEAU_GROBJ_ALLOC",
                        GrobjAlloc.BYTES,
                        Ioctl.Direction.IN,
                        anybody,
                        ChannelIoctls::allocObject),
                new Ioctl(base + 0x05, "NOUVEAU_NOTIFIEROBJ_ALLOC", Uapi.NotifierobjAlloc.BYTES, anybody, _ -> {
                    // HW: not for chips from Fermi on
                    throw new DrmException(Errno.EINVAL);
                }),
                new Ioctl(
                        base + 0x06,
                        "NOUVEAU_GPUOBJ_FREE",
                        GpuobjFree.BYTES,
                        Ioctl.Direction.IN,
                        anybody,
                        ChannelIoctls::freeObject));
    }

    private void alloc(IoctlCall call) {
        MemorySegment arg = call.arg();
        NouveauFile file = NouveauFile.of(call.file());
        // Whoever makes channels before VM_INIT leaves the addresses to the driver.
        Optional<LegacyVm> legacyVm = file.legacyVm();
        NouveauChannel channel = create(file, engine(arg));
        try (NouveauObject notifier = driver.create(NOTIFIER_BYTES, Uapi.DOMAIN_GART, 0, 0)) {
            legacyVm.ifPresent(vm -> vm.place(notifier));
            Uapi.put32(arg, ChannelAlloc.NOTIFIER, call.file().gems().create(notifier));
        } catch (DrmException | CoreException e) {
            file.freeChannel(channel.id());
            throw e;
        }
        Uapi.put32(arg, ChannelAlloc.FB_CTXDMA, 0);
        Uapi.put32(arg, ChannelAlloc.TT_CTXDMA, 0);
        Uapi.put32(arg, ChannelAlloc.CHANNEL, channel.id());
        Uapi.put32(arg, ChannelAlloc.PUSHBUF_DOMAINS, Uapi.DOMAIN_VRAM | Uapi.DOMAIN_GART);
    }

    private static NouveauChannel create(NouveauFile file, Engine engine) {
        try {
            return file.createChannel(engine);
        } catch (CoreException e) {
            throw e.error() == CoreError.NO_SPACE ? new DrmException(Errno.ENOSPC, "No channel is left") : e;
        }
    }

    /** The engine that a client names, in a field of another meaning that it takes for that. */
    private Engine engine(MemorySegment arg) {
        int wanted = Uapi.int32(arg, ChannelAlloc.TT_CTXDMA);
        if (Uapi.int32(arg, ChannelAlloc.FB_CTXDMA) != -1) {
            if (wanted == -1) {
                throw new DrmException(Errno.EINVAL, "Handle is impossible");
            }
            return graphics();
        }
        return switch (wanted) {
            case ChannelAlloc.ENGINE_GR -> graphics();
            case ChannelAlloc.ENGINE_CE -> driver.copyEngine();
            case ChannelAlloc.ENGINE_VP, ChannelAlloc.ENGINE_PPP, ChannelAlloc.ENGINE_BSP ->
                throw new DrmException(Errno.EINVAL, "The GPU has no such engine");
            default -> throw new DrmException(Errno.ENOSYS, "Engine is unknown: engine=" + wanted);
        };
    }

    private Engine graphics() {
        return driver.graphicsEngine()
                .orElseThrow(() -> new DrmException(Errno.EINVAL, "The GPU has no graphics engine"));
    }

    private static void free(IoctlCall call) {
        NouveauFile.of(call.file()).freeChannel(Uapi.int32(call.arg(), Uapi.ChannelFree.CHANNEL));
    }

    private static void allocObject(IoctlCall call) {
        MemorySegment arg = call.arg();
        int handle = Uapi.int32(arg, GrobjAlloc.HANDLE);
        if (handle == -1) {
            throw new DrmException(Errno.EINVAL, "Handle is impossible");
        }
        NouveauChannel channel =
                NouveauFile.of(call.file()).requireChannel(Uapi.int32(arg, GrobjAlloc.CHANNEL), Errno.ENOENT);
        int wanted = Uapi.int32(arg, GrobjAlloc.CLASS);
        int kind = wanted & 0xff;
        boolean byKind = kind == SOFTWARE_KIND || VIDEO_KINDS.contains(kind);
        boolean can = channel.classes().stream().anyMatch(one -> byKind ? (one & 0xff) == kind : one == wanted);
        if (!can) {
            throw new DrmException(Errno.EINVAL, "Channel cannot have that class");
        }
        channel.addObject(handle);
    }

    private static void freeObject(IoctlCall call) {
        NouveauChannel channel =
                NouveauFile.of(call.file()).requireChannel(Uapi.int32(call.arg(), GpuobjFree.CHANNEL), Errno.EINVAL);
        channel.removeObject(Uapi.int32(call.arg(), GpuobjFree.HANDLE));
    }
}
