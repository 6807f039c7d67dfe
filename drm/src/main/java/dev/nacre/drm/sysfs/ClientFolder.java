package dev.nacre.drm.sysfs;

import dev.nacre.drm.DrmNode;
import dev.nacre.pci.bus.PciAddress;
import dev.nacre.pci.bus.PciIds;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Set;

/**
 * The folder of a device, with all that a program needs to use it: {@code socket}, on which the server listens,
 * {@code root}, the {@linkplain DeviceTree files} that the program finds, and {@code libnacre_drm.so}, the library that is
 * preloaded into it.
 *
 * @param path where, absolute, without spaces and colons, at which the dynamic linker cuts the name of the library
 */
public record ClientFolder(Path path) {
    private static final String SOCKET = "socket";

    private static final String LIBRARY = "libnacre_drm.so";
    private static final String PRELOAD = "LD_PRELOAD";

    /** Checks the path. @throws IllegalArgumentException if it cannot be used */
    public ClientFolder {
        if (!path.isAbsolute() || path.toString().matches(".*[ :\\s].*")) {
            throw new IllegalArgumentException(
                    "Folder is not possible: folder=" + path + " allowed=an absolute path without spaces and colons");
        }
    }

    /** Where the server listens. */
    public Path socket() {
        return path.resolve(SOCKET);
    }

    /** The folder with {@code dev} and {@code sys}. */
    public Path root() {
        return path.resolve("root");
    }

    /** The library. */
    public Path library() {
        return path.resolve(LIBRARY);
    }

    /**
     * Writes the files of a device and the library. The folder is there; what was in it of a device is replaced.
     *
     * @param driver the driver's name, such as {@code nouveau}
     * @param address where the device is
     * @param ids what it says it is
     * @param nodes its nodes
     * @throws IOException if something cannot be written
     */
    public void write(String driver, PciAddress address, PciIds ids, Set<DrmNode> nodes) throws IOException {
        DeviceTree.write(root(), driver, address, ids, nodes);
        try (InputStream library = ClientFolder.class.getResourceAsStream(LIBRARY)) {
            if (library == null) {
                throw new IOException("This build has no " + LIBRARY);
            }
            // Not written over: programs of a former life may have it mapped.
            Path fresh = path.resolve("." + LIBRARY);
            Files.copy(library, fresh, StandardCopyOption.REPLACE_EXISTING);
            Files.move(fresh, library(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * Removes what {@link #write} wrote.
     *
     * @throws IOException if something of it stays
     */
    public void remove() throws IOException {
        DeviceTree.remove(root());
        Files.deleteIfExists(library());
    }

    /**
     * What the environment of a program has to say, so that it finds the device.
     *
     * @param environment what it says now; changed
     */
    public void addTo(Map<String, String> environment) {
        environment.merge(PRELOAD, library().toString(), (others, own) -> own + ":" + others);
        environment.put("NACRE_DRM_SOCKET", socket().toString());
        environment.put("NACRE_DRM_ROOT", root().toString());
    }
}
