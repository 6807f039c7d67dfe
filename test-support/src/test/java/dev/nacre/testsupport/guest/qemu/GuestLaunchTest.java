package dev.nacre.testsupport.guest.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.avaje.json.mapper.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GuestLaunchTest {
    private static final QemuProgram QEMU =
            new QemuProgram(List.of("ld.so", "qemu"), Map.of("QEMU_MODULE_DIR", "/m"), "11.1.3", true);
    private static final QemuProgram OLD_QEMU = new QemuProgram(List.of("qemu"), Map.of(), "10.1.0", false);

    @Test
    void guestMemoryIsAMemfdThatTheServerCanMap() {
        List<String> line = launch().ramMib(768).build().commandLine(Path.of("/m.sock"));

        assertThat(line).startsWith("ld.so", "qemu").contains("-no-reboot");
        assertThat(after(line, "-m")).containsExactly("768M");
        assertThat(after(line, "-object")).containsExactly("memory-backend-memfd,id=mem,share=on,size=768M");
        assertThat(after(line, "-machine")).containsExactly("memory-backend=mem");
        assertThat(after(line, "-qmp")).containsExactly("unix:/m.sock,server=on,wait=off");
    }

    @Test
    void deviceIsGivenAsJsonWithItsSocket() {
        List<String> line = launch().gpu(GpuSlot.at(Path.of("/a \"b\".sock"), "04.0"))
                .build()
                .commandLine(Path.of("/m"));

        assertThat(devices(line))
                .containsExactly(Map.of(
                        "driver", "vfio-user-pci",
                        "id", "gpu04-0",
                        "socket", Map.of("type", "unix", "path", "/a \"b\".sock"),
                        "bus", "pcie.0",
                        "addr", "04.0",
                        "rombar", 0L,
                        "x-msg-timeout", 60_000L));
    }

    @Test
    void olderQemuIsNotGivenAPropertyItDoesNotHave() {
        assertThat(GpuSlot.at(Path.of("/a"), "04.0").properties(OLD_QEMU)).doesNotContainKey("x-msg-timeout");
    }

    @Test
    void deviceBehindARootPortComesAfterIt() {
        List<String> line = launch().gpu(new GpuSlot(Path.of("/a"), "04.0", true, true))
                .build()
                .commandLine(Path.of("/m"));

        assertThat(devices(line)).extracting(d -> d.get("driver")).containsExactly("pcie-root-port", "vfio-user-pci");
        assertThat(devices(line)).extracting(d -> d.get("bus")).containsExactly("pcie.0", "port04-0");
        assertThat(devices(line)).extracting(d -> d.get("addr")).containsExactly("04.0", "00.0");
        assertThat(devices(line).get(1)).containsEntry("rombar", 1L);
    }

    @Test
    void kernelIsToldJobsCardsAndDriverOptions() {
        String line = launch().gpu(GpuSlot.at(Path.of("/a"), "04.0"))
                .gpu(GpuSlot.at(Path.of("/b"), "05.0"))
                .jobs("load", "cycle:3")
                .driverOptions("debug=debug", "config=NvGspRm=1")
                .kernelOptions("quiet")
                .build()
                .kernelCommandLine();

        assertThat(line.split(" "))
                .contains(
                        "console=ttyS0",
                        "nacre.cards=2",
                        "nacre.jobs=load,cycle:3",
                        "nacre.nouveau=debug=debug;config=NvGspRm=1",
                        "quiet");
    }

    @Test
    void guestThatMayRestartIsNotEndedByIt() {
        assertThat(launch().restarts().build().commandLine(Path.of("/m"))).doesNotContain("-no-reboot");
    }

    @Test
    void tooLittleMemoryIsRefused() {
        GuestLaunch.Builder small = launch().ramMib(512);

        assertThatThrownBy(small::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("768");
    }

    private static GuestLaunch.Builder launch() {
        return GuestLaunch.of(QEMU, Path.of("/vmlinuz"), Path.of("/initramfs"));
    }

    private static List<Map<String, Object>> devices(List<String> line) {
        JsonMapper json = JsonMapper.builder().build();
        return after(line, "-device").stream().map(json::fromJsonObject).toList();
    }

    private static List<String> after(List<String> line, String option) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i + 1 < line.size(); i++) {
            if (line.get(i).equals(option)) {
                values.add(line.get(i + 1));
            }
        }
        return values;
    }
}
