package dev.nacre.testsupport.guest.fetch;

import dev.nacre.testsupport.guest.fetch.PackageSet.Component;
import dev.nacre.testsupport.guest.host.ContentKey;
import dev.nacre.testsupport.guest.host.FileTree;
import dev.nacre.testsupport.guest.host.HostCommand;
import dev.nacre.testsupport.guest.host.HostPrograms;
import dev.nacre.testsupport.guest.host.KitException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Unpacked package sets below one cache folder.
 *
 * <pre>
 * lock                      one writer at a time
 * apt/                      apt's private state
 * downloads/SET/*.deb       kept while a set is incomplete, so that an interrupted fetch goes on where it was
 * SET/versions/ID/root/     the unpacked packages; ID is a digest of their names and versions
 * SET/versions/ID/packages  those names and versions
 * SET/current               the ID in use
 * </pre>
 *
 * A set appears by one rename when it is whole, and is never changed afterwards.
 */
public final class PackageStore {
    // TIMEOUT: unpacking the largest package (110 MB) takes some ten seconds; slow disks get a margin.
    private static final Duration UNPACK_BOUND = Duration.ofMinutes(10);

    // The one in use and the one before it, which a running test may still read.
    private static final int KEPT_VERSIONS = 2;

    private final Path folder;
    private final HostPrograms programs;

    /**
     * A store in a cache folder.
     *
     * @param folder the folder; created when something is fetched
     * @param programs what fetches and unpacks
     */
    public PackageStore(Path folder, HostPrograms programs) {
        this.folder = folder.toAbsolutePath().normalize();
        this.programs = programs;
    }

    /** The cache folder. */
    public Path folder() {
        return folder;
    }

    /**
     * The unpacked root folder of a set, if it has been fetched.
     *
     * @param set the set
     */
    public Optional<Path> root(PackageSet set) {
        Path current = folder.resolve(set.name()).resolve("current");
        try {
            if (!Files.isRegularFile(current)) {
                return Optional.empty();
            }
            Path root = versions(set).resolve(Files.readString(current).strip()).resolve("root");
            return Files.isDirectory(root) ? Optional.of(root) : Optional.empty();
        } catch (IOException e) {
            throw KitException.because("Cannot read " + current, e);
        }
    }

    /**
     * The packages of a fetched set, one {@code name version} a line.
     *
     * @param root what {@link #root} returned
     */
    public List<String> packagesOf(Path root) {
        try {
            return Files.readAllLines(root.resolveSibling("packages"));
        } catch (IOException e) {
            throw KitException.because("Cannot read the package list beside " + root, e);
        }
    }

    /**
     * Fetches sets in their current versions, as far as they are missing.
     *
     * @param wanted what to fetch
     * @param refresh whether sets that are there are brought to their current versions too
     * @param source the archive
     * @param keyring the keyring that must have signed the archive
     * @param progress told how far it is
     * @throws KitException if the archive, the network or the disk does not play along
     */
    public void fetch(List<PackageSet> wanted, boolean refresh, DebianSource source, Path keyring, Progress progress) {
        try (CacheLock _ = CacheLock.take(folder, progress)) {
            // Looked at under the lock: another process may just have fetched them.
            List<PackageSet> sets =
                    wanted.stream().filter(s -> refresh || root(s).isEmpty()).toList();
            if (sets.isEmpty()) {
                return;
            }
            PrivateApt apt = new PrivateApt(programs.aptGet(), folder.resolve("apt"), source, keyring);
            Set<Component> components = EnumSet.of(Component.MAIN);
            sets.forEach(s -> components.add(s.component()));
            progress.at("Reading Debian's package lists", 0, 0);
            apt.update(components);
            for (PackageSet set : sets) {
                fetchOne(set, apt, progress);
            }
        } catch (IOException | UncheckedIOException e) {
            throw KitException.because("Cannot write below " + folder, e);
        }
    }

    private Path versions(PackageSet set) {
        return folder.resolve(set.name()).resolve("versions");
    }

    private void fetchOne(PackageSet set, PrivateApt apt, Progress progress) throws IOException {
        List<ArchivePackage> packages = apt.resolve(set);
        String list = packages.stream()
                .map(p -> p.name() + " " + p.version())
                .sorted()
                .collect(Collectors.joining("\n", "", "\n"));
        String id = ContentKey.of(list);
        Path target = versions(set).resolve(id);
        if (Files.isDirectory(target)) {
            Files.setLastModifiedTime(target, FileTime.from(Instant.now()));
        } else {
            Path downloads = Files.createDirectories(folder.resolve("downloads").resolve(set.name()));
            download(set, packages, apt, downloads, progress);
            unpack(set, packages, downloads, target, list, progress);
            FileTree.delete(downloads);
        }
        Path fresh = Files.writeString(folder.resolve(set.name()).resolve("current.new"), id + "\n");
        Files.move(fresh, folder.resolve(set.name()).resolve("current"), StandardCopyOption.ATOMIC_MOVE);
        FileTree.keepNewest(versions(set), KEPT_VERSIONS);
    }

    private static void download(
            PackageSet set, List<ArchivePackage> packages, PrivateApt apt, Path downloads, Progress progress) {
        long totalBytes = packages.stream().mapToLong(ArchivePackage::sizeBytes).sum();
        String step = "Downloading " + set.name();
        apt.download(
                set,
                packages,
                downloads,
                () -> progress.at(step, Math.min(presentBytes(packages, downloads), totalBytes), totalBytes));
        progress.at(step, totalBytes, totalBytes);
    }

    private static long presentBytes(List<ArchivePackage> packages, Path downloads) {
        return packages.stream()
                .mapToLong(p -> downloads.resolve(p.fileName()).toFile().length())
                .sum();
    }

    private void unpack(
            PackageSet set, List<ArchivePackage> packages, Path downloads, Path target, String list, Progress progress)
            throws IOException {
        Path parent = Files.createDirectories(target.getParent());
        // What is there was left by a killed process: nobody else unpacks while we hold the lock.
        Path fresh = parent.resolveSibling("unpacking");
        FileTree.delete(fresh);
        Path root = Files.createDirectories(fresh.resolve("root"));
        String step = "Unpacking " + set.name();
        long totalBytes = packages.stream().mapToLong(ArchivePackage::sizeBytes).sum();
        long doneBytes = 0;
        for (ArchivePackage p : packages) {
            progress.at(step, doneBytes, totalBytes);
            HostCommand.Result result = HostCommand.of(
                            programs.dpkgDeb(),
                            "-x",
                            downloads.resolve(p.fileName()).toString(),
                            root.toString())
                    .run(UNPACK_BOUND);
            if (!result.ok()) {
                throw new KitException("Cannot unpack " + p.fileName() + ": dpkg-deb says \""
                        + result.errors().strip() + "\"");
            }
            doneBytes += p.sizeBytes();
        }
        Files.writeString(fresh.resolve("packages"), list, StandardCharsets.UTF_8);
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        progress.at(step, totalBytes, totalBytes);
    }
}
