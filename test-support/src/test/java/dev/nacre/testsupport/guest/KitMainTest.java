package dev.nacre.testsupport.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KitMainTest {
    private static final KitOptions DEFAULTS = KitOptions.fromEnvironment(Map.of("HOME", "/h"));

    @Test
    void noArgumentsFetchNothing() {
        assertThat(parse()).isEqualTo(new KitMain.Request(DEFAULTS, Set.of(), false));
    }

    @Test
    void demoNeedsNeitherTheSecondKernelNorVulkan() {
        assertThat(parse("--fetch", "demo").fetch())
                .containsExactlyInAnyOrder(KitPart.QEMU, KitPart.TOOLS, KitPart.KERNEL_BACKPORTS);
    }

    @Test
    void testsNeedAllButTheVendorsFirmware() {
        assertThat(parse("--fetch", "tests").fetch())
                .containsExactlyInAnyOrder(
                        KitPart.QEMU,
                        KitPart.TOOLS,
                        KitPart.KERNEL_BACKPORTS,
                        KitPart.KERNEL_STABLE,
                        KitPart.VULKAN,
                        KitPart.DRM_TOOLS,
                        KitPart.VIEWER,
                        KitPart.BROWSER);
    }

    @Test
    void optionsOverrideTheEnvironment() {
        KitOptions options = parse("--cache", "/c", "--mirror", "file:/m", "--refresh", "--firmware")
                .options();

        assertThat(options.cache()).isEqualTo(Path.of("/c"));
        assertThat(options.mirror()).contains("file:/m");
        assertThat(options.refresh()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--fetch all", "--fetch", "--mirror", "--refresh", "fetch"})
    void wrongArgumentsAreRefused(String line) {
        assertThatThrownBy(() -> parse(line.split(" "))).isInstanceOf(IllegalArgumentException.class);
    }

    private static KitMain.Request parse(String... arguments) {
        return KitMain.parse(List.of(arguments), DEFAULTS);
    }
}
