package dev.nacre.guesttests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.testsupport.guest.host.FileTree;
import dev.nacre.testsupport.guest.host.UnpackedBrowser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** {@code page.mjs} in a process of its own, with the kit's browser: it says a word for each step that it has done. */
final class BrowserScript implements AutoCloseable {
    private static final Path PLAYWRIGHT = Path.of("target/npm/node_modules/playwright-core/index.mjs");
    private static final Path SCRIPT = Path.of("src/test/js/page.mjs");
    private static final String ENDED = "(ended)";

    private final Path home;
    private final Process process;
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    /**
     * Starts it.
     *
     * @param arguments what comes after the browser
     */
    BrowserScript(List<String> arguments) throws IOException {
        home = Files.createTempDirectory("nacre-test");
        UnpackedBrowser browser = Guests.browser(home);
        List<String> words = new ArrayList<>(List.of(
                "node",
                SCRIPT.toString(),
                PLAYWRIGHT.toAbsolutePath().toString(),
                browser.script().toString()));
        words.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(browser.environment());
        process = builder.start();
        Thread.ofPlatform().name("page.mjs").daemon().start(this::read);
    }

    /** Whether the build could fetch Playwright. */
    static boolean isPossible() {
        return Files.exists(PLAYWRIGHT);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(said::add);
        } catch (IOException e) {
            said.add(e.toString());
        }
        said.add(ENDED);
    }

    /** Waits for a word; nothing else may come before. */
    void await(String word, Duration bound) throws InterruptedException {
        assertThat(said.poll(bound.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo(word);
    }

    /** Lets it go on. */
    void goOn() throws IOException {
        Writer out = process.outputWriter(StandardCharsets.UTF_8);
        out.write("\n");
        out.flush();
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(each -> each.onExit().join());
        FileTree.delete(home);
    }
}
