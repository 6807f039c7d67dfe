package dev.nacre.testsupport.guest.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.testsupport.guest.host.KitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuestKernelTest {
    @TempDir
    private Path root;

    @ParameterizedTest
    @CsvSource({
        "usr/lib/modules/7.3.4/vmlinuz, usr/lib/modules/7.3.4",
        "boot/vmlinuz-7.3.4, usr/lib/modules/7.3.4",
        "boot/vmlinuz-7.3.4, lib/modules/7.3.4"
    })
    void imageIsFoundInEveryLayoutOfThePackages(String image, String modules) throws IOException {
        Files.createDirectories(root.resolve(modules).resolve("kernel"));
        Files.createDirectories(root.resolve(image).getParent());
        Files.write(root.resolve(image), new byte[1]);

        assertThat(GuestKernel.in(root))
                .isEqualTo(new GuestKernel("7.3.4", root.resolve(image), root.resolve(modules)));
    }

    @Test
    void imageWithoutModulesIsRefused() throws IOException {
        Files.createDirectories(root.resolve("boot"));
        Files.write(root.resolve("boot/vmlinuz-7.3.4"), new byte[1]);

        assertThatThrownBy(() -> GuestKernel.in(root)).isInstanceOf(KitException.class);
    }
}
