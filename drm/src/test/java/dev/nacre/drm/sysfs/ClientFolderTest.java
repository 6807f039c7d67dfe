package dev.nacre.drm.sysfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.drm.DrmNode;
import dev.nacre.pci.bus.PciAddress;
import dev.nacre.pci.bus.PciIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientFolderTest {
    private static final PciAddress ADDRESS = new PciAddress(0, 1, 0, 0);
    private static final PciIds IDS = new PciIds(0x10de, 0x26b5, 0x10de, 0x169d, 0x030000, 0xa1);

    @TempDir
    Path temp;

    private ClientFolder written(Set<DrmNode> nodes) throws IOException {
        ClientFolder folder = new ClientFolder(temp.toAbsolutePath());
        folder.write("nouveau", ADDRESS, IDS, nodes);
        return folder;
    }

    private static String text(ClientFolder folder, String path) throws IOException {
        return Files.readString(folder.root().resolve(path));
    }

    @Test
    void deviceSaysItsIdsAsTheKernelWritesThem() throws IOException {
        ClientFolder folder = written(EnumSet.allOf(DrmNode.class));

        String device = "sys/bus/pci/devices/0000:01:00.0/";
        assertThat(text(folder, device + "vendor")).isEqualTo("0x10de\n");
        assertThat(text(folder, device + "device")).isEqualTo("0x26b5\n");
        assertThat(text(folder, device + "subsystem_device")).isEqualTo("0x169d\n");
        assertThat(text(folder, device + "revision")).isEqualTo("0xa1\n");
        assertThat(text(folder, device + "class")).isEqualTo("0x030000\n");
        assertThat(text(folder, device + "uevent").lines())
                .contains("DRIVER=nouveau", "PCI_ID=10DE:26B5", "PCI_SLOT_NAME=0000:01:00.0");
        assertThat(Files.readAllBytes(folder.root().resolve(device + "config")))
                .hasSize(64)
                .startsWith(0xde, 0x10, 0xb5, 0x26);
    }

    @Test
    void everyWayToANodeLeadsToItsFolder() throws IOException {
        ClientFolder folder = written(EnumSet.allOf(DrmNode.class));

        Path expected = folder.root().resolve("sys/devices/pci0000:00/0000:01:00.0/drm/renderD128");
        for (String way : List.of("sys/class/drm/renderD128", "sys/dev/char/226:128")) {
            assertThat(folder.root().resolve(way).toRealPath()).isEqualTo(expected.toRealPath());
        }
        assertThat(text(folder, "sys/dev/char/226:128/dev")).isEqualTo("226:128\n");
        assertThat(text(folder, "sys/dev/char/226:0/uevent")).contains("DEVNAME=dri/card0\n");
        assertThat(folder.root().resolve("sys/dev/char/226:0/device").toRealPath())
                .isEqualTo(folder.root()
                        .resolve("sys/bus/pci/devices/0000:01:00.0")
                        .toRealPath());
        assertThat(folder.root().resolve("sys/dev/char/226:0/device/subsystem").toRealPath())
                .hasFileName("pci");
    }

    @Test
    void allLinksStayInside() throws IOException {
        ClientFolder folder = written(EnumSet.allOf(DrmNode.class));

        Path root = folder.root().toRealPath();
        try (Stream<Path> all = Files.walk(folder.root())) {
            for (Path link : all.filter(Files::isSymbolicLink).toList()) {
                assertThat(Files.readSymbolicLink(link)).isRelative();
                assertThat(link.toRealPath()).startsWith(root);
            }
        }
    }

    @Test
    void nodesCanBeOpenedByAllWhoReachThem() throws IOException {
        ClientFolder folder = written(EnumSet.allOf(DrmNode.class));

        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.root().resolve("dev/dri/card0"))))
                .isEqualTo("rw-rw-rw-");
        assertThat(folder.library()).isRegularFile().isReadable();
    }

    @Test
    void deviceWithoutRenderNodeHasNone() throws IOException {
        ClientFolder folder = written(EnumSet.of(DrmNode.PRIMARY));

        assertThat(folder.root().resolve("dev/dri/card0")).exists();
        assertThat(folder.root().resolve("dev/dri/renderD128")).doesNotExist();
        assertThat(folder.root().resolve("sys/dev/char/226:128")).doesNotExist();
    }

    @Test
    void whatAFormerLifeLeftIsReplaced() throws IOException {
        written(EnumSet.allOf(DrmNode.class));
        ClientFolder folder = written(EnumSet.of(DrmNode.PRIMARY));

        assertThat(Files.exists(folder.root().resolve("dev/dri/renderD128"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
        folder.remove();
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void environmentKeepsOtherPreloadedLibraries() {
        ClientFolder folder = new ClientFolder(Path.of("/run/nacre/drm/gpu0"));
        Map<String, String> environment = new HashMap<>(Map.of("LD_PRELOAD", "/lib/other.so"));

        folder.addTo(environment);

        assertThat(environment)
                .containsEntry("LD_PRELOAD", "/run/nacre/drm/gpu0/libnacre_drm.so:/lib/other.so")
                .containsEntry("NACRE_DRM_SOCKET", "/run/nacre/drm/gpu0/socket")
                .containsEntry("NACRE_DRM_ROOT", "/run/nacre/drm/gpu0/root");
    }

    @Test
    void pathsThatTheDynamicLinkerWouldCutAreRefused() {
        for (String path : List.of("/run/two words", "/run/a:b", "relative")) {
            assertThatThrownBy(() -> new ClientFolder(Path.of(path)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(path);
        }
    }
}
