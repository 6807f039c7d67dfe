package dev.nacre.testsupport.guest;

import dev.nacre.testsupport.guest.fetch.DebianSource;
import dev.nacre.testsupport.guest.fetch.PackageSet;
import dev.nacre.testsupport.guest.fetch.PackageStore;
import dev.nacre.testsupport.guest.fetch.Progress;
import dev.nacre.testsupport.guest.host.HostCommand;
import dev.nacre.testsupport.guest.host.HostPrograms;
import dev.nacre.testsupport.guest.host.KitException;
import dev.nacre.testsupport.guest.image.GuestKernel;
import dev.nacre.testsupport.guest.image.GuestPrograms;
import dev.nacre.testsupport.guest.image.InitramfsBuilder;
import dev.nacre.testsupport.guest.qemu.QemuProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * QEMU, kernels and guest programs in a cache folder outside the source tree, fetched from the Debian archive without
 * root and without any change to the host.
 *
 * <p>A kit is an immutable view: it may be used from any thread, and stays usable while another process refreshes the
 * cache.
 */
public final class GuestKit {
    private static final Path APT_FOLDER = Path.of("/etc/apt");
    private static final List<Path> KEYRINGS = List.of(
            Path.of("/usr/share/keyrings/debian-archive-keyring.gpg"),
            Path.of("/usr/share/keyrings/debian-archive-keyring.pgp"));

    private final PackageStore store;
    private final Optional<QemuProgram> qemu;

    private GuestKit(PackageStore store, Optional<QemuProgram> qemu) {
        this.store = store;
        this.qemu = qemu;
    }

    /**
     * Finds a kit that has been fetched before; touches no network.
     *
     * @param options where it is kept
     * @param parts what it must have
     * @return empty if a part is missing
     */
    public static Optional<GuestKit> locate(KitOptions options, Set<KitPart> parts) {
        return locate(options, parts, HostPrograms.INSTALLED);
    }

    /** As {@link #locate(KitOptions, Set)}, with programs of the caller's choice. */
    static Optional<GuestKit> locate(KitOptions options, Set<KitPart> parts, HostPrograms programs) {
        PackageStore store = storeOf(options, programs);
        Optional<QemuProgram> host = hostQemu(options, programs);
        boolean complete = parts.stream()
                .filter(p -> p != KitPart.QEMU || host.isEmpty())
                .allMatch(p -> store.root(p.packages()).isPresent());
        if (!complete) {
            return Optional.empty();
        }
        return Optional.of(new GuestKit(
                store, host.or(() -> store.root(KitPart.QEMU.packages()).map(QemuProgram::unpackedIn))));
    }

    /**
     * Fetches what is missing of a kit, or brings all of it to the archive's current versions if the options say so.
     *
     * @param options where it is kept and where it comes from
     * @param parts what it must have
     * @param progress told how far it is
     * @throws KitException with one line that says what to do, if something cannot be had
     */
    public static GuestKit fetch(KitOptions options, Set<KitPart> parts, Progress progress) {
        return fetch(options, parts, progress, HostPrograms.INSTALLED);
    }

    /** As {@link #fetch(KitOptions, Set, Progress)}, with programs of the caller's choice. */
    static GuestKit fetch(KitOptions options, Set<KitPart> parts, Progress progress, HostPrograms programs) {
        PackageStore store = storeOf(options, programs);
        Set<KitPart> wanted = EnumSet.copyOf(parts);
        if (hostQemu(options, programs).isPresent()) {
            wanted.remove(KitPart.QEMU);
        }
        List<PackageSet> sets = wanted.stream().map(KitPart::packages).toList();
        if (options.refresh() || sets.stream().anyMatch(s -> store.root(s).isEmpty())) {
            requireDebianTools(programs);
            DebianSource source = source(options);
            store.fetch(sets, options.refresh(), source, keyring(options, source), progress);
        }
        return locate(options, parts, programs)
                .orElseThrow(() -> new KitException("The kit in " + store.folder() + " is incomplete after its fetch"));
    }

    private static PackageStore storeOf(KitOptions options, HostPrograms programs) {
        return new PackageStore(options.cache().resolve("guest-kit"), programs);
    }

    private static Optional<QemuProgram> hostQemu(KitOptions options, HostPrograms programs) {
        if (options.qemu().isEmpty()) {
            return QemuProgram.onHost(programs.qemu());
        }
        String program = options.qemu().orElseThrow();
        return Optional.of(QemuProgram.onHost(program)
                .orElseThrow(() -> new KitException(
                        program + " is not a QEMU 10.1 or later for x86_64 with the device vfio-user-pci")));
    }

    private static void requireDebianTools(HostPrograms programs) {
        for (String tool : List.of(programs.aptGet(), programs.dpkgDeb())) {
            if (!HostCommand.available(tool)) {
                throw new KitException("The guest kit is fetched with apt, and this host has no " + tool
                        + ". Install the packages apt and dpkg, or fill the cache on a Debian host and copy it here"
                        + " (NACRE_CACHE names the folder).");
            }
        }
        // TIMEOUT: prints one word.
        String architecture = HostCommand.of(programs.dpkg(), "--print-architecture")
                .run(Duration.ofSeconds(10))
                .text()
                .strip();
        if (!architecture.equals("amd64")) {
            throw new KitException("The guest kit's programs are for amd64 hosts; this one is " + architecture);
        }
    }

    private static DebianSource source(KitOptions options) {
        return options.mirror()
                .map(uri -> new DebianSource(uri, Optional.empty()))
                .or(() -> DebianSource.find(APT_FOLDER))
                .orElseThrow(() -> new KitException("apt's sources on this host name no Debian archive:"
                        + " name one with --mirror URI, and its keys with NACRE_DEBIAN_KEYRING"));
    }

    private static Path keyring(KitOptions options, DebianSource source) {
        List<Path> candidates = new ArrayList<>();
        options.keyring().ifPresent(candidates::add);
        if (candidates.isEmpty()) {
            source.signedBy().ifPresent(candidates::add);
            candidates.addAll(KEYRINGS);
        }
        return candidates.stream()
                .filter(Files::isReadable)
                .findFirst()
                .orElseThrow(() -> new KitException("No Debian archive keyring at " + candidates.getLast()
                        + ": install the package debian-archive-keyring, or name a keyring with NACRE_DEBIAN_KEYRING"));
    }

    /**
     * The QEMU to start guests with.
     *
     * @throws KitException if it was not fetched
     */
    public QemuProgram qemu() {
        return qemu.orElseThrow(() -> notFetched(KitPart.QEMU));
    }

    /** The cache folder of this kit. */
    public Path folder() {
        return store.folder();
    }

    /**
     * One of the kit's kernels.
     *
     * @param choice which
     * @throws KitException if it was not fetched
     */
    public GuestKernel kernel(KernelChoice choice) {
        return GuestKernel.in(root(choice.part()));
    }

    /**
     * The unpacked packages of a part.
     *
     * @param part which
     * @throws KitException if it was not fetched
     */
    public Path root(KitPart part) {
        return store.root(part.packages()).orElseThrow(() -> notFetched(part));
    }

    private KitException notFetched(KitPart part) {
        return new KitException("The guest kit in " + store.folder() + " has no "
                + part.packages().name() + ": run ./dev guest-kit --fetch tests");
    }

    /**
     * The packages of a part, one {@code name version} each.
     *
     * @param part which
     * @throws KitException if it was not fetched
     */
    public List<String> packages(KitPart part) {
        return store.packagesOf(root(part));
    }

    /**
     * A builder for the initramfs of a kernel, with synthetic firmware and the guest programs.
     *
     * @param choice the kernel
     * @throws KitException if the kernel or the tools were not fetched
     */
    public InitramfsBuilder initramfs(KernelChoice choice) {
        Path tools = root(KitPart.TOOLS);
        Path programs = new GuestPrograms(tools, store.folder().resolve("programs")).build();
        return new InitramfsBuilder(
                        kernel(choice),
                        tools.resolve("usr/bin/busybox"),
                        store.folder().resolve("initramfs"))
                .programs(programs);
    }
}
