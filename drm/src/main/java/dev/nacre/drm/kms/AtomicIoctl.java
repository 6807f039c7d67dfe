package dev.nacre.drm.kms;

import dev.nacre.drm.Access;
import dev.nacre.drm.ClientCap;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.IoctlCall;
import dev.nacre.drm.NumberPlace;
import dev.nacre.drm.sync.Fence;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Atomic commits. HW: drm_atomic_uapi.c. */
final class AtomicIoctl {
    private static final int EVENT = 1;
    private static final int TEST_ONLY = 0x100;
    private static final int NONBLOCK = 0x200;
    private static final int ALLOW_MODESET = 0x400;
    private static final int MOST_OBJECTS = 4096;
    private static final int MOST_PROPERTIES = 65536;
    private static final int NO_FENCE = -1;

    private final KmsDevice device;

    AtomicIoctl(KmsDevice device) {
        this.device = device;
    }

    List<Ioctl> ioctls() {
        return List.of(new Ioctl(0xbc, "DRM_IOCTL_MODE_ATOMIC", 56, Set.of(Access.MASTER), this::atomic));
    }

    /** A property to be set. */
    private record Setting(int object, int property, long value) {}

    private void atomic(IoctlCall call) throws InterruptedException {
        MemorySegment arg = call.arg();
        int flags = Args.i32(arg, 0);
        boolean test = (flags & TEST_ONLY) != 0;
        if (!call.file().has(ClientCap.ATOMIC)
                || (flags & ~(EVENT | TEST_ONLY | NONBLOCK | ALLOW_MODESET)) != 0
                || Args.i64(arg, 40) != 0
                || (test && (flags & EVENT) != 0)) {
            // As a driver does that knows no asynchronous atomic flips: ASYNC is among the impossible flags.
            throw new DrmException(Errno.EINVAL, "Flags are impossible, or the client does not know atomic commits");
        }
        // GUEST: a client that does not tell its memory or descriptors holds up nobody else: without the lock.
        List<Setting> settings = settings(call);
        List<Fence> waits = waits(call, settings);
        Job job;
        device.lock().lockInterruptibly();
        try {
            job = commit(call, flags, settings, waits);
        } finally {
            device.lock().unlock();
        }
        if ((flags & NONBLOCK) == 0) {
            job.await();
        }
    }

    /** GUEST: all is read before anything is done. */
    private static List<Setting> settings(IoctlCall call) {
        MemorySegment arg = call.arg();
        long count = Args.u32(arg, 4);
        if (count > MOST_OBJECTS) {
            throw new DrmException(Errno.EINVAL, "Too many objects: objects=" + count);
        }
        MemorySegment objects = read(call, 8, (int) count * 4);
        MemorySegment counts = read(call, 16, (int) count * 4);
        long total = 0;
        for (int i = 0; i < count; i++) {
            total += Args.u32(counts, 4L * i);
        }
        if (total > MOST_PROPERTIES) {
            throw new DrmException(Errno.EINVAL, "Too many properties: properties=" + total);
        }
        MemorySegment properties = read(call, 24, (int) total * 4);
        MemorySegment values = read(call, 32, (int) total * 8);
        List<Setting> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            for (long left = Args.u32(counts, 4L * i); left > 0; left--) {
                int at = all.size();
                all.add(new Setting(
                        Args.i32(objects, 4L * i), Args.i32(properties, 4L * at), Args.i64(values, 8L * at)));
            }
        }
        return all;
    }

    private static MemorySegment read(IoctlCall call, long pointerAt, int bytes) {
        MemorySegment in = Args.of(bytes);
        if (bytes > 0) {
            call.user().copyIn(Args.i64(call.arg(), pointerAt), in);
        }
        return in;
    }

    private Job commit(IoctlCall call, int flags, List<Setting> settings, List<Fence> waits) {
        State next = device.state().copy();
        PropertyChange change = new PropertyChange(device, next);
        PropertyValues values = new PropertyValues(device);
        Map<Crtc, Long> outFences = new HashMap<>();
        for (Setting setting : settings) {
            ModeObject object = device.objects().require(setting.object, ModeObject.class);
            Property property = values.require(object, setting.property);
            if (property.key() == Prop.IN_FENCE_FD) {
                if (object instanceof Plane plane) {
                    next.set(plane, next.of(plane));
                }
            } else if (property.key() == Prop.OUT_FENCE_PTR && object instanceof Crtc crtc) {
                next.touch(crtc);
                outFence(call, crtc, setting.value, outFences);
            } else if (property.key() == Prop.DPMS) {
                throw new DrmException(Errno.EINVAL, "Atomic commits know no DPMS");
            } else {
                change.set(object, property, setting.value);
            }
        }
        return commit(call, flags, next, waits, outFences);
    }

    private Job commit(IoctlCall call, int flags, State next, List<Fence> waits, Map<Crtc, Long> outFences) {
        boolean test = (flags & TEST_ONLY) != 0;
        boolean event = (flags & EVENT) != 0;
        if (event && next.touched().isEmpty()) {
            throw new DrmException(Errno.EINVAL, "The commit is about no head that could tell an event");
        }
        long userData = Args.i64(call.arg(), 48);
        List<Fence> ends = new ArrayList<>();
        List<Runnable> gifts = new ArrayList<>();
        if (!test) {
            outFences.forEach((crtc, pointer) -> {
                Fence fence = new Fence();
                ends.add(fence);
                gifts.add(() -> give(call, fence, pointer));
            });
        }
        KmsDevice.Request request = new KmsDevice.Request(
                (flags & ALLOW_MODESET) != 0,
                test,
                (flags & NONBLOCK) == 0,
                false,
                waits,
                crtc -> event ? List.of(LegacyIoctls.flip(call, userData, crtc)) : List.of(),
                ends);
        Job job = device.commit(next, request);
        gifts.forEach(Runnable::run);
        return job;
    }

    private static void give(IoctlCall call, Fence fence, long pointer) {
        Fd fd = call.file().device().syncFiles().export(fence, call.file().descriptors());
        call.user().giveFd(fd, true, new NumberPlace.At(pointer));
    }

    /** The client finds -1 there, unless all goes well. */
    private static void outFence(IoctlCall call, Crtc crtc, long pointer, Map<Crtc, Long> all) {
        if (pointer == 0) {
            return;
        }
        MemorySegment none = Args.of(4);
        Args.put32(none, 0, NO_FENCE);
        call.user().copyOut(pointer, none);
        all.put(crtc, pointer);
    }

    /** What has to end before. The numbers of properties never change. */
    private List<Fence> waits(IoctlCall call, List<Setting> settings) {
        Property property = device.layout().property(Prop.IN_FENCE_FD);
        List<Fence> waits = new ArrayList<>();
        for (Setting setting : settings) {
            if (setting.property == property.id() && setting.value != NO_FENCE) {
                if (!property.admits(setting.value)) {
                    throw new DrmException(Errno.EINVAL, "Not a descriptor");
                }
                waits.add(fence(call, (int) setting.value));
            }
        }
        return waits;
    }

    private static Fence fence(IoctlCall call, int number) {
        try (Fd fd = call.user().takeFd(number)) {
            Fence fence = call.file().device().syncFiles().find(fd);
            if (fence != null) {
                return fence;
            }
        } catch (DrmException e) {
            // Likewise.
        }
        throw new DrmException(Errno.EINVAL, "Not a descriptor of a fence");
    }
}
