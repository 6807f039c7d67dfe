package dev.nacre.drm.kms;

import dev.nacre.drm.DrmException;
import dev.nacre.drm.EventReservation;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.IoctlCall;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Counts of frames, and waits for them. Without the display's lock while they wait. HW: drm_vblank.c, drm.h. */
final class VblankIoctls {
    private static final int RELATIVE = 1;
    private static final int TYPES = 1;
    private static final int HIGH_CRTC = 0x3e;
    private static final int EVENT = 0x0400_0000;
    private static final int FLIP = 0x0800_0000;
    private static final int NEXT_ON_MISS = 0x1000_0000;
    private static final int SECONDARY = 0x2000_0000;
    private static final int SIGNAL = 0x4000_0000;
    private static final int KNOWN = TYPES | HIGH_CRTC | EVENT | FLIP | NEXT_ON_MISS | SECONDARY | SIGNAL;
    private static final int VBLANK_EVENT = 1;
    private static final int SEQUENCE_EVENT = 3;
    private static final int SEQUENCE_RELATIVE = 1;
    private static final int SEQUENCE_NEXT_ON_MISS = 2;

    // TIMEOUT: as drm_wait_vblank_ioctl
    private static final long WAIT_SECONDS = 3;

    private final KmsDevice device;

    VblankIoctls(KmsDevice device) {
        this.device = device;
    }

    List<Ioctl> ioctls() {
        return List.of(
                new Ioctl(0x3a, "DRM_IOCTL_WAIT_VBLANK", 24, Set.of(), this::await),
                new Ioctl(0x3b, "DRM_IOCTL_CRTC_GET_SEQUENCE", 24, Set.of(), this::sequence),
                new Ioctl(0x3c, "DRM_IOCTL_CRTC_QUEUE_SEQUENCE", 24, Set.of(), this::queue));
    }

    private void await(IoctlCall call) throws InterruptedException {
        MemorySegment arg = call.arg();
        int type = Args.i32(arg, 0);
        if ((type & SIGNAL) != 0 || (type & ~KNOWN) != 0) {
            throw new DrmException(Errno.EINVAL, "Flags are impossible");
        }
        int high = (type & HIGH_CRTC) >> 1;
        int index = high != 0 ? high : (type & SECONDARY) != 0 ? 1 : 0;
        Crtc crtc = crtcAt(index);
        Vblanks of = running(crtc);
        long now = of.now().count();
        int wanted = Args.i32(arg, 4);
        long target = (type & RELATIVE) != 0 ? now + Integer.toUnsignedLong(wanted) : widen(wanted, now);
        if ((type & NEXT_ON_MISS) != 0 && target <= now) {
            target = now + 1;
        }
        Vblanks.Moment moment = of.now();
        if ((type & EVENT) != 0) {
            event(call, crtc, VBLANK_EVENT, target, Args.i64(arg, 8));
            Args.put32(arg, 4, Math.max(target, 0));
            return;
        }
        if (target > now) {
            moment = await(of, target, call);
        }
        Args.put32(arg, 0, type & ~RELATIVE);
        Args.put32(arg, 4, moment.count());
        Args.put64(arg, 8, moment.timeNs() / 1_000_000_000);
        Args.put64(arg, 16, moment.timeNs() % 1_000_000_000 / 1000);
    }

    /** A sequence of 32 bits as the one of 64 bits that is nearest to the current one. */
    private static long widen(int sequence, long now) {
        return now + (sequence - (int) now);
    }

    private Crtc crtcAt(int index) {
        List<Crtc> all = device.layout().crtcs();
        if (index >= all.size()) {
            throw new DrmException(Errno.EINVAL, "There is no such head");
        }
        return all.get(index);
    }

    private Vblanks running(Crtc crtc) {
        Vblanks of = device.vblanks(crtc);
        if (!of.isRunning()) {
            throw new DrmException(Errno.EINVAL, "The head is off");
        }
        return of;
    }

    private static Vblanks.Moment await(Vblanks of, long target, IoctlCall call) throws InterruptedException {
        CompletableFuture<Vblanks.Moment> reached = new CompletableFuture<>();
        Object waiter = new Object();
        of.at(target, waiter, reached::complete);
        try {
            return reached.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new DrmException(
                    Errno.EBUSY, "The frame does not come: name=" + call.file().node());
        } catch (ExecutionException e) {
            throw new DrmException(Errno.EIO, String.valueOf(e.getMessage()));
        } finally {
            of.forget(waiter);
        }
    }

    private void event(IoctlCall call, Crtc crtc, int type, long target, long userData) {
        EventReservation room = call.file().reserveEvent(Commits.EVENT_BYTES);
        device.vblanks(crtc).at(target, call.file(), moment -> {
            byte[] event = type == VBLANK_EVENT
                    ? Commits.event(type, userData, moment, crtc)
                    : sequenceEvent(userData, moment);
            room.send(event);
        });
    }

    // HW: struct drm_event_crtc_sequence of drm.h
    private static byte[] sequenceEvent(long userData, Vblanks.Moment moment) {
        byte[] bytes = new byte[Commits.EVENT_BYTES];
        MemorySegment event = MemorySegment.ofArray(bytes);
        Args.put32(event, 0, SEQUENCE_EVENT);
        Args.put32(event, 4, bytes.length);
        Args.put64(event, 8, userData);
        Args.put64(event, 16, moment.timeNs());
        Args.put64(event, 24, moment.count());
        return bytes;
    }

    private Crtc find(int id) throws InterruptedException {
        device.lock().lockInterruptibly();
        try {
            return device.objects().require(id, Crtc.class);
        } finally {
            device.lock().unlock();
        }
    }

    private void sequence(IoctlCall call) throws InterruptedException {
        MemorySegment arg = call.arg();
        Vblanks of = running(find(Args.i32(arg, 0)));
        Vblanks.Moment moment = of.now();
        Args.put32(arg, 4, 1);
        Args.put64(arg, 8, moment.count());
        Args.put64(arg, 16, moment.timeNs());
    }

    private void queue(IoctlCall call) throws InterruptedException {
        MemorySegment arg = call.arg();
        Crtc crtc = find(Args.i32(arg, 0));
        int flags = Args.i32(arg, 4);
        if ((flags & ~(SEQUENCE_RELATIVE | SEQUENCE_NEXT_ON_MISS)) != 0) {
            throw new DrmException(Errno.EINVAL, "Flags are impossible");
        }
        long now = running(crtc).now().count();
        long target = Args.i64(arg, 8) + ((flags & SEQUENCE_RELATIVE) != 0 ? now : 0);
        if ((flags & SEQUENCE_NEXT_ON_MISS) != 0 && target <= now) {
            target = now + 1;
        }
        event(call, crtc, SEQUENCE_EVENT, target, Args.i64(arg, 16));
        Args.put64(arg, 8, target);
    }
}
