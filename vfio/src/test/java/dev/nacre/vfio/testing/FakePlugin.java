package dev.nacre.vfio.testing;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.GspLog;
import dev.nacre.core.VgpuGuestInfo;
import dev.nacre.core.VgpuPlugin;
import dev.nacre.core.VgpuSurface;
import dev.nacre.core.VgpuUsage;
import java.util.List;

/** A plugin that says what it is told to. */
final class FakePlugin implements VgpuPlugin {
    private final FakeAttachment attachment;
    private final int vfIndex;
    private boolean closed;

    FakePlugin(FakeAttachment attachment, int vfIndex) {
        this.attachment = attachment;
        this.vfIndex = vfIndex;
    }

    @Override
    public int vfIndex() {
        return vfIndex;
    }

    @Override
    public void reset() {
        requireOpen();
    }

    @Override
    public void busMaster(boolean enabled, boolean allowed) {
        requireOpen();
    }

    @Override
    public VgpuGuestInfo guestInfo() {
        requireOpen();
        return new VgpuGuestInfo(true, "570.144", 1);
    }

    @Override
    public List<VgpuSurface> surfaces() {
        requireOpen();
        return List.of();
    }

    @Override
    public VgpuUsage usage() {
        requireOpen();
        return new VgpuUsage(4096, 1, 2, 3, 4);
    }

    @Override
    public List<GspLog> logs() {
        requireOpen();
        return List.of();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            attachment.ended(vfIndex);
        }
    }

    private synchronized void requireOpen() {
        if (closed) {
            throw new CoreException(CoreError.STALE, "Closed");
        }
    }
}
