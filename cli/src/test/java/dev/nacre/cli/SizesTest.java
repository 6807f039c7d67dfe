package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SizesTest {
    @ParameterizedTest
    @CsvSource({"512M,536870912", "2G,2147483648", "2g,2147483648", "1GiB,1073741824", "64MB,67108864"})
    void sizeWithUnitIsTaken(String text, long bytes) {
        assertThat(new Sizes().convert(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "G", "2", "2T", "-", "two G", "99999999999999G"})
    void sizeWithoutSenseIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> new Sizes().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("512M or 2G");
    }

    @ParameterizedTest
    @CsvSource({"2147483648,2G", "536870912,512M", "1610612736,1536M"})
    void sizeIsWrittenInTheLargestWholeUnit(long bytes, String text) {
        assertThat(Sizes.format(bytes)).isEqualTo(text);
    }
}
