package dev.nacre.drm.ioctl;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.drm.DrmException;
import dev.nacre.drm.NumberPlace;
import dev.nacre.drm.gem.GemObject;
import dev.nacre.drm.sync.Fence;
import dev.nacre.drm.sync.FenceGroup;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import java.util.List;
import java.util.Optional;

/** What clients ask of descriptors of graphics memory. HW: {@code linux/dma-buf.h}, {@code dma-buf.c}. */
public final class DmaBufIoctls {
    // HW: dma-buf.h: DMA_BUF_IOCTL_SYNC, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, DMA_BUF_IOCTL_IMPORT_SYNC_FILE
    private static final int SYNC = 0x4008_6200;
    private static final int EXPORT_SYNC_FILE = 0xc008_6202;
    private static final int IMPORT_SYNC_FILE = 0x4008_6203;

    // HW: dma-buf.h: DMA_BUF_SYNC_*
    private static final int WRITE = 2;
    private static final int READ_WRITE = 3;
    private static final int END = 4;

    // TIMEOUT: as the kernel, for as long as the work takes; ended by the hang-up of the client, or the end of who
    // gave the work
    private static final long FOREVER_NS = Long.MAX_VALUE / 4;

    private DmaBufIoctls() {}

    /** What runs a command; empty if there is no such. */
    public static Optional<DescriptorCall.Handler> handler(int command) {
        return switch (command) {
            case SYNC -> Optional.of(DmaBufIoctls::sync);
            case EXPORT_SYNC_FILE -> Optional.of(DmaBufIoctls::exportSyncFile);
            case IMPORT_SYNC_FILE -> Optional.of(DmaBufIoctls::importSyncFile);
            default -> Optional.empty();
        };
    }

    /** The processor is about to use the memory, which waits for others that do, or has used it. */
    private static void sync(DescriptorCall call) throws InterruptedException {
        long flags = call.arg().get(JAVA_LONG, 0);
        DescriptorCall.require((flags & ~(READ_WRITE | END)) == 0 && (flags & READ_WRITE) != 0);
        if ((flags & END) == 0) {
            for (Fence user : users(call, (flags & WRITE) != 0)) {
                boolean _ = user.await(System.nanoTime() + FOREVER_NS);
            }
        }
    }

    private static List<Fence> users(DescriptorCall call, boolean forWrite) {
        try (GemObject object = call.device().gems().imported(call.given())) {
            return object.users(forWrite);
        }
    }

    private static boolean isForWrite(DescriptorCall call) {
        int flags = call.arg().get(JAVA_INT, 0);
        DescriptorCall.require((flags & ~READ_WRITE) == 0 && flags != 0);
        return (flags & WRITE) != 0;
    }

    private static void exportSyncFile(DescriptorCall call) {
        List<Fence> users = users(call, isForWrite(call));
        Fence fence = FenceGroup.of(users, call.payer().backlog());
        Fd made = call.device().syncFiles().export(fence, call.payer().descriptors());
        call.user().giveFd(made, true, new NumberPlace.InArg(4));
    }

    private static void importSyncFile(DescriptorCall call) {
        boolean forWrite = isForWrite(call);
        Fence fence = fence(call, call.arg().get(JAVA_INT, 4));
        try (GemObject object = call.device().gems().imported(call.given())) {
            for (Fence part : FenceGroup.partsOf(fence)) {
                object.addUser(part, forWrite, call.payer().backlog());
            }
        }
    }

    private static Fence fence(DescriptorCall call, int number) {
        try (Fd given = call.user().takeFd(number)) {
            return call.device().syncFiles().find(given);
        } catch (DrmException e) {
            throw e.errno() == Errno.EBADF ? new DrmException(Errno.EINVAL, "No such descriptor: " + number) : e;
        }
    }
}
