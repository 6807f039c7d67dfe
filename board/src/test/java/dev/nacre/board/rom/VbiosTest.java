package dev.nacre.board.rom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.hw.chip.Chip;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Walks the ROM through PROM as the drivers do: chain of images, BIT, ucode table, descriptor, interface table. */
class VbiosTest {
    private record Image(int base, int sizeBytes, int codeType, boolean last) {}

    private final ByteBuffer prom = read(Vbios.build(Chip.AD102));

    @Test
    void theChainHasABaseImageAndAnExtension() {
        List<Image> images = images();

        assertThat(images).hasSize(2);
        assertThat(images.get(0)).isEqualTo(new Image(0, 0x1000, 0x00, false));
        assertThat(images.get(1)).isEqualTo(new Image(0x1000, 0xe00, 0xe0, true));
    }

    @ParameterizedTest
    @EnumSource(Chip.class)
    void theBaseImageSumsToZeroAndNamesTheChip(Chip chip) {
        ByteBuffer rom = read(Vbios.build(chip));

        assertThat(sum(rom, 0, 0x1000)).isZero();
        assertThat(rom.getShort(0x44) & 0xffff).isEqualTo(0x10de);
        assertThat(rom.getShort(0x46) & 0xffff).isEqualTo(chip.deviceId());
    }

    @Test
    void bothSizesOfEachImageAgree() {
        for (Image image : images()) {
            int pcir = image.base() + prom.getShort(image.base() + 0x18);

            assertThat(prom.getShort(pcir + 0x10) * 512).isEqualTo(image.sizeBytes());
            assertThat((prom.get(pcir + 0x15) & 0x80) != 0).isEqualTo(image.last());
        }
    }

    @Test
    void theInformationTableIsWhereSomeDriversExpectItAndSumsToZero() {
        int bit = find(new byte[] {(byte) 0xff, (byte) 0xb8, 'B', 'I', 'T', 0});

        assertThat(bit).isEqualTo(0x1b0);
        assertThat(prom.get(bit + 8)).isEqualTo((byte) 12);
        assertThat(prom.get(bit + 9)).isEqualTo((byte) 6);
        assertThat(sum(prom, bit, 12)).isZero();
    }

    @Test
    void theVersionReadsAsDriversPrintIt() {
        int version = token('i', 2);

        assertThat(List.of(
                        prom.get(version + 3) & 0xff,
                        prom.get(version + 2) & 0xff,
                        prom.get(version + 1) & 0xff,
                        prom.get(version) & 0xff,
                        prom.get(version + 4) & 0xff))
                .containsExactly(0x95, 0x02, 0x11, 0x00, 0x01);
    }

    @Test
    void theUcodeTableLeadsToFwsec() {
        int table = prom.getInt(token('p', 2));
        assertThat(table).isGreaterThanOrEqualTo(images().get(1).base());
        assertThat(prom.get(table)).isEqualTo((byte) 1);
        assertThat(prom.get(table + 1)).isGreaterThanOrEqualTo((byte) 6);
        assertThat(prom.get(table + 2)).isGreaterThanOrEqualTo((byte) 6);

        int descriptor = descriptor();

        int header = prom.getInt(descriptor);
        assertThat(header & 1).isOne();
        assertThat(header >>> 8 & 0xff).isEqualTo(3);
        assertThat(header >>> 16).isEqualTo(0x2c + 384);
        assertThat(prom.getShort(descriptor + 0x24)).isEqualTo((short) 0x400);
        assertThat(prom.get(descriptor + 0x26)).isEqualTo((byte) 9);
        assertThat(prom.get(descriptor + 0x27)).isEqualTo((byte) 1);
        assertThat(prom.getShort(descriptor + 0x28) & 1).isOne();
    }

    @Test
    void fwsecsMemoriesLieInsideTheImageAndAreMadeOfBlocks() {
        int descriptor = descriptor();
        int imem = prom.getInt(descriptor + 0x14);
        int dmem = prom.getInt(descriptor + 0x20);

        assertThat(prom.getInt(descriptor + 4)).isEqualTo(imem + dmem);
        assertThat(imem % 256).isZero();
        assertThat(dmem % 256).isZero();
        assertThat(descriptor + 0x2c + 384 + imem + dmem).isLessThanOrEqualTo(0x1000 + 0xe00);
        assertThat(prom.getInt(descriptor + 8) + 384).isLessThanOrEqualTo(dmem);
    }

    @Test
    void theInterfaceTableLeadsToACommandBufferThatIsLargeEnough() {
        int descriptor = descriptor();
        int dmem = descriptor + 0x2c + 384 + prom.getInt(descriptor + 0x14);
        int table = dmem + prom.getInt(descriptor + 0xc);
        assertThat(prom.get(table)).isEqualTo((byte) 1);
        // NVIDIA's driver wants two at least, and takes the last one's offset for a bound.
        assertThat(prom.get(table + 3)).isGreaterThanOrEqualTo((byte) 2);
        int last = table + prom.get(table + 1) + (prom.get(table + 3) - 1) * prom.get(table + 2);

        assertThat(prom.getInt(last)).isEqualTo(4);
        int mapper = dmem + prom.getInt(last + 4);
        assertThat(text(mapper)).isEqualTo("DMAP");
        assertThat(prom.getShort(mapper + 4)).isEqualTo((short) 3);
        int bufferBytes = prom.getInt(mapper + 0xc);
        assertThat(bufferBytes).isGreaterThanOrEqualTo(24 + 20);
        // Neither the buffer nor the table may be hit by the signature that is patched in.
        assertThat(prom.getInt(mapper + 8) + bufferBytes).isLessThanOrEqualTo(prom.getInt(descriptor + 8));
    }

    @Test
    void beyondTheImageTheRomReadsAsOnes() {
        assertThat(prom.getInt(0x1e00)).isEqualTo(-1);
        assertThat(prom.getInt(Prom.SIZE_BYTES - 4)).isEqualTo(-1);
    }

    @Test
    void aReadAcrossTheEndOfTheImageIsBoth() {
        byte[] bytes = new byte[8];

        new Prom(new byte[] {1, 2, 3}).read(1, MemorySegment.ofArray(bytes), 2, 4);

        assertThat(bytes).containsExactly(0, 0, 2, 3, -1, -1, 0, 0);
    }

    @Test
    void writesToTheRomAreDropped() {
        byte[] bytes = new byte[1];
        Prom rom = new Prom(new byte[] {1});

        rom.write(0, MemorySegment.ofArray(new byte[] {9}), 0, 1);
        rom.read(0, MemorySegment.ofArray(bytes), 0, 1);

        assertThat(bytes[0]).isEqualTo((byte) 1);
    }

    private List<Image> images() {
        List<Image> images = new ArrayList<>();
        int base = 0;
        boolean last = false;
        while (!last) {
            int signature = prom.getShort(base) & 0xffff;
            assertThat(signature).isIn(0xaa55, 0x4e56);
            int pcir = base + prom.getShort(base + 0x18);
            assertThat(text(pcir)).isEqualTo(signature == 0xaa55 ? "PCIR" : "NPDS");
            int npde = (pcir + prom.getShort(pcir + 0xa) + 15) & ~15;
            assertThat(text(npde)).isEqualTo("NPDE");
            assertThat(prom.getShort(npde + 4) & 0xffff).isIn(0x0100, 0x0101);
            last = (prom.get(npde + 10) & 0x80) != 0;
            images.add(new Image(base, prom.getShort(npde + 8) * 512, prom.get(pcir + 0x14) & 0xff, last));
            base += prom.getShort(npde + 8) * 512;
        }
        return images;
    }

    private int token(char id, int version) {
        int bit = 0x1b0;
        for (int i = 0; i < prom.get(bit + 10); i++) {
            int token = bit + prom.get(bit + 8) + i * prom.get(bit + 9);
            if (prom.get(token) == id) {
                assertThat(prom.get(token + 1)).isEqualTo((byte) version);
                return prom.getShort(token + 4);
            }
        }
        throw new AssertionError("No token " + id);
    }

    private int descriptor() {
        int table = prom.getInt(token('p', 2));
        int entry = table + prom.get(table + 1);
        assertThat(prom.get(entry)).isEqualTo((byte) 0x85);
        return prom.getInt(entry + 2);
    }

    private int find(byte[] pattern) {
        for (int at = 0; at < 0x1000; at++) {
            byte[] here = new byte[pattern.length];
            prom.get(at, here);
            if (java.util.Arrays.equals(here, pattern)) {
                return at;
            }
        }
        return -1;
    }

    private String text(int at) {
        byte[] bytes = new byte[4];
        prom.get(at, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static int sum(ByteBuffer rom, int from, int count) {
        int sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += rom.get(i);
        }
        return sum & 0xff;
    }

    private static ByteBuffer read(byte[] image) {
        byte[] all = new byte[Prom.SIZE_BYTES];
        new Prom(image).read(0, MemorySegment.ofArray(all), 0, all.length);
        assertThat(MemorySegment.ofArray(all).get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 0x55);
        return ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
    }
}
