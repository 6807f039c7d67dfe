package dev.nacre.testsupport.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VbiosTest {
    private static final int PROM = 0x300000;
    private static final byte[] ROM = rom();

    private final Check check = new Check();

    private static byte[] rom() {
        try (Board board = new Board(BoardConfig.of(Chip.AD102));
                Arena arena = Arena.ofConfined()) {
            InProcessTransport transport = new InProcessTransport(board);
            BoardProbe.over(transport).enable();
            return new RegionView(transport, 0, arena).bytesAt(PROM, 1 << 20);
        }
    }

    @Test
    void theBoardsRomIsTaken() {
        Vbios vbios = Vbios.parse(ROM, Chip.AD102.deviceId(), check);

        assertThat(vbios.version()).matches("[0-9a-f]{2}(\\.[0-9a-f]{2}){4}");
        assertThat(vbios.fwsec().signatures()).isNotEmpty();
        assertThat(vbios.fwsec().imem().size() % 256).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "0x000, option ROM signature",
        "0x040, PCIR signature",
        "0x046, device id",
        "0x060, NPDE signature",
        "0x068, NPDE length",
        "0x06a, NPDE last flag",
        "0x1b0, BIT signature",
        "0x1ba, BIT token count",
        "0x300, checksum of the image"
    })
    void aSpoiltByteIsFound(String offset, String what) {
        byte[] spoilt = ROM.clone();
        spoilt[Integer.decode(offset)] ^= (byte) 0x80;

        assertThatThrownBy(() -> Vbios.parse(spoilt, Chip.AD102.deviceId(), check))
                .as(what)
                .isInstanceOf(DriverException.class);
    }

    @Test
    void anotherChipsRomIsRefused() {
        assertThatThrownBy(() -> Vbios.parse(ROM, Chip.GA102.deviceId(), check))
                .isInstanceOf(DriverException.class)
                .hasMessageContaining("PCIR device");
    }
}
