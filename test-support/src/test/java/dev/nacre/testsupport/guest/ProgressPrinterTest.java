package dev.nacre.testsupport.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressPrinterTest {
    private static final long MIB = 1024 * 1024;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void fileGetsOneLineForEachStep() {
        ProgressPrinter printer = new ProgressPrinter(out, false);

        printer.at("Reading lists", 0, 0);
        printer.at("Downloading qemu", 0, 3 * MIB);
        printer.at("Downloading qemu", 3 * MIB, 3 * MIB);

        assertThat(printed()).isEqualTo("Reading lists\nDownloading qemu (3 MiB)\n");
    }

    @Test
    void terminalGetsOneLineThatIsRewritten() {
        ProgressPrinter printer = new ProgressPrinter(out, true);

        printer.at("Downloading qemu", MIB, 3 * MIB);
        printer.at("Downloading qemu", 3 * MIB, 3 * MIB);

        assertThat(printed()).isEqualTo("\r\u001b[KDownloading qemu 1 of 3 MiB\r\u001b[KDownloading qemu 3 of 3 MiB\n");
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
