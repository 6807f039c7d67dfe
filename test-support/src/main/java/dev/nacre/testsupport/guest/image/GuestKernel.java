package dev.nacre.testsupport.guest.image;

import dev.nacre.testsupport.guest.host.KitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A kernel and its modules in a folder of unpacked Debian packages.
 *
 * @param version its release string, as {@code uname -r} prints it
 * @param image the bootable image
 * @param modules the folder {@code lib/modules/VERSION}
 */
public record GuestKernel(String version, Path image, Path modules) {
    // Debian moved the files in the course of time; images are beside the modules since 6.19.
    private static final List<String> MODULE_ROOTS = List.of("usr/lib/modules", "lib/modules");

    /**
     * Finds the kernel.
     *
     * @param root the folder of unpacked packages
     * @throws KitException if there is no kernel that has both an image and modules
     */
    public static GuestKernel in(Path root) {
        for (Path modules : MODULE_ROOTS.stream().map(root::resolve).toList()) {
            for (Path versionFolder : entries(modules)) {
                String version = versionFolder.getFileName().toString();
                List<Path> images = Stream.of(
                                versionFolder.resolve("vmlinuz"),
                                root.resolve("boot/vmlinuz-" + version),
                                root.resolve("usr/boot/vmlinuz-" + version))
                        .filter(Files::isRegularFile)
                        .toList();
                if (!images.isEmpty() && Files.isDirectory(versionFolder.resolve("kernel"))) {
                    return new GuestKernel(version, images.getFirst(), versionFolder);
                }
            }
        }
        throw new KitException(
                "No kernel image with modules below " + root + "; remove that folder and fetch the kit again");
    }

    private static List<Path> entries(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw KitException.because("Cannot read " + folder, e);
        }
    }
}
