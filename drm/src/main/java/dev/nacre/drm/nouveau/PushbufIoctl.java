package dev.nacre.drm.nouveau;

import dev.nacre.core.Channel;
import dev.nacre.drm.Access;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.IoctlCall;
import dev.nacre.drm.nouveau.Uapi.Pushbuf;
import dev.nacre.drm.nouveau.Uapi.PushbufBo;
import dev.nacre.drm.nouveau.Uapi.PushbufPush;
import dev.nacre.drm.sync.Fence;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Commands of clients that leave addresses to the driver: GEM_PUSHBUF. */
// HW: nouveau_gem.c, nouveau_gem_ioctl_pushbuf(); relocations are for chips without virtual addresses
final class PushbufIoctl {
    private static final int NR = 0x41;
    private static final int DOMAINS = Uapi.DOMAIN_VRAM | Uapi.DOMAIN_GART;

    // TIMEOUT: what the GPU may take for the commands of a client that waits for their end
    private static final long LONGEST_WAIT_NS = 15_000_000_000L;

    private final NouveauDriver driver;

    PushbufIoctl(NouveauDriver driver) {
        this.driver = driver;
    }

    List<Ioctl> all() {
        return List.of(new Ioctl(
                Uapi.COMMAND_BASE + NR,
                "NOUVEAU_GEM_PUSHBUF",
                Pushbuf.BYTES,
                Set.of(Access.RENDER_ALLOW),
                this::pushbuf));
    }

    /** An object that commands use, with a reference. */
    private record Use(NouveauObject object, boolean writes) {}

    private void pushbuf(IoctlCall call) throws InterruptedException {
        MemorySegment arg = call.arg();
        NouveauFile file = NouveauFile.of(call.file());
        if (file.vm().isPresent()) {
            throw new DrmException(Errno.ENOSYS, "The client manages the addresses");
        }
        NouveauChannel channel = file.requireChannel(Uapi.int32(arg, Pushbuf.CHANNEL), Errno.ENOENT);
        if (channel.isKilled()) {
            throw new DrmException(Errno.ENODEV, "Channel has failed");
        }
        boolean sync = (Uapi.int64(arg, Pushbuf.VRAM_AVAILABLE) & Pushbuf.SYNC) != 0;
        Uapi.put64(arg, Pushbuf.VRAM_AVAILABLE, driver.memory().vramBytes());
        Uapi.put64(arg, Pushbuf.GART_AVAILABLE, driver.memory().gartBytes());
        int pushCount = Uapi.int32(arg, Pushbuf.NR_PUSH);
        if (pushCount != 0) {
            int useCount = Uapi.int32(arg, Pushbuf.NR_BUFFERS);
            requireMost(pushCount, Uapi.MAX_PUSH);
            requireMost(useCount, Uapi.MAX_BUFFERS);
            requireMost(Uapi.int32(arg, Pushbuf.NR_RELOCS), Uapi.MAX_RELOCS);
            LegacyVm vm = file.legacyVm().orElseThrow();
            Fence done = submit(call, vm, channel, pushCount, useCount);
            if (sync && !done.await(System.nanoTime() + LONGEST_WAIT_NS)) {
                throw new DrmException(Errno.EBUSY, "Commands do not end");
            }
        }
        Uapi.put32(arg, Pushbuf.SUFFIX0, 0);
        Uapi.put32(arg, Pushbuf.SUFFIX1, 0);
    }

    private static Fence submit(IoctlCall call, LegacyVm vm, NouveauChannel channel, int pushCount, int useCount) {
        MemorySegment arg = call.arg();
        MemorySegment all =
                Syncs.array(call, Uapi.int64(arg, Pushbuf.PUSH), pushCount, Uapi.MAX_PUSH, PushbufPush.BYTES);
        MemorySegment buffers =
                Syncs.array(call, Uapi.int64(arg, Pushbuf.BUFFERS), useCount, Uapi.MAX_BUFFERS, PushbufBo.BYTES);
        List<Use> uses = new ArrayList<>();
        try {
            for (long at = 0; at < all.byteSize(); at += PushbufPush.BYTES) {
                if (Integer.compareUnsigned(Uapi.int32(all, at + PushbufPush.BO_INDEX), useCount) >= 0) {
                    throw new DrmException(Errno.EINVAL, "Commands lie in no object of the list");
                }
            }
            readUses(call, buffers, uses);
            return submit(vm, channel, pushes(vm, all, uses), uses);
        } finally {
            uses.forEach(use -> use.object.close());
        }
    }

    private static Fence submit(LegacyVm vm, NouveauChannel channel, List<Channel.Push> pushes, List<Use> uses) {
        Fence done = new Fence();
        List<Fence> waits = new ArrayList<>();
        channel.room().ifPresent(waits::add);
        // Work of the same channel comes first anyway.
        Set<Fence> own = new HashSet<>(channel.work());
        for (Use use : uses) {
            long _ = vm.place(use.object);
            use.object.users(use.writes).stream()
                    .filter(fence -> !own.contains(fence))
                    .forEach(waits::add);
        }
        channel.queue()
                .add(
                        new JobQueue.Job(waits, pushes.size() + uses.size(), () -> channel.submit(pushes, done), done),
                        () -> uses.forEach(use -> use.object.use(done, use.writes)));
        return done;
    }

    private static void readUses(IoctlCall call, MemorySegment buffers, List<Use> uses) {
        Set<NouveauObject> seen = new HashSet<>();
        for (long at = 0; at < buffers.byteSize(); at += PushbufBo.BYTES) {
            NouveauObject object =
                    call.file().gems().lookup(Uapi.int32(buffers, at + PushbufBo.HANDLE), NouveauObject.class);
            int reads = Uapi.int32(buffers, at + PushbufBo.READ_DOMAINS);
            int writes = Uapi.int32(buffers, at + PushbufBo.WRITE_DOMAINS);
            int valid = Uapi.int32(buffers, at + PushbufBo.VALID_DOMAINS) & DOMAINS;
            uses.add(new Use(object, writes != 0));
            if (!seen.add(object) || (valid & object.validDomains() & (writes != 0 ? writes : reads)) == 0) {
                throw new DrmException(Errno.EINVAL, "Object is in the list twice, or cannot be where it has to");
            }
        }
    }

    private static List<Channel.Push> pushes(LegacyVm vm, MemorySegment all, List<Use> uses) {
        List<Channel.Push> pushes = new ArrayList<>();
        for (long at = 0; at < all.byteSize(); at += PushbufPush.BYTES) {
            NouveauObject object = uses.get(Uapi.int32(all, at + PushbufPush.BO_INDEX)).object;
            long offset = Uapi.int64(all, at + PushbufPush.OFFSET);
            long bytes = Uapi.int64(all, at + PushbufPush.LENGTH) & ~PushbufPush.NO_PREFETCH;
            // GUEST: nothing outside of the object, whatever the sum is
            if (offset < 0 || bytes < 0 || offset > object.bytes() || bytes > object.bytes() - offset) {
                throw new DrmException(Errno.EINVAL, "Commands do not lie in their object");
            }
            ExecIoctl.add(pushes, vm.place(object) + offset, (int) Math.min(bytes, Integer.MAX_VALUE));
        }
        return pushes;
    }

    private static void requireMost(int count, int most) {
        if (Integer.compareUnsigned(count, most) > 0) {
            throw new DrmException(
                    Errno.EINVAL, "Too many: count=" + Integer.toUnsignedString(count) + " most=" + most);
        }
    }
}
