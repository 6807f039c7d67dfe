package dev.nacre.testsupport.guest.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.testsupport.guest.host.KitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelModulesTest {
    @TempDir
    private Path modules;

    @BeforeEach
    void builtInModules() throws IOException {
        Files.createDirectories(modules.resolve("kernel/drivers"));
        Files.writeString(modules.resolve("modules.builtin"), "kernel/drivers/built-in-one.ko\n");
    }

    @Test
    void dependenciesComeBeforeWhatNeedsThemAndOnce() throws IOException {
        module("nouveau", "ttm,drm-helper");
        module("drm-helper", "drm");
        module("ttm", "drm");
        module("drm", "built_in_one");
        module("evdev", "");

        assertThat(closure("nouveau", "evdev")).containsExactly("drm", "ttm", "drm_helper", "nouveau", "evdev");
    }

    @Test
    void moduleThatIsBuiltInIsLeftOut() throws IOException {
        assertThat(closure("built_in_one")).isEmpty();
    }

    @Test
    void missingModuleIsNamed() throws IOException {
        module("nouveau", "nowhere");

        assertThatThrownBy(() -> closure("nouveau"))
                .isInstanceOf(KitException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void modulesThatNeedEachOtherDoNotHangIt() throws IOException {
        module("a", "b");
        module("b", "a");

        assertThat(closure("a")).containsExactly("b", "a");
    }

    @Test
    void namesLoseSuffixesAndHyphens() {
        assertThat(KernelModules.moduleName("i2c-algo-bit.ko.xz")).contains("i2c_algo_bit");
        assertThat(KernelModules.moduleName("drm.ko.zst")).contains("drm");
        assertThat(KernelModules.moduleName("drm.ko")).contains("drm");
        assertThat(KernelModules.moduleName("modules.dep")).isEmpty();
    }

    @Test
    void informationListsEntriesOfTheSection() {
        List<String> information = KernelModules.information("x", ElfFiles.module("x", "a,b-c"));

        assertThat(information).containsExactly("license=GPL", "depends=a,b-c", "name=x");
        assertThat(KernelModules.dependencies(information)).containsExactly("a", "b_c");
    }

    @Test
    void moduleWithoutDependenciesHasNone() {
        assertThat(KernelModules.dependencies(List.of("depends=", "alias=depends=x")))
                .isEmpty();
    }

    private void module(String name, String depends) throws IOException {
        Files.write(modules.resolve("kernel/drivers/" + name + ".ko"), ElfFiles.module(name, depends));
    }

    private List<String> closure(String... names) {
        GuestKernel kernel = new GuestKernel("7.0", modules.resolve("vmlinuz"), modules);
        return KernelModules.of(kernel, new Decompressor(Path.of("busybox"))).closure(List.of(names)).stream()
                .map(KernelModules.Module::name)
                .toList();
    }
}
