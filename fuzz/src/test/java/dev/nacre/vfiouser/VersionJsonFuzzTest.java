package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.Optional;

/** The text that VERSION carries. Whatever it is, it is taken or refused; what is taken lies within its limits. */
final class VersionJsonFuzzTest {
    @FuzzTest
    void anyText(byte[] json) {
        byte[] before = json.clone();

        Optional<Capabilities> parsed = Capabilities.parse(json);

        assertThat(json).isEqualTo(before);
        assertThat(Capabilities.parse(json)).isEqualTo(parsed);
        byte[] spaced = Arrays.copyOf(json, json.length + 1);
        spaced[json.length] = ' ';
        assertThat(Capabilities.parse(spaced)).isEqualTo(parsed);
        if (parsed.isPresent()) {
            assertThat(Capabilities.parse(twice(json))).as("more behind it").isEmpty();
            assertWithinLimits(parsed.get());
        }
    }

    private static void assertWithinLimits(Capabilities parsed) {
        assertThat(parsed.maxFds()).isBetween(0, 1024);
        assertThat(parsed.maxDataBytes()).isNotNegative();
        assertThat(parsed.writeMultiple())
                .isEqualTo(parsed.writeMultiple() && parsed.keys().contains("write_multiple"));
        assertThat(parsed.twinSocket())
                .isEqualTo(parsed.twinSocket() && parsed.keys().contains("twin_socket"));
        assertThat(parsed.twinIndex()).isBetween(Capabilities.NO_TWIN, 1024);
        boolean isRustVmm = ClientKind.of(1, parsed) == ClientKind.RUST_VMM;
        assertThat(isRustVmm && (parsed.writeMultiple() || parsed.twinSocket())).isFalse();
    }

    private static byte[] twice(byte[] json) {
        byte[] both = Arrays.copyOf(json, 2 * json.length);
        System.arraycopy(json, 0, both, json.length, json.length);
        return both;
    }
}
