package dev.nacre.corejava.vgpu;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.VgpuSurface;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.corejava.io.Waits;
import dev.nacre.hw.vgpu.SharedArea;
import dev.nacre.hw.vgpu.Surface;
import dev.nacre.hw.vgpu.VgpuAbi;
import java.util.ArrayList;
import java.util.List;

/** Reads what heads show out of the response region. One thread. */
final class Surfaces {
    // TIMEOUT: the plugin writes an entry in microseconds.
    private static final long STABLE_NS = 1_000_000_000L;

    private static final long MOST_ACROSS = 1 << 15;
    private static final long MOST_PITCH_BYTES = MOST_ACROSS * 16;
    private static final int MOST_UNIT_BYTES = 2 << 20;
    private static final int MOST_BLOCK_HEIGHT = 5;

    private final PluginArea area;
    private final PluginCalls.Line line;
    private final String who;
    private final long fbBytes;
    private final List<VgpuSurface> found = new ArrayList<>();

    Surfaces(PluginArea area, PluginCalls.Line line, String who, long fbBytes) {
        this.area = area;
        this.line = line;
        this.who = who;
        this.fbBytes = fbBytes;
    }

    /** Those that {@link #read} has found. */
    List<VgpuSurface> all() {
        return List.copyOf(found);
    }

    void read() {
        for (int head = 0; head < SharedArea.SURFACES; head++) {
            HostileBytes entry = stable(head);
            if (entry.byteAt(layout().headBlanked()) == 0 && entry.intAt(Surface.RECT_WIDTH) != 0) {
                found.add(surface(head, entry));
            }
        }
    }

    private VgpuAbi.SurfaceLayout layout() {
        return area.abi().surface();
    }

    /** An entry that was not being written while it was read. */
    private HostileBytes stable(int head) {
        int at = SharedArea.RESPONSE + area.abi().response().surfaces() + head * layout().bytes();
        HostileBytes[] entry = new HostileBytes[1];
        boolean whole = Waits.until(STABLE_NS, () -> {
            line.requireOpen();
            // ORDERING: the end's number before the content, the start's after it.
            long end = area.read64(at + Surface.SEQ_END);
            entry[0] = area.read("Surface of head " + head + " of " + who, at, layout().bytes());
            return area.read64(at + Surface.SEQ_START) == end;
        });
        if (!whole) {
            throw new CoreException(CoreError.TIMED_OUT, "Plugin does not finish a surface: " + who + " head=" + head);
        }
        return entry[0];
    }

    // GUEST: the guest has chosen what its heads show, and the plugin what it says of that.
    private VgpuSurface surface(int head, HostileBytes entry) {
        long width = entry.uintAt(Surface.RECT_WIDTH);
        long height = entry.uintAt(Surface.RECT_HEIGHT);
        long pitch = entry.uintAt(Surface.SURFACE_PITCH);
        int unit = entry.intAt(Surface.EFFECTIVE_FB_PAGE_SIZE);
        entry.require(width <= MOST_ACROSS && height >= 1 && height <= MOST_ACROSS, width + " by " + height);
        entry.require(pitch <= MOST_PITCH_BYTES, "pitch of " + pitch);
        entry.require(unit > 0 && unit <= MOST_UNIT_BYTES && Integer.bitCount(unit) == 1, "unit of " + unit);
        long offset = entry.uintAt(Surface.SURFACE_OFFSET) * unit;
        long bytes = entry.uintAt(Surface.SURFACE_SIZE);
        entry.require(bytes <= fbBytes && offset <= fbBytes - bytes, "offset=" + offset + " bytes=" + bytes);
        int blockHeight = entry.byteAt(Surface.BLOCK_HEIGHT);
        entry.require(blockHeight <= MOST_BLOCK_HEIGHT, "block of height " + blockHeight);
        // CAST: checked above.
        return new VgpuSurface(
                head,
                (int) width,
                (int) height,
                (int) pitch,
                offset,
                bytes,
                entry.intAt(Surface.SURFACE_FORMAT),
                entry.byteAt(layout().blockLinear()) != 0,
                blockHeight);
    }
}
