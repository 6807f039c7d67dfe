package dev.nacre.drm.kms;

import static dev.nacre.drm.kms.KmsClient.BLUE;
import static dev.nacre.drm.kms.KmsClient.GREEN;
import static dev.nacre.drm.kms.KmsClient.RED;
import static dev.nacre.drm.kms.KmsClient.arg;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.kms.KmsClient.Picture;
import dev.nacre.drm.kms.KmsClient.Words;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Resources, modes, flips and cursors by the old ioctls on a board: the picture of the head is the frame buffer. */
class LegacyTest {
    private final KmsRig rig = new KmsRig(2);
    private final KmsClient client = rig.client();
    private final int crtc = client.crtcs().getFirst();
    private final int connector = client.connectors().getFirst();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void resources_areTheBoards() {
        Words one = client.ok(0xa7, arg(80).put(48, connector));

        assertThat(client.crtcs()).hasSize(2);
        assertThat(client.connectors()).hasSize(2);
        assertThat(client.frameBuffers()).isEmpty();
        assertThat(one.get(52)).as("DVI-D").isEqualTo(3);
        assertThat(one.get(56)).isEqualTo(1);
        assertThat(one.get(60)).as("connected").isEqualTo(1);
        assertThat(one.get(64)).isEqualTo(340);
        Words encoder = client.ok(0xa6, arg(20).put(0, encoder()));
        assertThat(encoder.get(4)).as("TMDS").isEqualTo(2);
        assertThat(encoder.get(12)).isEqualTo(3);
    }

    private int encoder() {
        Words ids = client.array(8);
        client.ok(0xa7, arg(80).put(48, connector).putLong(0, ids.address()).put(40, 1));
        return ids.get(0);
    }

    @Test
    void modes_areTheMonitorsPreferredFirst() {
        List<MemorySegment> modes = client.modes(connector);

        assertThat(modes.getFirst().get(ValueLayout.JAVA_INT_UNALIGNED, 0)).isEqualTo(65_000);
        assertThat(modes.getFirst().get(ValueLayout.JAVA_INT_UNALIGNED, 24)).isEqualTo(60);
        assertThat(modes.getFirst().get(ValueLayout.JAVA_INT_UNALIGNED, 32)).isEqualTo(1 << 3 | 1 << 6);
        assertThat(modes.stream().map(mode -> mode.asSlice(36, 32).getString(0)).toList())
                .containsExactly("1024x768", "1280x1024", "1280x720", "1600x1200", "1920x1080", "800x600", "640x480");
    }

    @Test
    void unpluggedMonitor_hasNoModes() throws InterruptedException {
        assertThat(client.modes(connector)).isNotEmpty();

        rig.board.plug(0, false);

        for (int i = 0; i < 1000 && !client.modes(connector).isEmpty(); i++) {
            synchronized (this) {
                wait(5);
            }
        }
        Words one = client.ok(0xa7, arg(80).put(48, connector));
        assertThat(one.get(60)).as("disconnected").isEqualTo(2);
        assertThat(client.modes(client.connectors().get(1))).isNotEmpty();
    }

    @Test
    void setCrtc_showsTheFrameBufferAndOffTurnsItOff() {
        Picture picture = client.picture(1024, 768, RED);
        picture.object().memory().write(4L * picture.pitch() + 20, MemorySegment.ofArray(new int[] {GREEN}), 0, 4);

        client.show(connector, crtc, picture);

        assertThat(rig.pixel(0, 0, 0)).isEqualTo(RED);
        assertThat(rig.pixel(0, 5, 4)).isEqualTo(GREEN);
        Words now = client.ok(0xa1, arg(104).put(12, crtc));
        assertThat(now.get(16)).isEqualTo(picture.fb());
        assertThat(now.get(32)).isEqualTo(1);
        assertThat(now.get(36)).isEqualTo(65_000);
        client.ok(0xa2, arg(104).put(12, crtc));
        assertThat(rig.board.scanout(0)).isEmpty();
        assertThat(client.ok(0xa1, arg(104).put(12, crtc)).get(32)).isZero();
    }

    @Test
    void twoHeads_showTheirOwn() {
        int otherCrtc = client.crtcs().get(1);
        int otherConnector = client.connectors().get(1);

        client.show(connector, crtc, client.picture(1024, 768, RED));
        client.show(otherConnector, otherCrtc, client.picture(1024, 768, BLUE));

        assertThat(rig.pixel(0, 7, 7)).isEqualTo(RED);
        assertThat(rig.pixel(1, 7, 7)).isEqualTo(BLUE);
        client.show(connector, otherCrtc, client.picture(1024, 768, GREEN));
        assertThat(rig.board.scanout(0)).as("the connector was taken from it").isEmpty();
        assertThat(rig.pixel(1, 7, 7)).isEqualTo(GREEN);
    }

    @Test
    void pageFlip_showsTheNextAndTellsOnce() throws InterruptedException {
        Picture first = client.picture(1024, 768, RED);
        Picture second = client.picture(1024, 768, BLUE);
        client.show(connector, crtc, first);

        client.ok(0xb0, client.flip(crtc, second, 1, 0x1234_5678_9abcL));

        MemorySegment event = MemorySegment.ofArray(client.event());
        assertThat(event.byteSize()).isEqualTo(32);
        assertThat(event.get(ValueLayout.JAVA_INT_UNALIGNED, 0)).isEqualTo(2);
        assertThat(event.get(ValueLayout.JAVA_INT_UNALIGNED, 4)).isEqualTo(32);
        assertThat(event.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)).isEqualTo(0x1234_5678_9abcL);
        assertThat(event.get(ValueLayout.JAVA_INT_UNALIGNED, 28)).isEqualTo(crtc);
        assertThat(rig.pixel(0, 3, 3)).isEqualTo(BLUE);
        assertThat(client.hasEvent()).isFalse();
    }

    @Test
    void pageFlips_countFrames() throws InterruptedException {
        Picture[] pictures = {client.picture(1024, 768, RED), client.picture(1024, 768, BLUE)};
        client.show(connector, crtc, pictures[0]);
        int last = 0;

        for (int i = 1; i <= 10; i++) {
            client.ok(0xb0, client.flip(crtc, pictures[i % 2], 1, i));
            MemorySegment event = MemorySegment.ofArray(client.event());
            int sequence = event.get(ValueLayout.JAVA_INT_UNALIGNED, 24);
            assertThat(sequence).isGreaterThan(last);
            last = sequence;
        }

        assertThat(rig.pixel(0, 0, 0)).isEqualTo(RED);
    }

    @Test
    void impossibleFlips_areRefused() throws InterruptedException {
        Picture shown = client.picture(1024, 768, RED);
        client.refused(Errno.EBUSY, 0xb0, client.flip(crtc, shown, 1, 0));
        client.show(connector, crtc, shown);
        Picture small = client.picture(512, 768, RED);
        int argb = client.ok(
                        0xb8,
                        arg(104).put(4, 1024)
                                .put(8, 768)
                                .put(12, 0x34325241)
                                .put(20, shown.handle())
                                .put(36, 4096))
                .get(0);

        client.refused(Errno.ENOENT, 0xb0, arg(24).put(0, 0x7777).put(4, shown.fb()));
        client.refused(Errno.ENOENT, 0xb0, arg(24).put(0, crtc).put(4, 0x7777));
        client.refused(Errno.EINVAL, 0xb0, client.flip(crtc, shown, 0x80, 0));
        client.refused(Errno.ENOSPC, 0xb0, client.flip(crtc, small, 1, 0));
        client.refused(Errno.EINVAL, 0xb0, arg(24).put(0, crtc).put(4, argb));
        assertThat(client.hasEvent()).isFalse();
        KmsClient other = rig.client();
        other.refused(Errno.EACCES, 0xb0, client.flip(crtc, shown, 1, 0));
    }

    @Test
    void cursor_isShownMovedAndTakenAway() {
        client.show(connector, crtc, client.picture(1024, 768, RED));
        Picture image = client.picture(64, 64, BLUE);

        client.ok(
                0xa3,
                arg(28).put(0, 3)
                        .put(4, crtc)
                        .put(8, 100)
                        .put(12, 50)
                        .put(16, 64)
                        .put(20, 64)
                        .put(24, image.handle()));

        assertThat(rig.pixel(0, 100, 50)).isEqualTo(BLUE);
        assertThat(rig.pixel(0, 99, 50)).isEqualTo(RED);
        client.ok(0xbb, arg(36).put(0, 2).put(4, crtc).put(8, -60).put(12, 700));
        assertThat(rig.pixel(0, 3, 700)).isEqualTo(BLUE);
        assertThat(rig.pixel(0, 4, 700)).isEqualTo(RED);
        client.refused(
                Errno.EINVAL,
                0xa3,
                arg(28).put(0, 1).put(4, crtc).put(16, 63).put(20, 64).put(24, image.handle()));
        client.ok(0xa3, arg(28).put(0, 1).put(4, crtc));
        assertThat(rig.pixel(0, 3, 700)).isEqualTo(RED);
    }

    @Test
    void overlay_isClippedToTheHead() {
        client.show(connector, crtc, client.picture(1024, 768, RED));
        int overlay = client.planes().getFirst();
        Picture over = client.picture(64, 64, GREEN);

        client.ok(
                0xb7,
                arg(48).put(0, overlay)
                        .put(4, crtc)
                        .put(8, over.fb())
                        .put(16, -32)
                        .put(20, 760)
                        .put(24, 64)
                        .put(28, 64)
                        .put(40, 64 << 16)
                        .put(44, 64 << 16));

        assertThat(client.planes()).as("only overlays for old clients").hasSize(2);
        assertThat(rig.pixel(0, 31, 767)).isEqualTo(GREEN);
        assertThat(rig.pixel(0, 32, 767)).isEqualTo(RED);
        assertThat(rig.pixel(0, 0, 759)).isEqualTo(RED);
        client.refused(
                Errno.ERANGE,
                0xb7,
                arg(48).put(0, overlay)
                        .put(4, crtc)
                        .put(8, over.fb())
                        .put(24, 128)
                        .put(28, 64)
                        .put(40, 64 << 16)
                        .put(44, 64 << 16));
        client.ok(0xb7, arg(48).put(0, overlay));
        assertThat(rig.pixel(0, 31, 767)).isEqualTo(RED);
    }

    @Test
    void removedFrameBuffer_isShownNoMore() {
        Picture picture = client.picture(1024, 768, RED);
        client.show(connector, crtc, picture);
        KmsClient other = rig.client();

        other.refused(Errno.ENOENT, 0xaf, arg(4).put(0, picture.fb()));
        client.ok(0xaf, arg(4).put(0, picture.fb()));

        assertThat(rig.pixel(0, 1, 1)).isEqualTo(0xff000000);
        assertThat(client.frameBuffers()).isEmpty();
        client.refused(Errno.ENOENT, 0xaf, arg(4).put(0, picture.fb()));
    }

    @Test
    void closedFile_leavesTheHeadsOff() {
        client.show(connector, crtc, client.picture(1024, 768, RED));

        client.close();

        assertThat(rig.board.scanout(0)).isEmpty();
        KmsClient next = rig.client();
        assertThat(next.frameBuffers()).isEmpty();
        next.show(connector, crtc, next.picture(1024, 768, BLUE));
        assertThat(rig.pixel(0, 0, 0)).isEqualTo(BLUE);
    }

    @Test
    void impossibleModes_areRefused() {
        Picture picture = client.picture(1024, 768, RED);
        Words small =
                client.setCrtc(connector, crtc, client.picture(800, 600, RED).fb());
        Words noConnector = client.setCrtc(connector, crtc, picture.fb()).put(8, 0);
        Words noMode = client.setCrtc(connector, crtc, picture.fb()).put(32, 0);
        Words interlaced = client.setCrtc(connector, crtc, picture.fb()).put(36 + 28, 1 << 4);
        Words noClock = client.setCrtc(connector, crtc, picture.fb()).put(36, 0);
        Words badPointer = client.setCrtc(connector, crtc, picture.fb()).putLong(0, 8);

        client.refused(Errno.ENOSPC, 0xa2, small);
        client.refused(Errno.EINVAL, 0xa2, noConnector);
        client.refused(Errno.EINVAL, 0xa2, noMode);
        client.refused(Errno.EINVAL, 0xa2, interlaced);
        client.refused(Errno.EINVAL, 0xa2, noClock);
        client.refused(Errno.EFAULT, 0xa2, badPointer);
        client.refused(Errno.ENOENT, 0xa2, client.setCrtc(connector, crtc, 0x7777));
        assertThat(rig.board.scanout(0)).isEmpty();
    }

    @Test
    void impossibleFrameBuffers_areRefused() {
        Picture picture = client.picture(64, 64, RED);

        client.refused(Errno.EINVAL, 0xb8, fb(picture).put(12, 0x1234));
        client.refused(Errno.EINVAL, 0xb8, fb(picture).put(4, 0));
        client.refused(Errno.EINVAL, 0xb8, fb(picture).put(8, 100_000));
        client.refused(Errno.EINVAL, 0xb8, fb(picture).put(8, 65));
        client.refused(Errno.EINVAL, 0xb8, fb(picture).put(36, 64));
        client.refused(Errno.EINVAL, 0xb8, fb(picture).put(52, 256));
        client.refused(Errno.EINVAL, 0xb8, fb(picture).put(24, picture.handle()));
        client.refused(Errno.EINVAL, 0xb8, fb(picture).put(16, 2).putLong(72, 0x0300_0000_0000_0001L));
        client.refused(Errno.EINVAL, 0xb8, fb(picture).put(16, 4));
        client.refused(Errno.ENOENT, 0xb8, fb(picture).put(20, 0x7777));
        client.refused(
                Errno.EINVAL,
                0xae,
                arg(28).put(4, 64).put(8, 64).put(12, 256).put(16, 12).put(20, 12));
        Words same = client.ok(0xce, arg(104).put(0, picture.fb()));
        assertThat(same.get(12)).isEqualTo(0x34325258);
        assertThat(same.get(36)).isEqualTo(picture.pitch());
    }

    @Test
    void dirty_isChecksAndThenNotThere() {
        Picture picture = client.picture(64, 64, RED);
        long clips = client.array(16).address();

        client.refused(Errno.ENOSYS, 0xb1, dirty(picture, 0, 0, 0));
        client.refused(Errno.ENOSYS, 0xb1, dirty(picture, 0, 2, clips));
        client.refused(Errno.ENOSYS, 0xb1, dirty(picture, 1, 0, 0));
        client.refused(Errno.EINVAL, 0xb1, dirty(picture, 1, 1, clips));
        client.refused(Errno.EINVAL, 0xb1, dirty(picture, 0, 1, 0));
        client.refused(Errno.EINVAL, 0xb1, dirty(picture, 0, 0, clips));
        client.refused(Errno.EINVAL, 0xb1, dirty(picture, 0, 257, clips));
        client.refused(Errno.EFAULT, 0xb1, dirty(picture, 0, 2, 16));
        client.refused(Errno.ENOENT, 0xb1, arg(24).put(0, 0x7777));
    }

    private static Words dirty(Picture picture, int flags, int clips, long address) {
        return arg(24).put(0, picture.fb()).put(4, flags).put(12, clips).putLong(16, address);
    }

    private static Words fb(Picture picture) {
        return arg(104).put(4, 64)
                .put(8, 64)
                .put(12, 0x34325258)
                .put(20, picture.handle())
                .put(36, picture.pitch());
    }

    @Test
    void gamma_isKept() {
        Words red = client.array(512);
        Words green = client.array(512);
        Words blue = client.array(512);
        red.put(4, 0x0007_0006);

        client.ok(
                0xa5,
                arg(32).put(0, crtc)
                        .put(4, 256)
                        .putLong(8, red.address())
                        .putLong(16, green.address())
                        .putLong(24, blue.address()));
        red.put(4, 0);
        client.ok(
                0xa4,
                arg(32).put(0, crtc)
                        .put(4, 256)
                        .putLong(8, red.address())
                        .putLong(16, green.address())
                        .putLong(24, blue.address()));

        assertThat(red.get(4)).isEqualTo(0x0007_0006);
        client.refused(Errno.EINVAL, 0xa4, arg(32).put(0, crtc).put(4, 128));
    }

    @Test
    void properties_areThoseOfOldClients() {
        Map<String, long[]> properties = client.properties(connector);

        assertThat(properties).containsOnlyKeys("EDID", "DPMS", "link-status", "non-desktop", "TILE");
        client.ok(0xa7, arg(80).put(48, connector));
        assertThat(client.blob((int) client.value(connector, "EDID"))).hasSize(128);
        client.show(connector, crtc, client.picture(1024, 768, RED));
        assertThat(client.value(connector, "DPMS")).isZero();
        long dpms = client.property(connector, "DPMS");
        client.ok(0xab, arg(16).putLong(0, 3).put(8, dpms).put(12, connector));
        assertThat(rig.board.scanout(0)).isEmpty();
        client.ok(0xab, arg(16).putLong(0, 0).put(8, dpms).put(12, connector));
        assertThat(rig.pixel(0, 0, 0)).isEqualTo(RED);
    }

    @Test
    void clientThatDoesNotTellItsMemory_holdsUpNobody() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        KmsClient silent = rig.client();
        silent.beforeCopyIn(() -> {
            asked.countDown();
            assertThat(gate.await(30, TimeUnit.SECONDS)).isTrue();
            return gate;
        });
        CompletableFuture<Integer> errno = new CompletableFuture<>();
        Thread.ofPlatform()
                .start(() -> errno.complete(silent.call(
                        0xbd, arg(16).putLong(0, silent.ints(1).address()).put(8, 4))));
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

        client.show(connector, crtc, client.picture(1024, 768, RED));

        assertThat(rig.pixel(0, 0, 0)).isEqualTo(RED);
        assertThat(errno).isNotDone();
        gate.countDown();
        assertThat(errno.get(30, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void leases_areNot() {
        client.refused(Errno.EOPNOTSUPP, 0xc6, arg(24));
        client.refused(Errno.EOPNOTSUPP, 0xc7, arg(16));
    }
}
