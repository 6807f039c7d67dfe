package dev.nacre.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the page. */
class PageRoutesTest {
    @TempDir
    private Path folder;

    private ApiFixture api;

    @BeforeEach
    void start() {
        api = new ApiFixture(folder);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void page_asked_isHtmlWithAPolicy() throws IOException {
        HttpAnswer answer = api.get("/");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.type()).isEqualTo("text/html");
        assertThat(answer.header("Content-Security-Policy").orElseThrow())
                .contains("script-src 'self'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
    }

    @Test
    void page_known_notSentAgain() throws IOException {
        String tag = api.get("/").header("ETag").orElseThrow();
        try (HttpLine line = api.line()) {
            HttpAnswer answer = line.ask("GET", "/", HttpLine.headers("If-None-Match: \"old\", " + tag), "");

            assertThat(answer.status()).isEqualTo(304);
            assertThat(answer.header("ETag")).hasValue(tag);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/web/",
                "/web/none.html",
                "/web/novnc",
                "/web/../api/openapi.yaml",
                "/web//index.html",
                "/web/.index.html",
                "/web/index.class",
                "/index.html"
            })
    void file_thatIsNone_notFound(String path) throws IOException {
        HttpAnswer answer = api.get(path);

        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.type()).isEqualTo(AnswerWriter.PROBLEM);
    }
}
