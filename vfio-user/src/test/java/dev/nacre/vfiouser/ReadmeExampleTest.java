package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.EventFd;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.PciFunction;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The README's example compiles as it stands there, and does what it is meant to. */
@ExtendWith(LeavesNothing.class)
class ReadmeExampleTest {
    private static final int MOST_LINES = 32;

    private static final String BEFORE = """
            import dev.nacre.pci.*;
            import dev.nacre.vfiouser.VfioUserServer;
            import java.lang.foreign.MemorySegment;
            import java.nio.file.Path;
            import java.time.Duration;

            public final class Example {
                private Example() {}
                public static PciFunction device() { return new Counter(); }
            """;

    @TempDir
    private Path folder;

    private List<String> example = List.of();

    @BeforeEach
    void read() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("README.md"));
        int first = lines.indexOf("```java") + 1;
        assertThat(first).isPositive();
        example =
                lines.subList(first, first + lines.subList(first, lines.size()).indexOf("```"));
    }

    @Test
    void exampleIsShort() {
        assertThat(example).hasSizeLessThanOrEqualTo(MOST_LINES);
    }

    @Test
    void exampleCountsReadsAndInterrupts() throws Exception {
        compile(source());
        Path socket = folder.resolve("s");
        try (URLClassLoader loader = new URLClassLoader(
                        new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
                VfioUserServer server = VfioUserServer.builder(device(loader))
                        .socketPath(socket)
                        .build();
                EventFd event = EventFd.create()) {
            server.start();
            try (VfioUserClient client = VfioUserClient.connect(socket)) {
                client.bindInterrupts(InterruptKind.MSI, 0, List.of(event));

                int first = client.readInt(0, 0);
                int second = client.readInt(0, 0);
                client.reset();
                int afterReset = client.readInt(0, 0);

                assertThat(first).isEqualTo(0x0101_0101);
                assertThat(second).isEqualTo(0x0202_0202);
                assertThat(afterReset).isEqualTo(0x0101_0101);
                assertThat(client.readInt(PciFunction.CONFIG_REGION, 0)).isEqualTo(0x0001_1234);
                assertThat(event.drain()).isEqualTo(3);
            }
        }
    }

    /** The example's class becomes a member, and what comes after it a method's body. */
    private String source() {
        String all = String.join("\n", example);
        int end = all.indexOf("\n}\n") + 3;
        return BEFORE + "static " + all.substring(0, end)
                + "static void serve(Path path) throws InterruptedException {\n" + all.substring(end) + "\n}\n}\n";
    }

    private static PciFunction device(ClassLoader loader) throws ReflectiveOperationException {
        return (PciFunction) loader.loadClass("Example").getMethod("device").invoke(null);
    }

    private void compile(String source) throws IOException {
        Path file = Files.writeString(folder.resolve("Example.java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-d", folder.toString(), "-classpath", classPath());
            boolean compiled = compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(file))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
    }

    private static String classPath() {
        return String.join(
                ":",
                Stream.of(VfioUserServer.class, PciFunction.class, EventFd.class)
                        .map(type -> type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                        .toList());
    }
}
