package dev.nacre.guesttests;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a kernel says when something in it is wrong: warnings with a trace, bugs, errors of a DRM driver. */
final class KernelTrouble {
    private static final Pattern TROUBLE =
            Pattern.compile("WARNING: |BUG: |Oops|cut here|Call Trace|Kernel panic|\\*ERROR\\*|hung task|soft lockup");

    // HW: torvalds/linux, drivers/gpu/drm/drm_vblank.c, drm_crtc_wait_one_vblank: a second without a vblank.
    private static final String LATE_VBLANK = "vblank wait timed out";
    private static final String TRACE_BEGINS = "cut here";
    private static final String TRACE_ENDS = "end trace";

    private static final int LINES_BEFORE = 8;
    private static final int LINES_AFTER = 40;

    private KernelTrouble() {}

    /**
     * The first line that tells of trouble with those about it: the whole log would bury it.
     *
     * <p>One vblank that came late is none. Without KVM, a guest's processor that writes to a device without a pause
     * can keep QEMU's main loop from its lock, and interrupts with it, for more than the second that the kernel waits,
     * however punctual the device is. Where vblanks do not come at all, the console's next lines warn again.
     *
     * @return empty if there is none
     */
    static List<String> in(List<String> lines) {
        List<String> judged = withoutOneLateVblank(lines);
        for (int i = 0; i < judged.size(); i++) {
            if (TROUBLE.matcher(judged.get(i)).find()) {
                return judged.subList(Math.max(0, i - LINES_BEFORE), Math.min(judged.size(), i + LINES_AFTER));
            }
        }
        return List.of();
    }

    private static List<String> withoutOneLateVblank(List<String> lines) {
        int begin = -1;
        boolean late = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.contains(TRACE_BEGINS)) {
                begin = i;
                late = false;
            }
            late |= line.contains(LATE_VBLANK);
            if (line.contains(TRACE_ENDS) && begin >= 0 && late) {
                List<String> rest = new ArrayList<>(lines.subList(0, begin));
                rest.addAll(lines.subList(i + 1, lines.size()));
                return rest;
            }
        }
        return lines;
    }
}
