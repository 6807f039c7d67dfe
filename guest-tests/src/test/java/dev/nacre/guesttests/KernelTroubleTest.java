package dev.nacre.guesttests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelTroubleTest {
    private static final List<String> CALM = List.of("[ 1.0] nouveau: bios: version", "[ 1.1] fb0: nouveaudrmfb");

    @Test
    void calmLogHasNone() {
        assertThat(KernelTrouble.in(CALM)).isEmpty();
    }

    @Test
    void errorOfTheDriverIsShownWithTheLinesAboutIt() {
        List<String> lines = with(CALM, "[ 2.0] nouveau: [drm] *ERROR* flip_done timed out");

        assertThat(KernelTrouble.in(lines)).isEqualTo(lines);
    }

    @Test
    void oneLateVblankIsNone() {
        assertThat(KernelTrouble.in(with(CALM, trace("vblank wait timed out on crtc 0"))))
                .isEmpty();
    }

    @Test
    void secondLateVblankIsTrouble() {
        String[] trace = trace("vblank wait timed out on crtc 0");

        assertThat(KernelTrouble.in(with(with(CALM, trace), trace))).contains(trace);
    }

    @Test
    void otherTraceBeforeALateVblankIsTrouble() {
        List<String> lines = with(with(CALM, trace("refcount underflow")), trace("vblank wait timed out on crtc 0"));

        assertThat(KernelTrouble.in(lines)).contains(trace("refcount underflow"));
    }

    @Test
    void traceThatDoesNotEndIsTrouble() {
        assertThat(KernelTrouble.in(with(CALM, "---[ cut here ]---", "vblank wait timed out on crtc 0")))
                .isNotEmpty();
    }

    private static String[] trace(String what) {
        return new String[] {
            "[ 3.0] ------------[ cut here ]------------",
            "[ 3.0] nouveau 0000:00:04.0: [drm] " + what,
            "[ 3.0] WARNING: drivers/gpu/drm/drm_vblank.c:1 at some_function",
            "[ 3.0] Call Trace:",
            "[ 3.0] ---[ end trace 0000000000000000 ]---"
        };
    }

    private static List<String> with(List<String> lines, String... more) {
        List<String> all = new ArrayList<>(lines);
        all.addAll(List.of(more));
        return all;
    }
}
