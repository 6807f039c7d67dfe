package dev.nacre.drm.sysfs;

import dev.nacre.drm.DrmNode;
import dev.nacre.pci.bus.PciAddress;
import dev.nacre.pci.bus.PciIds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A folder with the files of a device as they are below {@code /dev} and {@code /sys}, for programs that are started with
 * the preloaded library: it leads them here. All links are relative and stay inside, and the nodes are empty files.
 *
 * <pre>
 * dev/dri/card0, renderD128, by-path/
 * sys/devices/pci0000:00/0000:01:00.0/     vendor, device, ..., drm/card0/, drm/renderD128/
 * sys/bus/pci/devices/0000:01:00.0         links to the folder above
 * sys/class/drm/card0, renderD128
 * sys/dev/char/226:0, 226:128
 * </pre>
 */
public final class DeviceTree {
    // HW: DRM_MAJOR of drm_drv.h
    private static final int MAJOR = 226;

    // HW: PCI local bus specification 3.0, 6.1: what the kernel shows of it to everybody
    private static final int CONFIG_BYTES = 64;

    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Set<PosixFilePermission> READ_ONLY = PosixFilePermissions.fromString("r--r--r--");
    private static final Set<PosixFilePermission> NODE = PosixFilePermissions.fromString("rw-rw-rw-");

    private final Path root;
    private final String driver;
    private final PciAddress address;
    private final PciIds ids;

    private DeviceTree(Path root, String driver, PciAddress address, PciIds ids) {
        this.root = root;
        this.driver = driver;
        this.address = address;
        this.ids = ids;
    }

    /**
     * Writes the files of a device. What was in the folder is removed.
     *
     * @param root the folder; made if it is not there
     * @param driver the driver's name, such as {@code nouveau}
     * @param address where the device is
     * @param ids what it says it is
     * @param nodes its nodes
     * @throws IOException if they cannot be written
     */
    public static void write(Path root, String driver, PciAddress address, PciIds ids, Set<DrmNode> nodes)
            throws IOException {
        remove(root);
        DeviceTree tree = new DeviceTree(root, driver, address, ids);
        tree.writeDevice();
        for (DrmNode node : nodes) {
            tree.writeNode(node);
        }
    }

    /**
     * Removes a folder of a device, if it is there.
     *
     * @throws IOException if something of it stays
     */
    public static void remove(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static String name(DrmNode node) {
        return switch (node) {
            case PRIMARY -> "card0";
            case RENDER -> "renderD128";
        };
    }

    /** The device's folder, from the root. */
    private Path device() {
        return Path.of("sys", "devices", "pci%04x:00".formatted(address.domain()), address.toString());
    }

    private void writeDevice() throws IOException {
        Path device = device();
        file(device.resolve("vendor"), "0x%04x".formatted(ids.vendor()));
        file(device.resolve("device"), "0x%04x".formatted(ids.device()));
        file(device.resolve("subsystem_vendor"), "0x%04x".formatted(ids.subsystemVendor()));
        file(device.resolve("subsystem_device"), "0x%04x".formatted(ids.subsystemDevice()));
        file(device.resolve("revision"), "0x%02x".formatted(ids.revision()));
        file(device.resolve("class"), "0x%06x".formatted(ids.classCode()));
        file(device.resolve("enable"), "1");
        file(device.resolve("boot_vga"), "0");
        file(device.resolve("numa_node"), "-1");
        file(
                device.resolve("uevent"),
                String.format(
                        Locale.ROOT,
                        """
                DRIVER=%s
                PCI_CLASS=%X
                PCI_ID=%04X:%04X
                PCI_SUBSYS_ID=%04X:%04X
                PCI_SLOT_NAME=%s""",
                        driver,
                        ids.classCode(),
                        ids.vendor(),
                        ids.device(),
                        ids.subsystemVendor(),
                        ids.subsystemDevice(),
                        address));
        write(device.resolve("config"), config(), READ_ONLY);
        link(device.resolve("subsystem"), folder(Path.of("sys", "bus", "pci")));
        Path drivers = folder(Path.of("sys", "bus", "pci", "drivers", driver));
        link(device.resolve("driver"), drivers);
        link(drivers.resolve(address.toString()), device);
        link(Path.of("sys", "bus", "pci", "devices", address.toString()), device);
    }

    private byte[] config() {
        ByteBuffer config = ByteBuffer.allocate(CONFIG_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        // CAST: 16 bits each
        config.putShort(0x00, (short) ids.vendor()).putShort(0x02, (short) ids.device());
        config.putInt(0x08, ids.classCode() << 8 | ids.revision());
        config.putShort(0x2c, (short) ids.subsystemVendor()).putShort(0x2e, (short) ids.subsystemDevice());
        return config.array();
    }

    private void writeNode(DrmNode node) throws IOException {
        String name = name(node);
        String number = MAJOR + ":" + node.firstMinor();
        Path folder = device().resolve("drm").resolve(name);
        file(folder.resolve("dev"), number);
        file(
                folder.resolve("uevent"),
                "MAJOR=" + MAJOR + "\nMINOR=" + node.firstMinor() + "\nDEVNAME=dri/" + name + "\nDEVTYPE=drm_minor");
        link(folder.resolve("device"), device());
        link(folder.resolve("subsystem"), folder(Path.of("sys", "class", "drm")));
        link(Path.of("sys", "class", "drm", name), folder);
        link(Path.of("sys", "dev", "char", number), folder);
        Path file = Path.of("dev", "dri", name);
        write(file, new byte[0], NODE);
        String kind = node == DrmNode.PRIMARY ? "card" : "render";
        link(Path.of("dev", "dri", "by-path", "pci-" + address + "-" + kind), file);
    }

    private void file(Path path, String line) throws IOException {
        write(path, (line + "\n").getBytes(StandardCharsets.US_ASCII), READ_ONLY);
    }

    private void write(Path path, byte[] bytes, Set<PosixFilePermission> mode) throws IOException {
        folder(parent(path));
        Files.write(root.resolve(path), bytes);
        // Not by the attributes of the call above: the process's mask would take bits away.
        Files.setPosixFilePermissions(root.resolve(path), mode);
    }

    private static Path parent(Path path) {
        return path.subpath(0, path.getNameCount() - 1);
    }

    private Path folder(Path path) throws IOException {
        FileAttribute<?> mode = PosixFilePermissions.asFileAttribute(FOLDER);
        Files.createDirectories(root.resolve(path), mode);
        return path;
    }

    private void link(Path path, Path target) throws IOException {
        Path from = folder(parent(path));
        Files.createSymbolicLink(root.resolve(path), from.relativize(target));
    }
}
