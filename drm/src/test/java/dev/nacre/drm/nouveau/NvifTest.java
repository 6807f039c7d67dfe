package dev.nacre.drm.nouveau;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.hw.chip.Chip;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** NVIF, as Mesa and libdrm use it. */
class NvifTest {
    private static final int NVIF = 0x07;
    private static final int SCLASS = 1;
    private static final int NEW = 2;
    private static final int DEL = 3;
    private static final int MTHD = 4;
    private static final int HIDDEN = 0xff;
    private static final int DEVICE_CLASS = 0x80;
    private static final int ROOM = 16;

    private static MemorySegment header(int type, int route, long token, long object) {
        return TestClient.words(
                type << 8,
                0xff << 16 | route << 24,
                TestClient.low(token),
                TestClient.high(token),
                TestClient.low(object),
                TestClient.high(object));
    }

    private static MemorySegment create(int route, long token, long name, int objectClass) {
        MemorySegment fields = TestClient.words(
                0,
                0,
                TestClient.low(name),
                TestClient.high(name),
                TestClient.low(name),
                TestClient.high(name),
                0,
                objectClass);
        return TestClient.join(header(NEW, route, token, 0), fields, TestClient.bytes(16));
    }

    private static MemorySegment info(long device) {
        return TestClient.join(header(MTHD, 0, 0, device), TestClient.bytes(8 + 104));
    }

    private static MemorySegment classes(long channel, int room) {
        return TestClient.join(
                header(SCLASS, HIDDEN, channel, 0), TestClient.words(room << 8, 0), TestClient.bytes(8 * ROOM));
    }

    private static Optional<Errno> nvif(TestClient client, MemorySegment arg) {
        return client.ioctl(NVIF, arg);
    }

    @ParameterizedTest
    @EnumSource(Chip.class)
    void deviceInfo_namesChipAndBoard(Chip chip) {
        try (Rig rig = new Rig(chip);
                TestClient client = rig.client()) {
            MemorySegment info = info(0x1234);

            assertThat(nvif(client, create(0, 0, 0x1234, DEVICE_CLASS))).isEmpty();
            assertThat(nvif(client, info)).isEmpty();

            assertThat(info.get(ValueLayout.JAVA_BYTE, 33)).as("PCI Express").isEqualTo((byte) 3);
            assertThat(TestClient.word(info, 32) >>> 16).isEqualTo(chip.boot0() >>> 20);
            assertThat(TestClient.word(info, 36) & 0xff).isEqualTo(chip.boot0() & 0xff);
            assertThat(TestClient.longAt(info, 40)).isEqualTo(rig.core().board().fbBytes());
            assertThat(text(info, 56, 16)).isEqualTo(chip.name());
            assertThat(text(info, 72, 64)).isEqualTo(chip.productName());
        }
    }

    private static String text(MemorySegment info, long at, int room) {
        byte[] bytes = info.asSlice(at, room).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.US_ASCII).split("\0", -1)[0];
    }

    @Test
    void graphicsChannel_hasAllThatMesaLooksFor() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            int channel = client.channel(TestClient.ENGINE_GR);
            MemorySegment arg = classes(channel, ROOM);

            assertThat(nvif(client, arg)).isEmpty();

            List<Integer> found = found(arg);
            assertThat(found).extracting(one -> one & 0xff).contains(0xb5, 0x2d, 0x97, 0x40, 0xc0);
            long name = 0x7f00_1000;
            for (int one : found) {
                assertThat(nvif(client, create(HIDDEN, channel, name, one))).isEmpty();
                name += 8;
            }
        }
    }

    private static List<Integer> found(MemorySegment arg) {
        int count = arg.get(ValueLayout.JAVA_BYTE, 25);
        return IntStream.range(0, count)
                .mapToObj(i -> TestClient.word(arg, 32 + 8L * i))
                .toList();
    }

    @Test
    void copyChannel_hasTheCopyClassAlone() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            MemorySegment arg = classes(client.channel(TestClient.ENGINE_CE), ROOM);

            assertThat(nvif(client, arg)).isEmpty();

            assertThat(found(arg)).containsExactly(0xc7b5);
        }
    }

    @Test
    void roomForFewerClasses_isFilledAndTheCountTold() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            MemorySegment arg = TestClient.join(
                    header(SCLASS, HIDDEN, client.channel(TestClient.ENGINE_GR), 0),
                    TestClient.words(1 << 8, 0),
                    TestClient.bytes(8));

            assertThat(nvif(client, arg)).isEmpty();

            assertThat(arg.get(ValueLayout.JAVA_BYTE, 25)).isGreaterThan((byte) 1);
        }
    }

    @Test
    void names_areTakenUntilTheyAreDeleted() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            assertThat(nvif(client, create(0, 0, 5, DEVICE_CLASS))).isEmpty();
            assertThat(nvif(client, create(0, 0, 5, DEVICE_CLASS))).contains(Errno.EEXIST);
            assertThat(nvif(client, header(DEL, 0, 0, 5))).isEmpty();
            assertThat(nvif(client, header(DEL, 0, 0, 5))).as("as the kernel").isEmpty();
            assertThat(nvif(client, create(0, 0, 5, DEVICE_CLASS))).isEmpty();
        }
    }

    @Test
    void impossibleCalls_areEinval() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            int channel = client.channel(TestClient.ENGINE_GR);

            assertThat(nvif(client, TestClient.bytes(16))).contains(Errno.EINVAL);
            assertThat(nvif(client, header(5, 0, 0, 0))).contains(Errno.EINVAL);
            assertThat(nvif(client, header(DEL, 7, 0, 0))).contains(Errno.EINVAL);
            assertThat(nvif(client, header(DEL, HIDDEN, 0, 0))).contains(Errno.EINVAL);
            assertThat(nvif(client, info(0x99))).as("no such device").contains(Errno.EINVAL);
            assertThat(nvif(client, create(0, 0, 1, 0xc997))).contains(Errno.EINVAL);
            assertThat(nvif(client, create(HIDDEN, channel, 1, 0x1234))).contains(Errno.EINVAL);
            assertThat(nvif(client, create(HIDDEN, channel + 1, 1, 0xc997))).contains(Errno.EINVAL);
            assertThat(nvif(client, create(HIDDEN, 1L << 32 | channel, 1, 0xc997)))
                    .contains(Errno.EINVAL);
            assertThat(nvif(client, classes(channel + 1, ROOM))).contains(Errno.EINVAL);
            assertThat(nvif(client, classes(channel, ROOM - 1))).contains(Errno.EINVAL);
        }
    }

    @Test
    void objectsWithoutEnd_areRefused() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            Optional<Errno> last = Optional.empty();
            for (long name = 1; name <= 10_000 && last.isEmpty(); name++) {
                last = nvif(client, create(0, 0, name, DEVICE_CLASS));
            }

            assertThat(last).contains(Errno.ENOMEM);
        }
    }
}
