package dev.nacre.vfio.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.vfio.testing.GuestDisplay;
import dev.nacre.vfio.testing.GuestDisplay.Kind;
import dev.nacre.vfio.testing.GuestQueues;
import dev.nacre.vfio.testing.TappedFunction;
import dev.nacre.vfio.testing.VgpuHost;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Heads show no more than the type of the virtual GPU has. */
class VgpuDisplayTest {
    // HW: nouveau nvhw/class/clc57d.h: head h's methods lie 0x400 apart from 0x2000 on
    private static final int HEAD_STRIDE = 0x400;

    @ParameterizedTest
    @CsvSource({"java, 1280, 1024, true", "java, 1281, 1024, false", "java, 1280, 1025, false", "c, 1920, 1080, false"})
    void picturesOfAnAppsTypeEndAt1280x1024(String core, int width, int height, boolean shown) {
        try (VgpuHost host = new VgpuHost(core, 4, 1, UnaryOperator.identity())) {
            host.serve("a", "L40-1A");
            try (TappedFunction function = host.tap("a")) {
                GuestDisplay display = booted(host, core, function);

                turnOn(display, 0, width, height);

                assertThat(host.board.guestScanout(0, 0).isPresent()).isEqualTo(shown);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"java, L40-1A, 1", "c, L40-1A, 1", "java, L40-1Q, 4"})
    void headsThatATypeHasNotStayDark(String core, String type, int heads) {
        try (VgpuHost host = new VgpuHost(core, 4, 1, UnaryOperator.identity())) {
            host.serve("a", type);
            try (TappedFunction function = host.tap("a")) {
                GuestDisplay display = booted(host, core, function);

                for (int head = 0; head < 4; head++) {
                    turnOn(display, head, 1024, 768);

                    assertThat(host.board.guestScanout(0, head).isPresent())
                            .as("head %d", head)
                            .isEqualTo(head < heads);
                }
            }
        }
    }

    private static GuestDisplay booted(VgpuHost host, String core, TappedFunction function) {
        host.boot(core, function);
        GuestDisplay display = new GuestDisplay(
                function, new GuestQueues(function), host.board.config().chip());
        display.open(Kind.CORE);
        return display;
    }

    /** What nouveau tells the core of a mode, with blanking of 320 pixels and 38 lines. */
    private static void turnOn(GuestDisplay display, int head, int width, int height) {
        int at = HEAD_STRIDE * head;
        int size = height << 16 | width;
        int begin = 34 << 16 | 295;
        display.push(
                Kind.CORE,
                0x300 + 0x20 * head,
                0x100 | 1 << head,
                0x204c + at,
                size,
                0x2058 + at,
                size,
                0x2064 + at,
                size + (38 << 16 | 320),
                0x206c + at,
                begin,
                0x2070 + at,
                begin + size,
                0x200c + at,
                65_000_000,
                0x200,
                1);
    }
}
