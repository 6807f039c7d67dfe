package dev.nacre.guesttests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.testsupport.guest.KitPart;
import dev.nacre.testsupport.guest.host.HostCommand;
import dev.nacre.testsupport.guest.host.UnpackedProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that uses libdrm finds a board by the uAPI of nova. */
class DrmNovaTest {
    @Test
    void libdrmProgramMakesAndAsksObjects(@TempDir Path folder) throws IOException {
        try (DrmHost host = new DrmHost("nova")) {
            Path program = new HostPrograms(folder).withLibdrm("nova-objects");
            Path root = Guests.root(KitPart.DRM_TOOLS);

            HostCommand.Result result = host.run(List.of(
                    UnpackedProgram.loader(root).toString(),
                    "--library-path",
                    root.resolve("usr/lib/x86_64-linux-gnu").toString(),
                    program.toString()));

            assertThat(result.text()).as(result.errors()).startsWith("PASS ");
            host.assertNothingIsLeft();
        }
    }

    @Test
    void drmdeviceFindsTheDevice() throws IOException {
        try (DrmHost host = new DrmHost("nova")) {
            HostCommand.Result result = host.run(DrmHost.fromKit(KitPart.DRM_TOOLS, "drmdevice"));

            assertThat(result.text()).as(result.errors()).contains("Devices reported 1", "nodes[0] /dev/dri/card0");
            host.assertNothingIsLeft();
        }
    }
}
