package dev.nacre.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArgumentsTest {
    @Test
    void withoutASectionAllButTheLongOnesAreMeasured() throws Exception {
        Arguments arguments = Arguments.parse("--launcher", "some/nacre");

        assertThat(arguments.launcher()).isEqualTo(Path.of("some/nacre"));
        assertThat(arguments.sections())
                .containsExactlyInAnyOrderElementsOf(
                        EnumSet.complementOf(EnumSet.of(SectionName.VGPU, SectionName.DAEMON, SectionName.VFIO_USER)));
    }

    @ParameterizedTest
    @EnumSource
    void namedSectionIsTheOnlyOne(SectionName section) throws Exception {
        assertThat(Arguments.parse("--launcher", "nacre", section.word()).sections())
                .containsExactly(section);
    }

    @Test
    void severalSectionsRunInTheirOwnOrder() throws Exception {
        assertThat(Arguments.parse("register", "server", "--launcher", "nacre", "register")
                        .sections())
                .containsExactly(SectionName.SERVER, SectionName.REGISTER);
    }

    @Test
    void unknownSectionIsNamedWithThoseThatThereAre() {
        assertThatThrownBy(() -> Arguments.parse("--launcher", "nacre", "speed"))
                .isInstanceOf(Arguments.UsageException.class)
                .hasMessage(
                        "No such section: speed; there are server, guest, socket, copy, core, register, drm, vgpu, daemon, vfio-user");
    }

    @Test
    void packageIsTakenWhereItIsNamed() throws Exception {
        assertThat(Arguments.parse("--launcher", "nacre", "--package", "some.tar.gz", "daemon")
                        .archive())
                .contains(Path.of("some.tar.gz"));
        assertThatThrownBy(() -> Arguments.parse("--package")).hasMessageContaining("--package needs");
    }

    @Test
    void launcherIsNeeded() {
        assertThatThrownBy(() -> Arguments.parse("copy")).hasMessageContaining("--launcher is missing");
        assertThatThrownBy(() -> Arguments.parse("--launcher")).hasMessageContaining("--launcher needs");
    }

    @Test
    void wrongCommandLineIsOneLineAndStatus2() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int status = BenchMain.run(print(out), print(err), "--launcher", "nacre", "speed");

        assertThat(status).isEqualTo(2);
        assertThat(out.toByteArray()).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("bench: No such section: speed");
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }
}
