package dev.nacre.board.disp;

import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.regs.PdispHead;

/** A head's raster and its timing events. Guarded by the display's lock. */
final class Head {
    // The last visible pixel and the beginning of the blank are one moment here.
    private static final int BLANK_EVENTS = PdispHead.EVENT_LAST_DATA | PdispHead.EVENT_VBLANK;

    private final int index;
    private int mostFrames = Raster.MAX_FRAMES_PER_SECOND;
    private Raster raster;
    private int enabled;
    private int pending;
    private long lastBlankNs;
    private long heldNs;

    Head(int index, ChannelState core) {
        this.index = index;
        this.raster = Raster.of(core, index, mostFrames, 0);
    }

    Raster raster() {
        return raster;
    }

    /**
     * Follows the core's armed state. A raster that changes begins anew: drivers compute when a frame began, and must
     * not see that go back.
     */
    void follow(ChannelState core, long nowNs) {
        Raster next = Raster.of(core, index, mostFrames, nowNs);
        if (!next.scansAs(raster)) {
            raster = next;
            lastBlankNs = raster.blankAtOrBefore(nowNs);
        }
    }

    /**
     * Limits the frames a second.
     *
     * @param framesPerSecond 1 or more; 0 or less for no limit
     */
    void limit(int framesPerSecond, ChannelState core, long nowNs) {
        int most = framesPerSecond <= 0
                ? Raster.MAX_FRAMES_PER_SECOND
                : Math.min(framesPerSecond, Raster.MAX_FRAMES_PER_SECOND);
        if (most != mostFrames) {
            mostFrames = most;
            follow(core, nowNs);
        }
    }

    // Events.

    int enabled() {
        return enabled;
    }

    /** Chooses the events that interrupt; they do from the next one on. */
    void enable(int events, long nowNs) {
        if ((enabled & BLANK_EVENTS) == 0) {
            lastBlankNs = raster.blankAtOrBefore(nowNs);
        }
        enabled = events;
    }

    int pending() {
        return pending;
    }

    int interrupting() {
        return pending & enabled;
    }

    void acknowledge(int events) {
        pending &= ~events;
    }

    /**
     * Notes a blank that has begun; several that were missed count once, as they would on an interrupt line.
     *
     * @return whether it interrupts
     */
    boolean tick(long nowNs) {
        long blank = raster.blankAtOrBefore(nowNs);
        if ((enabled & BLANK_EVENTS) == 0 || blank <= lastBlankNs) {
            return false;
        }
        lastBlankNs = blank;
        pending |= enabled & BLANK_EVENTS;
        return true;
    }

    /** When the next event comes; {@link Long#MAX_VALUE} if none is wanted. */
    long nextEventNs(long nowNs) {
        return (enabled & BLANK_EVENTS) == 0 ? Long.MAX_VALUE : raster.blankAfter(nowNs);
    }

    // Position.

    /** Line and frame, as the register has them; holds the moment for {@link #heldPixel}. */
    int line(long nowNs) {
        heldNs = nowNs;
        return raster.running() ? (int) (raster.frameAt(nowNs) << 16) | raster.lineAt(nowNs) : 0;
    }

    /** The pixel at the moment of the last {@link #line}. */
    int heldPixel() {
        return raster.running() ? raster.pixelAt(heldNs) : 0;
    }

    // State.

    void reset(ChannelState core) {
        raster = Raster.of(core, index, mostFrames, 0);
        enabled = 0;
        pending = 0;
        lastBlankNs = 0;
        heldNs = 0;
    }

    void save(StateWriter out, long nowNs) {
        out.put("enabled", enabled);
        out.put("pending", pending);
        out.put("position", raster.positionAt(nowNs));
    }

    /** Goes on in the midst of the frame that was saved. */
    void restore(StateReader in, ChannelState core, long nowNs) {
        reset(core);
        enabled = in.intValue("enabled");
        pending = in.intValue("pending");
        raster = Raster.of(core, index, mostFrames, 0);
        raster = raster.beginningAt(nowNs - raster.timeTo(in.longValue("position")));
        lastBlankNs = raster.blankAtOrBefore(nowNs);
    }
}
