package dev.nacre.guesttests;

import static dev.nacre.guesttests.Guests.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nacre.display.Frame;
import dev.nacre.testsupport.guest.KernelChoice;
import dev.nacre.testsupport.guest.host.HostCommand;
import dev.nacre.testsupport.guest.qemu.GpuSlot;
import dev.nacre.testsupport.guest.qemu.GuestLaunch;
import dev.nacre.testsupport.guest.qemu.Qemu;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A virtual GPU's life in the daemon's page, with a guest on it, and a VNC viewer beside. */
class WebPageTest {
    private static final String NAME = "desk1";
    // TIMEOUT: a picture takes a second.
    private static final Duration CAPTURE_BOUND = Duration.ofMinutes(1);
    // The guest's text cursor blinks, so that two pictures may differ; it is long in each state.
    private static final int TRIES = 20;

    @TempDir
    Path folder;

    @Test
    void vgpuIsCreatedLookedAtAndDeletedInThePage() throws Exception {
        assumeTrue(BrowserScript.isPossible(), "npm was not there when this was built");
        try (TestDaemon daemon = new TestDaemon();
                BrowserScript page = new BrowserScript(List.of(daemon.page(), NAME, "L40-2Q", folder.toString()))) {
            page.await("created", BOUND);
            Path socket = daemon.service().vgpu(NAME).socket();
            try (Qemu guest = Qemu.start(guest(socket))) {
                guest.serial().awaitLine("### nacre: holding", BOUND);
                page.goOn();
                page.await("open", BOUND);
                guest.monitor().pressPower();
                guest.serial().awaitLine("### nacre: banner written", BOUND);
                page.goOn();
                page.await("changed", BOUND);
                assertCaptured(daemon);

                page.goOn();
                page.await("deleted", BOUND);
            }
            assertThat(daemon.service().vgpus()).isEmpty();
            assertThat(socket).doesNotExist();
            assertThat(daemon.console(NAME, 0)).doesNotExist();
        }
    }

    private static GuestLaunch guest(Path socket) {
        return Guests.guest(KernelChoice.BACKPORTS)
                .gpu(GpuSlot.at(socket, "04.0"))
                .ramMib(GuestLaunch.MIN_RAM_MIB)
                .jobs("load", "hold", "banner", "wait")
                .build();
    }

    /** Before the page deletes it, the head's own socket shows a viewer what the daemon's screenshot shows. */
    private void assertCaptured(TestDaemon daemon) throws Exception {
        try (Forwarder forwarder = new Forwarder(daemon.console(NAME, 0))) {
            boolean equal = false;
            for (int i = 0; i < TRIES && !equal; i++) {
                BufferedImage seen = capture(forwarder.port());
                Optional<Frame> frame = daemon.service().screenshot(NAME, 0).map(Frame::whole);
                equal = frame.isPresent() && isEqual(seen, frame.get());
            }
            assertThat(equal).as("a VNC viewer's picture is the screenshot").isTrue();
        }
    }

    private BufferedImage capture(int port) throws Exception {
        Path picture = folder.resolve("viewer.png");
        List<String> words = new ArrayList<>(Guests.viewer("usr/bin/gvnccapture"));
        words.addAll(List.of("-q", "127.0.0.1:" + (port - VncViewerTest.FIRST_PORT), picture.toString()));
        HostCommand.Result result = new HostCommand(words, Map.of(), Optional.empty()).run(CAPTURE_BOUND);
        assertThat(result.ok()).as(result.errors()).isTrue();
        return ImageIO.read(picture.toFile());
    }

    private static boolean isEqual(BufferedImage seen, Frame frame) {
        int width = frame.width();
        int height = frame.height();
        return seen.getWidth() == width
                && seen.getHeight() == height
                && Arrays.equals(seen.getRGB(0, 0, width, height, null, 0, width), frame.pixels());
    }
}
