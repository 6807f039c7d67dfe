package dev.nacre.testsupport.guest.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class GuestProgramsTest {
    @SuppressWarnings("unused") // named by the test below
    private static final List<String> NAMES = GuestPrograms.NAMES;

    @ParameterizedTest
    @FieldSource("NAMES")
    void programReportsUnderTheNameOfItsJob(String name) {
        String source = new String(Resources.read("programs/" + name + ".c"), StandardCharsets.UTF_8);

        assertThat(source).contains("begin(\"" + name + "\"").contains("return pass(");
    }
}
