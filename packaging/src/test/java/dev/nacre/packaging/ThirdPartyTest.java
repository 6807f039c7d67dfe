package dev.nacre.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThirdPartyTest {
    private static final String LICENCE =
            "<licenses><license><name>Some Licence</name><url>https://some.example/licence</url></license></licenses>";

    @TempDir
    Path folder;

    @Test
    void licenceIsThatOfTheDescriptor() throws IOException {
        jar("some-1.0", "some/Class.class");
        pom("some-1.0", "<url>https://some.example</url>" + LICENCE);

        String list = new ThirdParty(folder).list();

        assertThat(list)
                .contains(
                        "some-1.0.jar\n  https://some.example\n  Licence: Some Licence https://some.example/licence\n");
    }

    @Test
    void licenceComesFromAParentWhereTheDescriptorHasNone() throws IOException {
        jar("some-1.0", "some/Class.class");
        pom("some-1.0", "<parent><artifactId>all</artifactId><version>2</version></parent>");
        pom("all-2", LICENCE);

        assertThat(new ThirdParty(folder).list()).contains("Licence: Some Licence");
    }

    @Test
    void jarWithoutALicenceIsRefused() throws IOException {
        jar("some-1.0", "some/Class.class");
        pom("some-1.0", "");

        assertThatThrownBy(() -> new ThirdParty(folder).list())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("some-1.0.jar");
    }

    @Test
    void licencesAndNoticesInAJarAreCopied() throws IOException {
        jar("some-1.0", "META-INF/LICENSE.txt", "META-INF/NOTICE", "some/Notice.class");
        pom("some-1.0", LICENCE);
        Path to = folder.resolve("to");

        new ThirdParty(folder).copyLegalFiles(to);

        assertThat(to.resolve("some-1.0/LICENSE.txt")).content().isEqualTo("META-INF/LICENSE.txt");
        assertThat(to.resolve("some-1.0")).isDirectoryNotContaining("glob:**.class");
        assertThat(to.resolve("some-1.0/NOTICE")).exists();
    }

    private void jar(String name, String... entries) throws IOException {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(folder.resolve(name + ".jar")))) {
            for (String entry : entries) {
                jar.putNextEntry(new JarEntry(entry));
                jar.write(entry.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private void pom(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name + ".pom"), "<project>" + content + "</project>");
    }
}
