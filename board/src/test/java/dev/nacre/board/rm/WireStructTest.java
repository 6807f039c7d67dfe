package dev.nacre.board.rm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireStructTest {
    @Test
    void values_areLittleEndianAtAnyAlignment() {
        WireStruct struct = WireStruct.ofSize(16);

        struct.put64(1, 0x0102030405060708L);
        struct.put16(9, 0xabcd);

        assertThat(struct.get8(1)).isEqualTo(8);
        assertThat(struct.get32(1)).isEqualTo(0x05060708);
        assertThat(struct.get8(9)).isEqualTo(0xcd);
        assertThat(struct.get64(1)).isEqualTo(0x0102030405060708L);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 5, 8, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void whatLiesOutside_readsZeroAndSwallowsWrites(int offset) {
        WireStruct struct = WireStruct.over(new byte[] {1, 1, 1, 1, 1, 1, 1, 1});

        struct.put32(offset, -1);
        struct.put64(offset, -1);

        assertThat(struct.get32(offset)).isZero();
        assertThat(struct.get64(offset)).isZero();
        assertThat(struct.toByteArray()).containsOnly(1);
    }

    @Test
    void parts_areCutOffAtTheEnd() {
        WireStruct struct = WireStruct.ofSize(8);

        WireStruct part = struct.part(6, 100);
        part.put(0, new byte[] {1, 2, 3, 4});

        assertThat(part.length()).isEqualTo(2);
        assertThat(struct.toByteArray()).containsExactly(0, 0, 0, 0, 0, 0, 1, 2);
        assertThat(struct.part(-5, 3).length()).isEqualTo(3);
        assertThat(struct.part(100, 3).length()).isZero();
    }

    @Test
    void text_alwaysEndsWithZero() {
        WireStruct struct = WireStruct.over(new byte[] {9, 9, 9, 9, 9, 9});

        struct.putText(0, "abcdefgh", 4);

        assertThat(struct.toByteArray()).containsExactly('a', 'b', 'c', 0, 9, 9);
        assertThat(new String(struct.part(0, 3).toByteArray(), StandardCharsets.US_ASCII))
                .isEqualTo("abc");
    }
}
