package dev.nacre.coretck;

import dev.nacre.core.spi.CoreProvider;
import dev.nacre.corec.NativeCoreProvider;
import dev.nacre.corejava.JavaCoreProvider;
import dev.nacre.hw.chip.Chip;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Both cores on every other chip that they can boot. */
@ParameterizedClass
@MethodSource("chips")
class ChipsTest extends ChipTck {
    @Parameter
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private CoreUnderTest chosen;

    static Stream<CoreUnderTest> chips() {
        return Stream.of(new JavaCoreProvider(), new NativeCoreProvider()).flatMap(ChipsTest::chips);
    }

    private static Stream<CoreUnderTest> chips(CoreProvider provider) {
        return Arrays.stream(Chip.values())
                .filter(chip -> chip != Chip.AD102 && provider.chips().contains(chip.name()))
                .map(chip -> new TestBoards(provider, TestBoards.Way.IN_PROCESS, chip));
    }

    @AfterParameterizedClassInvocation
    void endOfAChip() {
        closeBench();
    }

    @Override
    protected CoreUnderTest underTest() {
        return chosen;
    }
}
