package dev.nacre.board.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.nacre.board.UnknownRegister;
import dev.nacre.hw.reg.Reg;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Bar0Test {
    private final UnknownRegisters unknown = new UnknownRegisters();
    private final Bar0 bar0 = new Bar0(unknown);
    private final RegisterBank bank = RegisterBank.builder("bank", 0x1000, 0x1000)
            .store(Reg.rw("NV_A", 0x1000), Reg.rw("NV_B", 0x1004), Reg.w1c("NV_C", 0x1008))
            .build();

    @Test
    void everyWidthAndAlignmentReadsTheSameBytes() {
        bar0.map(0x1000, 0x1000, bank);
        bank.write(0x1000, 0x44332211);
        bank.write(0x1004, 0x88776655);

        assertThat(hex(0x1000, 1)).isEqualTo("11");
        assertThat(hex(0x1001, 1)).isEqualTo("22");
        assertThat(hex(0x1001, 2)).isEqualTo("2233");
        assertThat(hex(0x1000, 4)).isEqualTo("11223344");
        assertThat(hex(0x1003, 4)).isEqualTo("44556677");
        assertThat(hex(0x1000, 8)).isEqualTo("1122334455667788");
        assertThat(hex(0x1002, 5)).isEqualTo("3344556677");
        assertThat(hex(0x1000, 0)).isEmpty();
    }

    @Test
    void aPartialWriteKeepsTheOtherBytes() {
        bar0.map(0x1000, 0x1000, bank);
        bank.write(0x1000, 0x44332211);

        write(0x1003, "aabb");

        assertThat(bank.read(0x1000)).isEqualTo(0xaa332211);
        assertThat(bank.read(0x1004)).isEqualTo(0x000000bb);
    }

    @Test
    void aPartialWriteToOnesThatClearClearsOnlyItsByte() {
        bar0.map(0x1000, 0x1000, bank);
        bank.or(Reg.w1c("NV_C", 0x1008), 0xffff);

        write(0x1009, "0f");

        assertThat(bank.read(0x1008)).isEqualTo(0xf0ff);
    }

    @Test
    void anAccessAcrossRangesIsCutAtTheirBorders() {
        byte[] window = HexFormat.of().parseHex("0102030405060708");
        bar0.map(0x1000, 0x1000, new FakeAperture(window, 0x1000));
        bar0.map(0x2000, 0x1000, bank(0x2000));
        bar0.write(0x2000, segment("a1a2a3a4"), 0, 4);

        assertThat(hex(0x1ffe, 4)).isEqualTo("ffff" + "a1a2");
        assertThat(hex(0x0ffe, 6)).isEqualTo("0000" + "01020304");
    }

    @Test
    void anApertureGetsOneCallForALargeAccess() {
        FakeAperture aperture = new FakeAperture(new byte[0x1000], 0x10_0000);
        bar0.map(0x30_0000, 0x10_0000, aperture);

        read(0x30_0000, 0x10_0000);

        assertThat(aperture.reads).isEqualTo(1);
    }

    @Test
    void aWholeMebibyteOfRegistersIsRead() {
        bar0.map(0x1000, 0x1000, bank);
        bank.write(0x1004, 5);

        byte[] all = read(0, 1 << 20);

        assertThat(all[0x1004]).isEqualTo((byte) 5);
        assertThat(unknown.overflows()).isPositive();
    }

    @Test
    void unmodelledRegistersReadWhatWasWrittenAndAreCounted() {
        bar0.map(0x1000, 0x1000, bank);
        assertThat(hex(0x1438, 4)).isEqualTo("00000000");

        write(0x1438, "01020304");

        assertThat(hex(0x1438, 4)).isEqualTo("01020304");
        assertThat(unknown.list())
                .singleElement()
                .satisfies(r -> assertThat(r.name()).contains("NV_PBUS_SW_SCRATCH(14)"))
                .extracting(UnknownRegister::address, UnknownRegister::reads, UnknownRegister::writes)
                .containsExactly(0x1438, 2L, 1L);
    }

    @Test
    void moreUnmodelledRegistersThanAreRememberedReadZero() {
        for (int i = 0; i <= UnknownRegisters.CAPACITY; i++) {
            write(0x40_0000 + 4 * i, "ffffffff");
        }

        assertThat(hex(0x40_0000, 4)).isEqualTo("ffffffff");
        assertThat(hex(0x40_0000 + 4 * UnknownRegisters.CAPACITY, 4)).isEqualTo("00000000");
        assertThat(unknown.overflows()).isEqualTo(2);
        assertThat(unknown.list()).hasSize(UnknownRegisters.CAPACITY);
    }

    @Test
    void anAliasShowsTheSameRegistersElsewhere() {
        bar0.map(0x1000, 0x1000, bank);
        bar0.alias(0x5000, 0x1000, -0x4000, bank);

        write(0x5004, "07000000");

        assertThat(bank.read(0x1004)).isEqualTo(7);
        assertThat(hex(0x5004, 4)).isEqualTo("07000000");
    }

    @Test
    void rangesThatOverlapAreADefect() {
        bar0.map(0x1000, 0x2000, bank);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> bar0.map(0x2000, 0x1000, bank))
                .withMessageContaining("at=0x2000");
    }

    @Test
    void randomAccessesAgreeWithPlainMemory() {
        RegisterBank.Builder builder = RegisterBank.builder("memory", 0x1000, 0x1000);
        for (int offset = 0x1000; offset < 0x2000; offset += 4) {
            builder.store(Reg.rw("NV_" + offset, offset));
        }
        bar0.map(0x1000, 0x1000, builder.build());
        byte[] expected = new byte[0x1000];
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            int count = random.nextInt(20);
            int at = random.nextInt(0x1000 - count);
            byte[] bytes = new byte[count];
            random.nextBytes(bytes);
            System.arraycopy(bytes, 0, expected, at, count);
            bar0.write(0x1000 + at, MemorySegment.ofArray(bytes), 0, count);
        }

        assertThat(read(0x1000, 0x1000)).isEqualTo(expected);
    }

    private static RegisterBank bank(int base) {
        return RegisterBank.builder("bank" + base, base, 0x1000)
                .store(Reg.rw("NV_D", base))
                .build();
    }

    private static MemorySegment segment(String hex) {
        return MemorySegment.ofArray(HexFormat.of().parseHex(hex));
    }

    private void write(int at, String hex) {
        bar0.write(at, segment(hex), 0, hex.length() / 2);
    }

    private byte[] read(int at, int count) {
        byte[] bytes = new byte[count + 2];
        bar0.read(at, MemorySegment.ofArray(bytes), 1, count);
        assertThat(bytes[0]).isZero();
        assertThat(bytes[count + 1]).isZero();
        return java.util.Arrays.copyOfRange(bytes, 1, count + 1);
    }

    private String hex(int at, int count) {
        return HexFormat.of().formatHex(read(at, count));
    }

    private static final class FakeAperture implements Aperture {
        private final ByteBuffer bytes;
        private int reads;

        FakeAperture(byte[] start, int size) {
            byte[] all = new byte[size];
            java.util.Arrays.fill(all, (byte) 0xff);
            System.arraycopy(start, 0, all, 0, start.length);
            bytes = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public void read(long offset, MemorySegment dst, long dstOffset, int count) {
            reads++;
            MemorySegment.copy(MemorySegment.ofBuffer(bytes), offset, dst, dstOffset, count);
        }

        @Override
        public void write(long offset, MemorySegment src, long srcOffset, int count) {
            MemorySegment.copy(src, srcOffset, MemorySegment.ofBuffer(bytes), offset, count);
        }
    }

    @Test
    void stateOfUnmodelledRegistersIsKept() {
        write(0x40_0000, "01000000");
        write(0x40_0008, "02000000");
        dev.nacre.board.state.StateWriter saved = new dev.nacre.board.state.StateWriter();
        unknown.save(saved);
        UnknownRegisters other = new UnknownRegisters();

        other.restore(new dev.nacre.board.state.StateReader(saved.toByteArray()));

        assertThat(List.of(other.peek(0x40_0000), other.peek(0x40_0004), other.peek(0x40_0008)))
                .containsExactly(1, 0, 2);
        other.reset();
        assertThat(other.peek(0x40_0000)).isZero();
    }
}
