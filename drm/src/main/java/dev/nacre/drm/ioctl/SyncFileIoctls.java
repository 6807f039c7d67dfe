package dev.nacre.drm.ioctl;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.drm.DrmException;
import dev.nacre.drm.NumberPlace;
import dev.nacre.drm.sync.Fence;
import dev.nacre.drm.sync.FenceGroup;
import dev.nacre.drm.sync.SyncFiles;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What clients ask of descriptors of fences. HW: {@code linux/sync_file.h}, {@code sync_file.c}. */
public final class SyncFileIoctls {
    // HW: sync_file.h: SYNC_IOC_MERGE, SYNC_IOC_FILE_INFO, SYNC_IOC_SET_DEADLINE
    private static final int MERGE = 0xc030_3e03;
    private static final int FILE_INFO = 0xc038_3e04;
    private static final int SET_DEADLINE = 0x4010_3e05;

    private static final int NAME_BYTES = 32;

    // HW: struct sync_merge_data
    private static final int MERGE_FD2 = 32;
    private static final int MERGE_FENCE = 36;
    private static final int MERGE_FLAGS = 40;
    private static final int MERGE_PAD = 44;

    // HW: struct sync_file_info
    private static final int INFO_STATUS = 32;
    private static final int INFO_FLAGS = 36;
    private static final int INFO_NUM_FENCES = 40;
    private static final int INFO_PAD = 44;
    private static final int INFO_FENCES = 48;

    // HW: struct sync_fence_info
    private static final int FENCE_BYTES = 80;
    private static final int FENCE_DRIVER = 32;
    private static final int FENCE_STATUS = 64;
    private static final int FENCE_TIME = 72;

    /** As what work is done, for drivers whose fences have no names of their own. */
    private static final String TIMELINE = "nacre";

    private SyncFileIoctls() {}

    /** What runs a command; empty if there is no such. */
    public static Optional<DescriptorCall.Handler> handler(int command) {
        return switch (command) {
            case MERGE -> Optional.of(SyncFileIoctls::merge);
            case FILE_INFO -> Optional.of(SyncFileIoctls::info);
            // Work is done as soon as it can be anyway.
            case SET_DEADLINE ->
                Optional.of(call -> DescriptorCall.require(call.arg().get(JAVA_LONG, 8) == 0));
            default -> Optional.empty();
        };
    }

    private static void merge(DescriptorCall call) {
        MemorySegment arg = call.arg();
        DescriptorCall.require(arg.get(JAVA_INT, MERGE_FLAGS) == 0 && arg.get(JAVA_INT, MERGE_PAD) == 0);
        SyncFiles files = call.device().syncFiles();
        Fence other = fence(call, arg.get(JAVA_INT, MERGE_FD2));
        Fence merged = FenceGroup.of(
                List.of(files.find(call.given()), other), call.payer().backlog());
        Fd made = files.export(merged, name(arg), call.payer().descriptors());
        call.user().giveFd(made, true, new NumberPlace.InArg(MERGE_FENCE));
    }

    private static Fence fence(DescriptorCall call, int number) {
        try (Fd given = call.user().takeFd(number)) {
            return call.device().syncFiles().find(given);
        } catch (DrmException e) {
            boolean isNone = e.errno() == Errno.EBADF || e.errno() == Errno.EINVAL;
            throw isNone ? new DrmException(Errno.ENOENT, "Not a descriptor of a fence: " + number) : e;
        }
    }

    /** GUEST: any bytes, up to a zero or one short of all. */
    private static String name(MemorySegment arg) {
        byte[] bytes = arg.asSlice(0, NAME_BYTES - 1).toArray(JAVA_BYTE);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private static void info(DescriptorCall call) {
        MemorySegment arg = call.arg();
        DescriptorCall.require(arg.get(JAVA_INT, INFO_FLAGS) == 0 && arg.get(JAVA_INT, INFO_PAD) == 0);
        SyncFiles.Exported file = call.device().syncFiles().look(call.given());
        String driver = call.device().driver().info().name();
        List<Fence> parts = FenceGroup.partsOf(file.fence());
        int room = arg.get(JAVA_INT, INFO_NUM_FENCES);
        int status = status(file.fence());
        if (room != 0) {
            DescriptorCall.require(Integer.compareUnsigned(room, parts.size()) >= 0);
            MemorySegment all = MemorySegment.ofArray(new long[parts.size() * FENCE_BYTES / Long.BYTES]);
            status = 1;
            for (int i = 0; i < parts.size(); i++) {
                int of = fill(all.asSlice((long) i * FENCE_BYTES, FENCE_BYTES), parts.get(i), driver);
                status = status <= 0 ? status : of;
            }
            call.user().copyOut(arg.get(JAVA_LONG, INFO_FENCES), all);
        }
        String made = driver + "-" + TIMELINE + "0-" + file.number();
        put(arg, 0, file.name().isEmpty() ? made : file.name());
        arg.set(JAVA_INT, INFO_STATUS, status);
        arg.set(JAVA_INT, INFO_NUM_FENCES, parts.size());
    }

    /** 0 for work that has not ended, 1 for such that has, below 0 for such that has failed. */
    private static int status(Fence fence) {
        return fence.isSignalled() ? fence.error().map(why -> -why.number()).orElse(1) : 0;
    }

    private static int fill(MemorySegment info, Fence fence, String driver) {
        int status = status(fence);
        put(info, 0, TIMELINE);
        put(info, FENCE_DRIVER, driver);
        info.set(JAVA_INT, FENCE_STATUS, status);
        info.set(JAVA_LONG, FENCE_TIME, status == 0 ? 0 : fence.endedNs());
        return status;
    }

    private static void put(MemorySegment at, long offset, String text) {
        MemorySegment field = at.asSlice(offset, NAME_BYTES).fill((byte) 0);
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        MemorySegment.copy(bytes, 0, field, JAVA_BYTE, 0, Math.min(bytes.length, NAME_BYTES - 1));
    }
}
