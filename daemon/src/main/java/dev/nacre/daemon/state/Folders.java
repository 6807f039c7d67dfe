package dev.nacre.daemon.state;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Folders that nobody else can put anything into. */
final class Folders {
    private Folders() {}

    /**
     * Makes a folder, and those above it, or checks the one that is there.
     *
     * @param permissions of one that is made, such as {@code rwxr-x---}
     * @throws StateException if it cannot be made, or is not safe
     */
    static void require(Path folder, String permissions) {
        FileAttribute<Set<PosixFilePermission>> mode =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
        try {
            Path parent = folder.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            try {
                Files.createDirectory(folder, mode);
                // The umask may have taken some.
                Files.setPosixFilePermissions(folder, mode.value());
            } catch (FileAlreadyExistsException e) {
                check(folder);
            }
        } catch (IOException e) {
            throw new StateException("Folder cannot be made: folder=" + folder + ": " + e, e);
        }
    }

    private static void check(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new StateException("Folder is none, or a link: folder=" + folder);
        }
        Object owner = Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        // HW: proc(5): the files of a process belong to its effective user
        Object self = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (!owner.equals(self)) {
            throw new StateException(
                    "Folder belongs to somebody else: folder=" + folder + " uid=" + owner + " allowed=" + self);
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
        if (permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new StateException("Everybody can write into the folder: folder=" + folder + " mode="
                    + PosixFilePermissions.toString(permissions));
        }
    }
}
