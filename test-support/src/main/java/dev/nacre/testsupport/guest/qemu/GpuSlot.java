package dev.nacre.testsupport.guest.qemu;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a vfio-user device sits in the guest.
 *
 * @param socket the server's UNIX socket, which must be listening when QEMU starts
 * @param address device and function number on its bus, such as {@code 04.0}
 * @param rootPort whether it sits behind a PCI Express root port of its own, as hot-plug needs, and not on the root bus
 * @param romBar whether QEMU gives it an expansion ROM
 */
public record GpuSlot(Path socket, String address, boolean rootPort, boolean romBar) {
    // TIMEOUT: QEMU gives up a device for good when an answer takes longer than its default of 5 s; a debugger stop or
    // a starved host must not end a test that way.
    private static final int MESSAGE_TIMEOUT_MS = 60_000;

    /**
     * A device on the root bus, without expansion ROM.
     *
     * @param socket the server's socket
     * @param address device and function number
     */
    public static GpuSlot at(Path socket, String address) {
        return new GpuSlot(socket, address, false, false);
    }

    /** The device's identifier in QEMU's monitor. */
    public String identifier() {
        return "gpu" + address.replace(".", "-");
    }

    /** The identifier of its root port in QEMU's monitor, meaningful only behind one. */
    public String portIdentifier() {
        return "port" + address.replace(".", "-");
    }

    /**
     * The properties of the device, for QEMU's {@code -device} option or the monitor command {@code device_add}.
     *
     * @param qemu the QEMU that will read them
     */
    public Map<String, Object> properties(QemuProgram qemu) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("driver", "vfio-user-pci");
        properties.put("id", identifier());
        properties.put(
                "socket", Map.of("type", "unix", "path", socket.toAbsolutePath().toString()));
        properties.put("bus", rootPort ? portIdentifier() : "pcie.0");
        properties.put("addr", rootPort ? "00.0" : address);
        properties.put("rombar", romBar ? 1 : 0);
        if (qemu.setsMessageTimeout()) {
            properties.put("x-msg-timeout", MESSAGE_TIMEOUT_MS);
        }
        return properties;
    }
}
