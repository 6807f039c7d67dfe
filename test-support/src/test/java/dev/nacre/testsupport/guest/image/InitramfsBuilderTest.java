package dev.nacre.testsupport.guest.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.testsupport.guest.host.HostCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitramfsBuilderTest {
    @TempDir
    private Path folder;

    private Path busybox = Path.of("/");
    private GuestKernel kernel = new GuestKernel("", busybox, busybox);

    @BeforeEach
    void kitWithTinyParts() throws IOException {
        Path modules = Files.createDirectories(folder.resolve("root/usr/lib/modules/7.0"));
        Path drivers = Files.createDirectories(modules.resolve("kernel/drivers"));
        Files.write(modules.resolve("vmlinuz"), new byte[1]);
        Files.writeString(modules.resolve("modules.builtin"), "kernel/drivers/button.ko\n");
        Files.write(drivers.resolve("nouveau.ko"), ElfFiles.module("nouveau", "drm"));
        Files.write(drivers.resolve("drm.ko"), ElfFiles.module("drm", ""));
        Files.write(drivers.resolve("evdev.ko"), ElfFiles.module("evdev", ""));
        kernel = GuestKernel.in(folder.resolve("root"));
        busybox = Files.writeString(folder.resolve("busybox"), "#!/bin/sh\necho sh\necho ls\n");
        Files.setPosixFilePermissions(busybox, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void imageHoldsInitShellModulesInOrderAndFirmware() throws IOException {
        Path image = builder()
                .firmware(new GuestFirmware.Synthetic(List.of("570.144")))
                .build();

        assertThat(CpioWriterTest.names(Files.readAllBytes(image)))
                .contains(
                        "init",
                        "dev/console",
                        "bin/sh",
                        "bin/ls",
                        "lib/modules/nacre/000-evdev.ko",
                        "lib/modules/nacre/001-drm.ko",
                        "lib/modules/nacre/002-nouveau.ko",
                        "lib/firmware/nvidia/ad102/gsp/gsp-570.144.bin")
                .doesNotHaveDuplicates();
    }

    @Test
    void furtherModulesLieApartWithAllThatTheyNeed() throws IOException {
        Path plain = builder().build();

        Path image = builder().modules("drm").build();

        assertThat(image).isNotEqualTo(plain);
        assertThat(CpioWriterTest.names(Files.readAllBytes(image))).contains("lib/modules/extra/000-drm.ko");
        assertThat(CpioWriterTest.names(Files.readAllBytes(plain))).noneMatch(n -> n.startsWith("lib/modules/extra"));
    }

    @Test
    void programsOfAFolderBecomeExecutables() throws IOException {
        Path programs = Files.createDirectories(folder.resolve("programs"));
        Files.write(programs.resolve("ce-exec"), new byte[1]);

        Path image = builder().programs(programs).build();

        assertThat(CpioWriterTest.names(Files.readAllBytes(image))).contains("opt/nacre/ce-exec");
    }

    @Test
    void sameIngredientsGiveTheSameImageWithoutBuildingIt() throws IOException {
        Path first = builder().build();
        Files.write(first, new byte[] {42});

        assertThat(builder().build()).isEqualTo(first).hasBinaryContent(new byte[] {42});
    }

    @Test
    void otherFirmwareGivesAnotherImage() {
        Path first = builder().build();

        assertThat(builder().firmware(new GuestFirmware.None()).build()).isNotEqualTo(first);
    }

    @Test
    void initScriptIsOneThatAShellUnderstands() throws IOException {
        Path script = Files.write(folder.resolve("init"), Resources.read("init"));

        HostCommand.Result checked =
                HostCommand.of("sh", "-n", script.toString()).run(Duration.ofSeconds(30));

        assertThat(checked.errors()).isEmpty();
        assertThat(checked.ok()).isTrue();
    }

    private InitramfsBuilder builder() {
        return new InitramfsBuilder(kernel, busybox, folder.resolve("images"));
    }
}
