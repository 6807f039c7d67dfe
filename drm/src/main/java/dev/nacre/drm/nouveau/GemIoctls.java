package dev.nacre.drm.nouveau;

import dev.nacre.drm.Access;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.IoctlCall;
import dev.nacre.drm.nouveau.Uapi.CpuPrep;
import dev.nacre.drm.nouveau.Uapi.GemInfo;
import dev.nacre.drm.nouveau.Uapi.GemNew;
import dev.nacre.drm.sync.Fence;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Graphics memory: GEM_NEW, GEM_INFO, GEM_CPU_PREP, GEM_CPU_FINI. */
// HW: nouveau_gem.c, nouveau_bo.c
final class GemIoctls {
    private static final long PAGE_BYTES = 4096;

    // GUEST: more than any board has
    private static final long MOST_BYTES = 1L << 40;

    // HW: NOUVEAU_GEM_TILE_LAYOUT_MASK; kinds of Turing and later have 4 bits, and one stands for none
    private static final int KIND_SHIFT = 8;
    private static final int KIND_MASK = 0xff;
    private static final int MOST_KIND = 0xf;
    private static final int KIND_INVALID = 7;
    private static final int TILE_NONCONTIG = 8;

    // TIMEOUT: what nouveau_gem_ioctl_cpu_prep() waits at most
    private static final long LONGEST_WAIT_NS = 30_000_000_000L;

    private final NouveauDriver driver;

    GemIoctls(NouveauDriver driver) {
        this.driver = driver;
    }

    List<Ioctl> all() {
        Set<Access> anybody = Set.of(Access.RENDER_ALLOW);
        int base = Uapi.COMMAND_BASE;
        return List.of(
                new Ioctl(base + 0x40, "NOUVEAU_GEM_NEW", GemNew.BYTES, anybody, this::create),
                new Ioctl(
                        base + 0x42,
                        "NOUVEAU_GEM_CPU_PREP",
                        CpuPrep.BYTES,
                        Ioctl.Direction.IN,
                        anybody,
                        GemIoctls::cpuPrep),
                new Ioctl(
                        base + 0x43,
                        "NOUVEAU_GEM_CPU_FINI",
                        Uapi.CpuFini.BYTES,
                        Ioctl.Direction.IN,
                        anybody,
                        call -> lookup(call, Uapi.CpuFini.HANDLE).close()),
                new Ioctl(base + 0x44, "NOUVEAU_GEM_INFO", GemInfo.BYTES, anybody, GemIoctls::info));
    }

    private static NouveauObject lookup(IoctlCall call, int offset) {
        return call.file().gems().lookup(Uapi.int32(call.arg(), offset), NouveauObject.class);
    }

    private void create(IoctlCall call) {
        // Whoever makes objects before VM_INIT leaves the addresses to the driver.
        Optional<LegacyVm> _ = NouveauFile.of(call.file()).legacyVm();
        MemorySegment arg = call.arg();
        long size = Uapi.int64(arg, GemInfo.SIZE);
        int kind = Uapi.int32(arg, GemInfo.TILE_FLAGS) >>> KIND_SHIFT & KIND_MASK;
        if (size == 0 || kind > MOST_KIND || kind == KIND_INVALID) {
            throw new DrmException(Errno.EINVAL, "Object is impossible: bytes=" + size + " kind=" + kind);
        }
        if (size < 0 || size > MOST_BYTES) {
            throw new DrmException(Errno.ENOMEM, "Object is too large: bytes=" + Long.toUnsignedString(size));
        }
        long bytes = size + PAGE_BYTES - 1 & -PAGE_BYTES;
        int domains = Uapi.int32(arg, GemInfo.DOMAIN);
        try (NouveauObject made = driver.create(bytes, domains, Uapi.int32(arg, GemInfo.TILE_MODE), kind)) {
            fill(call, made);
            Uapi.put32(arg, GemInfo.HANDLE, call.file().gems().create(made));
        }
    }

    private static void info(IoctlCall call) {
        try (NouveauObject object = lookup(call, GemInfo.HANDLE)) {
            fill(call, object);
        }
    }

    /** Tells of an object; the driver puts it somewhere, if the addresses are its business. */
    private static void fill(IoctlCall call, NouveauObject object) {
        MemorySegment arg = call.arg();
        long address = NouveauFile.of(call.file())
                .legacyVm()
                .map(vm -> vm.place(object))
                .orElse(0L);
        Uapi.put32(arg, GemInfo.DOMAIN, object.domain());
        Uapi.put64(arg, GemInfo.SIZE, object.bytes());
        Uapi.put64(arg, GemInfo.OFFSET, address);
        long map = object.isMappable() ? call.file().device().gems().mmapOffset(object) : 0;
        Uapi.put64(arg, GemInfo.MAP_HANDLE, map);
        Uapi.put32(arg, GemInfo.TILE_MODE, object.tileMode());
        Uapi.put32(arg, GemInfo.TILE_FLAGS, object.kind() << KIND_SHIFT | TILE_NONCONTIG);
    }

    private static void cpuPrep(IoctlCall call) throws InterruptedException {
        int flags = Uapi.int32(call.arg(), CpuPrep.FLAGS);
        List<Fence> users;
        try (NouveauObject object = lookup(call, CpuPrep.HANDLE)) {
            users = object.users((flags & CpuPrep.WRITE) != 0);
        }
        long deadlineNs = System.nanoTime() + ((flags & CpuPrep.NOWAIT) != 0 ? 0 : LONGEST_WAIT_NS);
        for (Fence user : users) {
            if (!user.await(deadlineNs)) {
                throw new DrmException(Errno.EBUSY, "Object is in use");
            }
        }
    }
}
