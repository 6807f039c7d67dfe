package dev.nacre.drm.nouveau;

import dev.nacre.core.Channel;
import dev.nacre.drm.Access;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.IoctlCall;
import dev.nacre.drm.nouveau.Uapi.Exec;
import dev.nacre.drm.nouveau.Uapi.ExecPush;
import dev.nacre.drm.sync.Fence;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Commands of clients that manage addresses: EXEC. */
// HW: nouveau_exec.c
final class ExecIoctl {
    private static final int NR = 0x12;

    List<Ioctl> all() {
        return List.of(new Ioctl(
                Uapi.COMMAND_BASE + NR, "NOUVEAU_EXEC", Exec.BYTES, Set.of(Access.RENDER_ALLOW), ExecIoctl::exec));
    }

    private static void exec(IoctlCall call) {
        MemorySegment arg = call.arg();
        NouveauFile file = NouveauFile.of(call.file());
        GpuVm vm = file.requireVm();
        NouveauChannel channel = file.requireChannel(Uapi.int32(arg, Exec.CHANNEL), Errno.ENOENT);
        if (channel.isKilled()) {
            throw new DrmException(Errno.ENODEV, "Channel has failed");
        }
        int count = Uapi.int32(arg, Exec.PUSH_COUNT);
        if (Integer.compareUnsigned(count, Uapi.EXEC_PUSH_MAX) > 0) {
            throw new DrmException(Errno.EINVAL, "Too many pushes: most=" + Uapi.EXEC_PUSH_MAX);
        }
        List<Channel.Push> pushes =
                pushes(Syncs.array(call, Uapi.int64(arg, Exec.PUSH_PTR), count, Uapi.EXEC_PUSH_MAX, ExecPush.BYTES));
        List<Fence> waits = Syncs.waits(call, Uapi.int64(arg, Exec.WAIT_PTR), Uapi.int32(arg, Exec.WAIT_COUNT));
        List<Syncs.Out> signals = Syncs.signals(call, Uapi.int64(arg, Exec.SIG_PTR), Uapi.int32(arg, Exec.SIG_COUNT));
        channel.room().ifPresent(waits::add);
        Fence done = new Fence();
        int parts = pushes.size() + signals.size();
        channel.queue().add(new JobQueue.Job(waits, parts, () -> channel.submit(pushes, done), done), () -> {
            vm.use(done);
            signals.forEach(one -> one.attach(done, call.file().backlog()));
        });
    }

    private static List<Channel.Push> pushes(MemorySegment all) {
        List<Channel.Push> pushes = new ArrayList<>();
        for (long at = 0; at < all.byteSize(); at += ExecPush.BYTES) {
            add(pushes, Uapi.int64(all, at + ExecPush.VA), Uapi.int32(all, at + ExecPush.VA_LEN));
        }
        return pushes;
    }

    /**
     * Adds commands to a list.
     *
     * @throws DrmException with EINVAL if the GPU cannot be told of them
     */
    static void add(List<Channel.Push> pushes, long address, int bytes) {
        if (Integer.compareUnsigned(bytes, Uapi.MOST_PUSH_BYTES) > 0
                || bytes % 4 != 0
                || address % 4 != 0
                || address < 0) {
            throw new DrmException(
                    Errno.EINVAL,
                    "Commands are impossible: address=0x" + Long.toHexString(address) + " bytes="
                            + Integer.toUnsignedString(bytes));
        }
        if (bytes > 0) {
            pushes.add(new Channel.Push(address, bytes));
        }
    }
}
