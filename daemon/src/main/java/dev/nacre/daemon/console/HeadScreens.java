package dev.nacre.daemon.console;

import dev.nacre.daemon.host.VgpuOperations;
import dev.nacre.display.rfb.RfbCounts;
import dev.nacre.display.rfb.RfbLimits;
import dev.nacre.display.rfb.RfbScreen;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes the screens of heads that somebody may look at, and counts what they do. Any thread. */
public final class HeadScreens {
    /** So many heads are remembered after the last look at them: all of 32 boards. */
    private static final int MOST_REMEMBERED = 4096;

    private final VgpuOperations service;
    private final Map<RfbScreen, Head> open = new HashMap<>();
    private final Map<Head, RfbCounts> ended = new LinkedHashMap<>();

    /** Of the heads that a service knows. */
    public HeadScreens(VgpuOperations service) {
        this.service = service;
    }

    /**
     * A screen of a head; {@link #close} ends it.
     *
     * @param gone is told, again and again, when whose head it is is found to be no more; must not close the screen itself,
     *     at which the calling thread looks
     */
    public RfbScreen open(Head head, Runnable gone) {
        RfbScreen screen = new RfbScreen(new HeadSource(service, head, gone), RfbLimits.defaults());
        synchronized (this) {
            open.put(screen, head);
        }
        return screen;
    }

    /** Ends a screen and all who look at it. Idempotent. */
    public void close(RfbScreen screen) {
        screen.close();
        synchronized (this) {
            Head head = open.remove(screen);
            if (head != null) {
                RfbCounts before = ended.remove(head);
                RfbCounts now = screen.counts().ended();
                ended.put(head, before == null ? now : before.plus(now));
                if (ended.size() > MOST_REMEMBERED) {
                    ended.remove(ended.keySet().iterator().next());
                }
            }
        }
    }

    /** What the screens of each head have done, those that have ended included; nothing of heads that nobody may look at. */
    public synchronized Map<Head, RfbCounts> counts() {
        Map<Head, RfbCounts> all = new HashMap<>(ended);
        open.forEach((screen, head) -> all.merge(head, screen.counts(), RfbCounts::plus));
        return all;
    }
}
