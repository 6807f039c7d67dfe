package dev.nacre.testsupport.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.testsupport.guest.host.KitException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KitOptionsTest {
    @Test
    void cacheIsTheMostSpecificVariable() {
        assertThat(cache(Map.of("HOME", "/h"))).isEqualTo(Path.of("/h/.cache/nacre"));
        assertThat(cache(Map.of("HOME", "/h", "XDG_CACHE_HOME", "/x"))).isEqualTo(Path.of("/x/nacre"));
        assertThat(cache(Map.of("HOME", "/h", "XDG_CACHE_HOME", "/x", "NACRE_CACHE", "/n")))
                .isEqualTo(Path.of("/n"));
    }

    @Test
    void emptyVariableCountsAsNone() {
        assertThat(cache(Map.of("HOME", "/h", "NACRE_CACHE", ""))).isEqualTo(Path.of("/h/.cache/nacre"));
    }

    @Test
    void noPlaceForTheCacheIsAnErrorThatNamesTheVariable() {
        assertThatThrownBy(() -> KitOptions.fromEnvironment(Map.of()))
                .isInstanceOf(KitException.class)
                .hasMessageContaining("NACRE_CACHE");
    }

    @Test
    void mirrorKeyringAndQemuComeFromTheEnvironment() {
        KitOptions options = KitOptions.fromEnvironment(Map.of(
                "HOME", "/h", "NACRE_DEBIAN_MIRROR", "file:/m", "NACRE_DEBIAN_KEYRING", "/k", "NACRE_QEMU", "/q"));

        assertThat(options.mirror()).contains("file:/m");
        assertThat(options.keyring()).contains(Path.of("/k"));
        assertThat(options.qemu()).contains("/q");
        assertThat(options.refresh()).isFalse();
    }

    private static Path cache(Map<String, String> environment) {
        return KitOptions.fromEnvironment(environment).cache();
    }
}
