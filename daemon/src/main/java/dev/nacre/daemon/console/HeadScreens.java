package dev.nacre.daemon.console;

import dev.nacre.daemon.host.VgpuOperations;
import dev.nacre.display.rfb.RfbCounts;
import dev.nacre.display.rfb.RfbLimits;
import dev.nacre.display.rfb.RfbScreen;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Makes the screens of heads that somebody may look at, and counts what they do. Any thread. */
public final class HeadScreens {
    private final VgpuOperations service;
    private final Set<RfbScreen> open = new HashSet<>();
    private RfbCounts ended = RfbCounts.ZERO;

    /** Of the heads that a service knows. */
    public HeadScreens(VgpuOperations service) {
        this.service = service;
    }

    /**
     * A screen of a head; {@link #close} ends it.
     *
     * @param vgpu its virtual GPU, by its id
     * @param head from 0
     * @param gone is told, again and again, when the virtual GPU is found to be no more; must not close the screen itself,
     *     at which the calling thread looks
     */
    public RfbScreen open(UUID vgpu, int head, Runnable gone) {
        RfbScreen screen = new RfbScreen(new HeadSource(service, vgpu, head, gone), RfbLimits.defaults());
        synchronized (this) {
            open.add(screen);
        }
        return screen;
    }

    /** Ends a screen and all who look at it. Idempotent. */
    public void close(RfbScreen screen) {
        screen.close();
        synchronized (this) {
            if (open.remove(screen)) {
                ended = ended.plus(screen.counts().ended());
            }
        }
    }

    /** What all of them have done, those that have ended included. */
    public synchronized RfbCounts counts() {
        return open.stream().map(RfbScreen::counts).reduce(ended, RfbCounts::plus);
    }
}
