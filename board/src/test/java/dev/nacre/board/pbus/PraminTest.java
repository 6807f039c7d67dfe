package dev.nacre.board.pbus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.fb.Vram;
import dev.nacre.hw.regs.RegisterPlaces;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PraminTest {
    private final Vram vram = new Vram(Arena.global().allocate(0x30_0000, 4096));
    private final BusInterface pbus = new BusInterface(vram, RegisterPlaces.TURING_TO_ADA);

    @Test
    void theWindowShowsMemoryFromItsBase() {
        vram.writeInt(0x2_0010, 0x44332211);
        pbus.registers().write(0x1700, 2);

        assertThat(read(0x10, 4)).isEqualTo("11223344");
        assertThat(read(0x11, 2)).isEqualTo("2233");
        assertThat(read(0x0c, 8)).isEqualTo("0000000011223344");
    }

    @Test
    void writesOfEveryWidthReachMemory() {
        pbus.registers().write(0x1700, 1);

        write(0x00, "01020304");
        write(0x05, "aa");
        write(0x08, "1122334455667788");

        assertThat(vram.readLong(0x1_0000)).isEqualTo(0x0000aa00_04030201L);
        assertThat(vram.readLong(0x1_0008)).isEqualTo(0x88776655_44332211L);
    }

    @Test
    void beyondTheMemoryItReadsOnesAndSwallowsWrites() {
        pbus.registers().write(0x1700, 0x2f);
        vram.writeInt(0x2f_fffc, 0);

        write(0xffff, "ab");
        write(0xfffe, "0102030405");

        assertThat(read(0xfffe, 4)).isEqualTo("0102ffff");
        pbus.registers().write(0x1700, 0xff_ffff);
        assertThat(read(0, 4)).isEqualTo("ffffffff");
    }

    @Test
    void systemMemoryIsNotBehindIt() {
        pbus.registers().write(0x1700, 2 << 24);

        write(0, "01020304");

        assertThat(read(0, 4)).isEqualTo("ffffffff");
        assertThat(vram.readInt(0)).isZero();
    }

    private String read(long offset, int count) {
        byte[] bytes = new byte[count];
        pbus.pramin().read(offset, MemorySegment.ofArray(bytes), 0, count);
        return HexFormat.of().formatHex(bytes);
    }

    private void write(long offset, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        MemorySegment src = MemorySegment.ofArray(new byte[bytes.length + 1]);
        MemorySegment.copy(bytes, 0, src, ValueLayout.JAVA_BYTE, 1, bytes.length);
        pbus.pramin().write(offset, src, 1, bytes.length);
    }
}
