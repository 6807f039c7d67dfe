package dev.nacre.pci.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PciAddressTest {
    @ParameterizedTest
    @CsvSource({"0000:01:00.0, 0000:01:00.0", "1:2.3, 0000:01:02.3", "ABCD:ff:1f.7, abcd:ff:1f.7"})
    void whatIsReadIsWrittenAsLspciDoes(String text, String expected) {
        assertThat(PciAddress.parse(text)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "01:00", "01:20.0", "01:00.8", "0000:001:00.0", "x1:00.0", "01:00.0 "})
    void whatIsNoAddressIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PciAddress.parse(text))
                .withMessageContaining("0000:01:00.0");
    }

    @Test
    void functionsBehindItGoOnInTheNextDeviceAndBus() {
        PciAddress physical = new PciAddress(0, 1, 0, 0);

        assertThat(physical.plus(4)).isEqualTo(new PciAddress(0, 1, 0, 4));
        assertThat(physical.plus(9)).isEqualTo(new PciAddress(0, 1, 1, 1));
        assertThat(physical.plus(256)).isEqualTo(new PciAddress(0, 2, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new PciAddress(0, 255, 31, 7).plus(1));
    }

    @Test
    void addressesAreOrderedAsTheyLie() {
        assertThat(PciAddress.parse("00:1f.7")).isLessThan(PciAddress.parse("01:00.0"));
        assertThat(PciAddress.parse("0001:00:00.0")).isGreaterThan(PciAddress.parse("0000:ff:1f.7"));
    }
}
