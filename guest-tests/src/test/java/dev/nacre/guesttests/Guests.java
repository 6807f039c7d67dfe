package dev.nacre.guesttests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.testsupport.guest.GuestKit;
import dev.nacre.testsupport.guest.KernelChoice;
import dev.nacre.testsupport.guest.KitOptions;
import dev.nacre.testsupport.guest.KitPart;
import dev.nacre.testsupport.guest.KitSelection;
import dev.nacre.testsupport.guest.ProgressPrinter;
import dev.nacre.testsupport.guest.host.UnpackedBrowser;
import dev.nacre.testsupport.guest.host.UnpackedProgram;
import dev.nacre.testsupport.guest.qemu.GuestLaunch;
import dev.nacre.testsupport.guest.qemu.Qemu;
import dev.nacre.testsupport.guest.qemu.QemuProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The guests that the tests boot, and what all of them must show. */
final class Guests {
    // TIMEOUT: a boot with all jobs takes 20 to 40 s under TCG on two cores; a busy machine several times that.
    static final Duration BOUND = Duration.ofMinutes(4);

    private static final GuestKit KIT = GuestKit.fetch(
            KitOptions.fromEnvironment(System.getenv()),
            KitSelection.TESTS.parts(),
            new ProgressPrinter(System.err, false));

    private Guests() {}

    /** A guest with a kernel of choice and synthetic firmware, without a device yet. */
    static GuestLaunch.Builder guest(KernelChoice kernel) {
        return GuestLaunch.of(
                KIT.qemu(), KIT.kernel(kernel).image(), KIT.initramfs(kernel).build());
    }

    /** The same with Mesa's Vulkan driver in it. */
    static GuestLaunch.Builder vulkanGuest(KernelChoice kernel) {
        return GuestLaunch.of(
                KIT.qemu(),
                KIT.kernel(kernel).image(),
                KIT.initramfs(kernel).vulkan(KIT.root(KitPart.VULKAN)).build());
    }

    /** The same with further modules of the kernel's in it, which the job {@code modules} inserts. */
    static GuestLaunch.Builder guestWithModules(KernelChoice kernel, String... names) {
        return GuestLaunch.of(
                KIT.qemu(),
                KIT.kernel(kernel).image(),
                KIT.initramfs(kernel).modules(names).build());
    }

    /** The unpacked packages of a part of the kit. */
    static Path root(KitPart part) {
        return KIT.root(part);
    }

    /** The QEMU that they run in. */
    static QemuProgram qemu() {
        return KIT.qemu();
    }

    /** The words that start a program of the kit's viewer. */
    static List<String> viewer(String program) {
        return UnpackedProgram.command(KIT.root(KitPart.VIEWER), program);
    }

    /** The kit's browser, with an empty folder for its files. */
    static UnpackedBrowser browser(Path home) {
        return UnpackedBrowser.prepare(KIT.root(KitPart.BROWSER), home);
    }

    /** Boots a guest to its power-off; its kernel must have had no trouble. */
    static List<String> runToPowerOff(GuestLaunch launch) {
        try (Qemu guest = Qemu.start(launch)) {
            assertThat(guest.awaitExit(BOUND)).as("QEMU's exit status").isZero();
            assertThat(guest.serial().lines())
                    .as("powers off by itself")
                    .anyMatch(l -> l.contains("### nacre: poweroff"));
            assertHealthy(guest.serial().lines());
            return guest.serial().lines();
        }
    }

    /** No warning, bug or driver error in what the kernel said. */
    static void assertHealthy(List<String> lines) {
        assertThat(KernelTrouble.in(lines))
                .as("trouble in the guest's kernel log")
                .isEmpty();
    }

    /** Some line matches. */
    static void assertSaid(List<String> lines, String regex) {
        assertThat(lines)
                .as("a line with " + regex)
                .anyMatch(Pattern.compile(regex).asPredicate());
    }
}
