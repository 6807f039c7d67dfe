package dev.nacre.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that an operation gets are checked where they are made, so that no implementation sees impossible ones. */
class RequestsTest {
    @ParameterizedTest
    @CsvSource({"0, 4096", "-1, 4096", "281474976710657, 4096", "4096, 0", "4096, 2048", "4096, 12288", "4096, -4096"})
    void memoryOfImpossibleSizeOrAlignmentIsRefused(long bytes, long align) {
        isInvalid(() -> FbRequest.aligned(bytes, align));
    }

    @Test
    void fixedOffsetMustBeAligned() {
        isInvalid(() -> new FbRequest(4096, 1 << 16, OptionalLong.of(4096)));

        assertThat(new FbRequest(1, 1 << 16, OptionalLong.of(1 << 16)).fixedOffset())
                .hasValue(1 << 16);
    }

    @ParameterizedTest
    @CsvSource({"-4096, 4096", "1, 4096", "0, 0", "0, 4097", "0, -4096"})
    void mappingOfImpossiblePartIsRefused(long offset, long bytes) {
        isInvalid(() -> MapRequest.of(offset, bytes));
    }

    @Test
    void mappingMustLieInTheMemoryAlsoWhereSumsOverflow() {
        MapRequest.of(4096, 4096).within(8192);

        isInvalid(() -> MapRequest.of(4096, 8192).within(8192));
        isInvalid(() -> MapRequest.of(Long.MAX_VALUE - 4095, 4096).within(8192));
        isInvalid(() -> MapRequest.of(4096, Long.MAX_VALUE - 4095).within(8192));
    }

    @ParameterizedTest
    @CsvSource({"-4, 4", "2, 4", "0, 0", "0, 6", "0, 8388608"})
    void impossibleCommandsAreRefused(long address, int bytes) {
        isInvalid(() -> new Channel.Push(address, bytes));
    }

    @Test
    void clientNeedsANameAndVersionsInOrder() {
        assertThatIllegalArgumentException().isThrownBy(() -> Client.of(" ", ClientKind.TOOL, Set.of(), event -> {}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Client("x", ClientKind.TOOL, 2, 1, Set.of(), event -> {}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Client("x", ClientKind.TOOL, 0, 1, Set.of(), event -> {}));
    }

    @Test
    void noTwoErrorsHaveTheSameNumber() {
        assertThat(Arrays.stream(CoreError.values()).map(CoreError::errno)).doesNotHaveDuplicates();
        assertThat(CoreError.values())
                .allSatisfy(error ->
                        assertThat(CoreError.of(error.errno().number())).hasValue(error));
        assertThat(CoreError.of(1)).isEmpty();
    }

    private static void isInvalid(ThrowingCallable call) {
        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.INVALID_ARGUMENT));
    }
}
