package dev.nacre.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AttachTextTest {
    private static final Path SOCKET = Path.of("/run/it's \"here\"/a.sock");

    @Test
    void qemuTakesWordsAndAShellALine() {
        AttachView view = AttachText.of(Vmm.QEMU, 4, SOCKET);

        assertThat(view.arguments())
                .containsSubsequence("-machine", "memory-backend=mem", "-device")
                .contains("{\"driver\":\"vfio-user-pci\",\"socket\":{\"type\":\"unix\",\"path\":"
                        + "\"/run/it's \\\"here\\\"/a.sock\"},\"rombar\":0,\"x-msg-timeout\":60000}")
                .endsWith("-vga", "none");
        assertThat(view.text())
                .contains("-m 2G -object memory-backend-memfd,id=mem,size=2G,share=on")
                .contains("it'\\''s");
    }

    @Test
    void gpuWithoutHeadsLeavesTheScreenToTheVmm() {
        assertThat(AttachText.of(Vmm.QEMU, 0, SOCKET).arguments()).doesNotContain("-vga");
        assertThat(AttachText.of(Vmm.LIBVIRT, 0, SOCKET).text()).doesNotContain("<video>");
    }

    @Test
    void libvirtTakesXml() {
        AttachView view = AttachText.of(Vmm.LIBVIRT, 1, SOCKET);

        assertThat(view.arguments()).isEmpty();
        assertThat(view.text())
                .contains("xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'")
                .contains("<access mode='shared'/>")
                .contains("<qemu:arg value='{\"driver\":\"vfio-user-pci\"")
                .contains("it&apos;s");
    }

    @Test
    void cloudHypervisorTakesAUserDevice() {
        assertThat(AttachText.of(Vmm.CLOUD_HYPERVISOR, 1, Path.of("/run/a.sock"))
                        .arguments())
                .containsExactly("--memory", "size=2G,shared=on", "--user-device", "socket=/run/a.sock");
    }

    @Test
    void vmmsAreNamedAsPeopleWriteThem() {
        assertThat(Vmm.of("cloud-hypervisor")).contains(Vmm.CLOUD_HYPERVISOR);
        assertThat(Vmm.of("QEMU")).isEmpty();
    }
}
