package dev.nacre.drm.kms;

import dev.nacre.core.CoreException;
import dev.nacre.core.DisplaySurface;
import dev.nacre.drm.Access;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.IoctlCall;
import dev.nacre.drm.gem.GemObject;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Frame buffers. HW: structures of {@code drm_mode.h}; the checks are those of drm_framebuffer.c. */
final class FrameBufferIoctls {
    private static final int MOST_PER_FILE = 4096;
    private static final int FLAG_INTERLACED = 1;
    private static final int FLAG_MODIFIERS = 1 << 1;
    private static final int PLANES = 4;
    private static final int MOST_CLIPS = 256;
    private static final int DIRTY_FLAGS = 3;
    private static final int DIRTY_COPY = 1;
    private static final int CLIP_BYTES = 8;

    private final KmsDevice device;

    FrameBufferIoctls(KmsDevice device) {
        this.device = device;
    }

    List<Ioctl> ioctls() {
        return List.of(
                new Ioctl(0xad, "DRM_IOCTL_MODE_GETFB", 28, Set.of(), device.locked(this::get)),
                new Ioctl(0xae, "DRM_IOCTL_MODE_ADDFB", 28, Set.of(), device.locked(this::add)),
                new Ioctl(0xaf, "DRM_IOCTL_MODE_RMFB", 4, Set.of(), this::remove),
                new Ioctl(0xb1, "DRM_IOCTL_MODE_DIRTYFB", 24, Set.of(Access.MASTER), this::dirty),
                new Ioctl(0xb8, "DRM_IOCTL_MODE_ADDFB2", 104, Set.of(), device.locked(this::add2)),
                new Ioctl(0xce, "DRM_IOCTL_MODE_GETFB2", 104, Set.of(), device.locked(this::get2)),
                new Ioctl(0xd0, "DRM_IOCTL_MODE_CLOSEFB", 8, Set.of(), device.locked(this::close)));
    }

    private void add(IoctlCall call) {
        MemorySegment arg = call.arg();
        int bpp = Args.i32(arg, 16);
        int depth = Args.i32(arg, 20);
        PixelFormat format = PixelFormat.of(bpp, depth)
                .orElseThrow(() -> new DrmException(Errno.EINVAL, "No such format: bpp=" + bpp + " depth=" + depth));
        Wish wish = new Wish(Args.u32(arg, 4), Args.u32(arg, 8), format, Args.u32(arg, 12), 0, Modifier.LINEAR, false);
        Args.put32(arg, 0, make(call.file(), wish, Args.i32(arg, 24)).id());
    }

    /** What a client wants to be a picture. */
    private record Wish(
            long width, long height, PixelFormat format, long pitch, long offset, long modifier, boolean modified) {}

    private void add2(IoctlCall call) {
        MemorySegment arg = call.arg();
        int flags = Args.i32(arg, 16);
        if ((flags & ~(FLAG_INTERLACED | FLAG_MODIFIERS)) != 0) {
            throw new DrmException(Errno.EINVAL, "Flags are impossible");
        }
        boolean modified = (flags & FLAG_MODIFIERS) != 0;
        PixelFormat format =
                PixelFormat.of(Args.i32(arg, 12)).orElseThrow(() -> new DrmException(Errno.EINVAL, "No such format"));
        for (int plane = 1; plane < PLANES; plane++) {
            long unused = Args.u32(arg, 20 + 4L * plane)
                    | Args.u32(arg, 36 + 4L * plane)
                    | Args.u32(arg, 52 + 4L * plane)
                    | (modified ? Args.i64(arg, 72 + 8L * plane) : 0);
            if (unused != 0) {
                throw new DrmException(Errno.EINVAL, "The format has one plane");
            }
        }
        Wish wish = new Wish(
                Args.u32(arg, 4),
                Args.u32(arg, 8),
                format,
                Args.u32(arg, 36),
                Args.u32(arg, 52),
                modified ? Args.i64(arg, 72) : Modifier.LINEAR,
                modified);
        Args.put32(arg, 0, make(call.file(), wish, Args.i32(arg, 20)).id());
    }

    private FrameBuffer make(DrmFile file, Wish wish, int handle) {
        long least = wish.width * wish.format.bytesPerPixel();
        if (wish.width == 0
                || wish.height == 0
                || wish.width > KmsDevice.MOST_SIDE
                || wish.height > KmsDevice.MOST_SIDE
                || handle == 0
                || wish.pitch < least
                || wish.pitch > Integer.MAX_VALUE) {
            throw new DrmException(Errno.EINVAL, "Picture is impossible: " + wish);
        }
        if (device.frameBuffersOf(file).size() >= MOST_PER_FILE) {
            throw new DrmException(Errno.ENOMEM, "The file has too many frame buffers");
        }
        GemObject object = file.gems().lookup(handle);
        boolean made = false;
        try {
            FrameBuffer fb = device.add(frameBuffer(wish, object, file));
            made = true;
            return fb;
        } finally {
            if (!made) {
                object.close();
            }
        }
    }

    private static FrameBuffer frameBuffer(Wish wish, GemObject object, @Nullable DrmFile owner) {
        int blockHeight = Modifier.blockHeight(wish.modifier)
                .orElseThrow(() -> new DrmException(Errno.EINVAL, "No such modifier"));
        try {
            DisplaySurface surface = new DisplaySurface(
                    object.memory(),
                    wish.offset,
                    (int) wish.width,
                    (int) wish.height,
                    (int) wish.pitch,
                    wish.format.format(),
                    blockHeight);
            return new FrameBuffer(surface, wish.format, wish.modifier, wish.modified, object, owner);
        } catch (CoreException e) {
            throw new DrmException(Errno.EINVAL, String.valueOf(e.getMessage()));
        }
    }

    /** The picture of a cursor: a square without gaps. With the display's lock. */
    static FrameBuffer cursor(KmsDevice device, DrmFile file, int handle, long width, long height) {
        GemObject object = file.gems().lookup(handle);
        boolean made = false;
        try {
            Wish wish = new Wish(width, height, PixelFormat.AR24, width * 4, 0, Modifier.LINEAR, false);
            FrameBuffer fb = device.add(frameBuffer(wish, object, null));
            made = true;
            return fb;
        } finally {
            if (!made) {
                object.close();
            }
        }
    }

    private FrameBuffer own(IoctlCall call) {
        FrameBuffer fb = device.objects().require(Args.i32(call.arg(), 0), FrameBuffer.class);
        if (fb.owner() != call.file()) {
            throw new DrmException(Errno.ENOENT, "The frame buffer is not the file's");
        }
        return fb;
    }

    private void remove(IoctlCall call) throws InterruptedException {
        Job job;
        device.lock().lockInterruptibly();
        try {
            FrameBuffer fb = own(call);
            job = device.commit(device.without(List.of(fb)), KmsDevice.Request.LEGACY);
            device.remove(fb);
        } finally {
            device.lock().unlock();
        }
        job.await();
    }

    private void close(IoctlCall call) {
        if (Args.i32(call.arg(), 4) != 0) {
            throw new DrmException(Errno.EINVAL, "Padding is to be zero");
        }
        device.remove(own(call));
    }

    /**
     * HW: nouveau_display.c: nouveau_framebuffer_funcs has no dirty(), which drm_mode_dirtyfb_ioctl() takes for ENOSYS. Heads
     * read memory anew for each frame, so that nothing is to be done.
     */
    private void dirty(IoctlCall call) throws InterruptedException {
        MemorySegment arg = call.arg();
        device.locked(_ -> device.objects().require(Args.i32(arg, 0), FrameBuffer.class))
                .call(call);
        int flags = Args.i32(arg, 4) & DIRTY_FLAGS;
        long clips = Args.u32(arg, 12);
        long pointer = Args.i64(arg, 16);
        if ((clips == 0) != (pointer == 0) || clips > MOST_CLIPS || ((flags & DIRTY_COPY) != 0 && clips % 2 != 0)) {
            throw new DrmException(Errno.EINVAL, "Clips are impossible");
        }
        if (clips > 0) {
            call.user().copyIn(pointer, Args.of((int) clips * CLIP_BYTES));
        }
        throw new DrmException(Errno.ENOSYS, "Nothing is to be done");
    }

    /** Only who may show pictures gets handles of others'. */
    private static int handle(IoctlCall call, FrameBuffer fb) {
        return call.file().isMaster() || call.caller().isRoot()
                ? call.file().gems().create(fb.object())
                : 0;
    }

    private void get(IoctlCall call) {
        MemorySegment arg = call.arg();
        FrameBuffer fb = device.objects().require(Args.i32(arg, 0), FrameBuffer.class);
        Args.put32(arg, 4, fb.surface().width());
        Args.put32(arg, 8, fb.surface().height());
        Args.put32(arg, 12, fb.surface().pitchBytes());
        Args.put32(arg, 16, fb.format().bytesPerPixel() * 8L);
        Args.put32(arg, 20, fb.format().depth());
        Args.put32(arg, 24, handle(call, fb));
    }

    private void get2(IoctlCall call) {
        MemorySegment arg = call.arg();
        FrameBuffer fb = device.objects().require(Args.i32(arg, 0), FrameBuffer.class);
        arg.asSlice(4, 100).fill((byte) 0);
        Args.put32(arg, 4, fb.surface().width());
        Args.put32(arg, 8, fb.surface().height());
        Args.put32(arg, 12, fb.format().fourcc());
        Args.put32(arg, 16, fb.isModified() ? FLAG_MODIFIERS : 0);
        Args.put32(arg, 20, handle(call, fb));
        Args.put32(arg, 36, fb.surface().pitchBytes());
        Args.put32(arg, 52, fb.surface().offset());
        Args.put64(arg, 72, fb.isModified() ? fb.modifier() : 0);
    }
}
