package dev.nacre.testsupport.guest.host;

import java.nio.file.Path;

/**
 * The host's programs that fetch a kit, or are taken instead of a part of it: names that are looked up in the path, or
 * paths.
 *
 * @param aptGet {@code apt-get}
 * @param dpkg {@code dpkg}
 * @param dpkgDeb {@code dpkg-deb}
 * @param qemu {@code qemu-system-x86_64}
 */
public record HostPrograms(String aptGet, String dpkg, String dpkgDeb, String qemu) {
    /** The programs under their own names. */
    public static final HostPrograms INSTALLED = new HostPrograms("apt-get", "dpkg", "dpkg-deb", "qemu-system-x86_64");

    /**
     * The programs of one folder, under their own names.
     *
     * @param folder the folder, which need not have all of them
     */
    public static HostPrograms in(Path folder) {
        return new HostPrograms(
                folder.resolve(INSTALLED.aptGet).toString(),
                folder.resolve(INSTALLED.dpkg).toString(),
                folder.resolve(INSTALLED.dpkgDeb).toString(),
                folder.resolve(INSTALLED.qemu).toString());
    }
}
