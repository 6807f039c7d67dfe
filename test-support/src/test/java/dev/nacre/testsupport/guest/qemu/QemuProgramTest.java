package dev.nacre.testsupport.guest.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QemuProgramTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "QEMU emulator version 10.1.0, 10.1.0",
        "QEMU emulator version 11.1.3 (Debian 1:11.1.3+ds-1~bpo13+1), 11.1.3",
        "QEMU emulator version 12.0.50 (v12.0.0-rc1), 12.0.50"
    })
    void versionsWithTheDeviceAreSupported(String answer, String version) {
        assertThat(QemuProgram.supported(answer)).contains(version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"QEMU emulator version 10.0.13", "QEMU emulator version 7.2.9", "hello", ""})
    void olderVersionsAndOtherProgramsAreNot(String answer) {
        assertThat(QemuProgram.supported(answer)).isEmpty();
    }

    @Test
    void hostProgramIsAskedForVersionAndProperties() throws IOException {
        String program = program("""
                case "$*" in
                --version) echo "QEMU emulator version 11.1.3" ;;
                "-device vfio-user-pci,help") echo "vfio-user-pci options:"; echo "  x-msg-timeout=<uint32>" ;;
                *) exit 1 ;;
                esac
                """);

        assertThat(QemuProgram.onHost(program)).hasValueSatisfying(q -> {
            assertThat(q.version()).isEqualTo("11.1.3");
            assertThat(q.setsMessageTimeout()).isTrue();
            assertThat(q.command()).containsExactly(program);
        });
    }

    @Test
    void hostProgramBuiltWithoutTheDeviceIsNotTaken() throws IOException {
        String program = program("""
                case "$*" in
                --version) echo "QEMU emulator version 11.1.3" ;;
                *) exit 1 ;;
                esac
                """);

        assertThat(QemuProgram.onHost(program)).isEmpty();
    }

    @Test
    void absentHostProgramIsNotTaken() {
        assertThat(QemuProgram.onHost("/nonexistent/qemu")).isEmpty();
    }

    private String program(String body) throws IOException {
        Path file = Files.writeString(folder.resolve("qemu"), "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file.toString();
    }
}
