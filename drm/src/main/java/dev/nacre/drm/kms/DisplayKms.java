package dev.nacre.drm.kms;

import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.CoreException;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.Kms;
import dev.nacre.drm.KmsInfo;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Kernel mode setting on a core's display: all objects, and the ioctls old and atomic. The core has the display as long as
 * the attachment does. Any thread may call.
 */
public final class DisplayKms implements Kms {
    private static final System.Logger LOG = System.getLogger(DisplayKms.class.getName());
    private static final int DEPTH = 24;

    // TIMEOUT: a commit before may wait for work of the very file that closes; the heads are off after it in any case.
    private static final long CLOSE_NS = 2_000_000_000L;

    private static final int CURSOR_SIDE = 256;

    private final KmsDevice device;
    private final List<Ioctl> ioctls;

    private DisplayKms(KmsDevice device) {
        this.device = device;
        this.ioctls = Stream.of(
                        new ResourceIoctls(device).ioctls(),
                        new PropertyIoctls(device).ioctls(),
                        new FrameBufferIoctls(device).ioctls(),
                        new LegacyIoctls(device).ioctls(),
                        new AtomicIoctl(device).ioctls(),
                        new VblankIoctls(device).ioctls())
                .flatMap(List::stream)
                .toList();
    }

    /**
     * Takes the display of a GPU.
     *
     * @return empty if the core, or the GPU, has none
     * @throws CoreException if it cannot be had: with {@link dev.nacre.core.CoreError#BUSY} if somebody has it
     */
    public static Optional<Kms> open(Attachment attachment) {
        if (!attachment.capabilities().contains(Capability.DISPLAY)) {
            return Optional.empty();
        }
        KmsDevice.Relay relay = new KmsDevice.Relay();
        return Optional.of(new DisplayKms(new KmsDevice(attachment.openDisplay(relay), relay)));
    }

    // HW: nouveau nouveau_display.c and nv50_display_create: preferred_depth, prefer_shadow, async_page_flip, cursor
    @Override
    public KmsInfo info() {
        return new KmsInfo(DEPTH, true, true, false, CURSOR_SIDE, CURSOR_SIDE, true);
    }

    @Override
    public List<Ioctl> ioctls() {
        return ioctls;
    }

    @Override
    public void close(DrmFile file) {
        finish(() -> device.close(file));
    }

    @Override
    public void lastClose() {
        finish(device::turnOff);
    }

    private void finish(Supplier<Job> action) {
        try {
            Job job;
            device.lock().lock();
            try {
                job = action.get();
            } finally {
                device.lock().unlock();
            }
            if (!job.await(CLOSE_NS)) {
                LOG.log(Level.DEBUG, "Heads are turned off later");
            }
        } catch (DrmException | CoreException e) {
            LOG.log(Level.DEBUG, "Heads were not turned off", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
