package dev.nacre.drm.kms;

import static dev.nacre.drm.kms.KmsClient.BLUE;
import static dev.nacre.drm.kms.KmsClient.GREEN;
import static dev.nacre.drm.kms.KmsClient.RED;
import static dev.nacre.drm.kms.KmsClient.arg;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.kms.KmsClient.Picture;
import dev.nacre.drm.kms.KmsClient.Words;
import dev.nacre.drm.sync.Fence;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Atomic commits on a board. */
class AtomicTest {
    private static final int EVENT = 1;
    private static final int TEST_ONLY = 0x100;
    private static final int NONBLOCK = 0x200;
    private static final int ALLOW_MODESET = 0x400;

    private final KmsRig rig = new KmsRig();
    private final KmsClient client = rig.client().atomic();
    private final int crtc = client.crtcs().getFirst();
    private final int connector = client.connectors().getFirst();
    private final int primary = client.planes().get(0);
    private final int overlay = client.planes().get(1);
    private final int cursor = client.planes().get(2);

    @AfterEach
    void close() {
        rig.close();
    }

    private KmsClient.Atomic modeset(Picture picture) {
        int mode = client.createBlob(client.modes(connector).getFirst());
        KmsClient.Atomic commit = client.commit()
                .set(connector, "CRTC_ID", crtc)
                .set(crtc, "MODE_ID", mode)
                .set(crtc, "ACTIVE", 1);
        return client.plane(commit, primary, crtc, picture, 1024, 768);
    }

    @Test
    void planes_tellWhatTheyAre() {
        assertThat(client.planes()).hasSize(3);
        assertThat(client.value(primary, "type")).isEqualTo(1);
        assertThat(client.value(overlay, "type")).isZero();
        assertThat(client.value(cursor, "type")).isEqualTo(2);
        assertThat(client.value(cursor, "zpos")).isEqualTo(255);
        assertThat(client.value(overlay, "alpha")).isEqualTo(0xffff);
        MemorySegment formats = MemorySegment.ofArray(client.blob((int) client.value(primary, "IN_FORMATS")));
        assertThat(formats.get(ValueLayout.JAVA_INT_UNALIGNED, 8)).isEqualTo(13);
        assertThat(formats.get(ValueLayout.JAVA_INT_UNALIGNED, 16)).isEqualTo(7);
        assertThat(client.ok(0xb6, arg(32).put(0, cursor)).get(20)).isEqualTo(1);
    }

    @Test
    void modeset_showsAndIsToldBack() {
        Picture picture = client.picture(1024, 768, RED);

        client.ok(0xbc, modeset(picture).arg(ALLOW_MODESET, 0));

        assertThat(rig.pixel(0, 0, 0)).isEqualTo(RED);
        assertThat(client.value(primary, "FB_ID")).isEqualTo(picture.fb());
        assertThat(client.value(connector, "CRTC_ID")).isEqualTo(crtc);
        assertThat(client.value(crtc, "ACTIVE")).isEqualTo(1);
        assertThat(client.blob((int) client.value(crtc, "MODE_ID"))).hasSize(68);
        client.ok(
                0xbc,
                client.commit()
                        .set(connector, "CRTC_ID", 0)
                        .set(crtc, "MODE_ID", 0)
                        .set(crtc, "ACTIVE", 0)
                        .set(primary, "FB_ID", 0)
                        .set(primary, "CRTC_ID", 0)
                        .arg(ALLOW_MODESET, 0));
        assertThat(rig.board.scanout(0)).isEmpty();
    }

    @Test
    void testOnly_changesNothing() {
        Picture picture = client.picture(1024, 768, RED);

        client.ok(0xbc, modeset(picture).arg(ALLOW_MODESET | TEST_ONLY, 0));

        assertThat(rig.board.scanout(0)).isEmpty();
        assertThat(client.value(primary, "FB_ID")).isZero();
        client.refused(Errno.EINVAL, 0xbc, modeset(picture).arg(0, 0));
        client.refused(Errno.EINVAL, 0xbc, modeset(picture).arg(ALLOW_MODESET | TEST_ONLY | EVENT, 0));
    }

    @Test
    void nonblockingFlip_tellsWhenItIsShown() throws InterruptedException {
        client.ok(0xbc, modeset(client.picture(1024, 768, RED)).arg(ALLOW_MODESET, 0));
        Picture next = client.picture(1024, 768, BLUE);

        client.ok(0xbc, client.commit().set(primary, "FB_ID", next.fb()).arg(EVENT | NONBLOCK, 99));

        MemorySegment event = MemorySegment.ofArray(client.event());
        assertThat(event.get(ValueLayout.JAVA_INT_UNALIGNED, 0)).isEqualTo(2);
        assertThat(event.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)).isEqualTo(99);
        assertThat(rig.pixel(0, 0, 0)).isEqualTo(BLUE);
    }

    @Test
    void commitOnItsWay_isBusyForThoseThatDoNotWait() throws InterruptedException {
        client.ok(0xbc, modeset(client.picture(1024, 768, RED)).arg(ALLOW_MODESET, 0));
        Picture next = client.picture(1024, 768, BLUE);
        Fence gate = new Fence();
        int fd = client.fd(rig.device.syncFiles().export(gate, client.file.descriptors()));

        client.ok(
                0xbc,
                client.commit()
                        .set(primary, "FB_ID", next.fb())
                        .set(primary, "IN_FENCE_FD", fd)
                        .arg(EVENT | NONBLOCK, 1));

        client.refused(
                Errno.EBUSY,
                0xbc,
                client.commit().set(primary, "FB_ID", next.fb()).arg(NONBLOCK, 0));
        assertThat(rig.pixel(0, 0, 0)).isEqualTo(RED);
        assertThat(client.hasEvent()).isFalse();
        gate.signal();
        assertThat(client.event()).hasSize(32);
        assertThat(rig.pixel(0, 0, 0)).isEqualTo(BLUE);
    }

    @Test
    void outFence_endsWhenItIsShown() throws InterruptedException {
        Words place = client.array(8);

        client.ok(
                0xbc,
                modeset(client.picture(1024, 768, RED))
                        .set(crtc, "OUT_FENCE_PTR", place.address())
                        .arg(ALLOW_MODESET, 0));

        Fence fence = Objects.requireNonNull(rig.device.syncFiles().find(client.fd(place.get(0))));
        assertThat(fence.await(System.nanoTime() + 30_000_000_000L)).isTrue();
        assertThat(rig.pixel(0, 0, 0)).isEqualTo(RED);
    }

    @Test
    void overlay_isComposedByZposAndAlpha() {
        client.ok(0xbc, modeset(client.picture(1024, 768, RED)).arg(ALLOW_MODESET, 0));
        Picture over = client.picture(64, 64, BLUE);
        KmsClient.Atomic commit = client.plane(client.commit(), overlay, crtc, over, 64, 64)
                .set(overlay, "CRTC_X", 10)
                .set(overlay, "CRTC_Y", 20)
                .set(overlay, "alpha", 0x8000);

        client.ok(0xbc, commit.arg(0, 0));

        assertThat(rig.pixel(0, 9, 20)).isEqualTo(RED);
        assertThat(rig.pixel(0, 10, 20)).isEqualTo(0xff7f0080);
        client.ok(
                0xbc,
                client.commit().set(overlay, "zpos", 0).set(primary, "zpos", 5).arg(0, 0));
        assertThat(rig.pixel(0, 10, 20)).isEqualTo(RED);
    }

    @Test
    void cursorPlane_isShown() {
        client.ok(0xbc, modeset(client.picture(1024, 768, RED)).arg(ALLOW_MODESET, 0));
        Picture image = client.picture(32, 32, GREEN);
        int argb = client.ok(
                        0xb8,
                        arg(104).put(4, 32)
                                .put(8, 32)
                                .put(12, 0x34325241)
                                .put(20, image.handle())
                                .put(36, 128))
                .get(0);
        KmsClient.Atomic commit = client.plane(client.commit(), cursor, crtc, image, 32, 32);

        client.refused(Errno.EINVAL, 0xbc, commit.arg(0, 0));
        client.ok(
                0xbc, commit.set(cursor, "FB_ID", argb).set(cursor, "CRTC_X", 5).arg(0, 0));

        assertThat(rig.pixel(0, 5, 0)).isEqualTo(GREEN);
        assertThat(rig.pixel(0, 4, 0)).isEqualTo(RED);
    }

    @Test
    void impossibleCommits_areRefusedAndChangeNothing() {
        Picture picture = client.picture(1024, 768, RED);
        client.ok(0xbc, modeset(picture).arg(ALLOW_MODESET, 0));
        int text = client.createBlob(MemorySegment.ofArray(new byte[67]));

        client.refused(
                Errno.EINVAL, 0xbc, client.commit().set(crtc, "ACTIVE", 2).arg(ALLOW_MODESET, 0));
        client.refused(
                Errno.EINVAL, 0xbc, client.commit().set(crtc, "MODE_ID", text).arg(ALLOW_MODESET, 0));
        client.refused(
                Errno.EINVAL, 0xbc, client.commit().set(crtc, "MODE_ID", 0).arg(ALLOW_MODESET, 0));
        client.refused(
                Errno.EINVAL, 0xbc, client.commit().set(connector, "CRTC_ID", 0).arg(ALLOW_MODESET, 0));
        client.refused(
                Errno.EINVAL, 0xbc, client.commit().set(primary, "FB_ID", 0).arg(0, 0));
        client.refused(
                Errno.EINVAL, 0xbc, client.commit().set(primary, "FB_ID", crtc).arg(0, 0));
        client.refused(
                Errno.EINVAL, 0xbc, client.commit().set(primary, "type", 0).arg(0, 0));
        client.refused(
                Errno.ENOSPC,
                0xbc,
                client.commit().set(primary, "SRC_X", 1 << 16).arg(0, 0));
        client.refused(
                Errno.ERANGE, 0xbc, client.commit().set(primary, "CRTC_W", 512).arg(0, 0));
        client.refused(
                Errno.EINVAL,
                0xbc,
                client.commit().set(primary, "IN_FENCE_FD", 77).arg(0, 0));
        client.refused(
                Errno.EINVAL, 0xbc, client.commit().set(crtc, "ACTIVE", 0).arg(0, 0));
        client.refused(Errno.EINVAL, 0xbc, client.commit().arg(EVENT, 0));
        client.refused(Errno.EINVAL, 0xbc, client.commit().arg(0x2, 0));
        client.refused(Errno.EINVAL, 0xbc, client.commit().arg(0, 0).putLong(40, 1));
        client.refused(
                Errno.EFAULT,
                0xbc,
                client.commit().set(crtc, "ACTIVE", 1).arg(0, 0).putLong(8, 1));
        client.refused(
                Errno.ENOENT,
                0xbc,
                arg(56).put(4, 1)
                        .putLong(8, client.ints(0x7777).address())
                        .putLong(16, client.ints(1).address())
                        .putLong(24, client.ints(1).address())
                        .putLong(32, client.ints(1, 0).address()));
        client.refused(Errno.EINVAL, 0xbc, arg(56).put(4, -1));
        KmsClient old = rig.client();
        client.close();
        old.refused(Errno.EACCES, 0xbc, arg(56));
        assertThat(old.hasEvent()).isFalse();
    }

    @Test
    void blobs_goWhenNobodyUsesThem() {
        Picture picture = client.picture(1024, 768, RED);
        KmsClient.Atomic commit = modeset(picture);
        client.ok(0xbc, commit.arg(ALLOW_MODESET, 0));
        int mode = (int) client.value(crtc, "MODE_ID");

        client.ok(0xbe, arg(4).put(0, mode));

        assertThat(client.blob(mode)).hasSize(68);
        client.refused(Errno.EPERM, 0xbe, arg(4).put(0, mode));
        int again = client.createBlob(client.modes(connector).getFirst());
        client.ok(0xbc, client.commit().set(crtc, "MODE_ID", again).arg(ALLOW_MODESET, 0));
        client.refused(Errno.ENOENT, 0xac, arg(16).put(0, mode));
        client.refused(Errno.EINVAL, 0xbd, arg(16));
    }
}
