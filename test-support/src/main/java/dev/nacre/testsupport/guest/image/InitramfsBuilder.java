package dev.nacre.testsupport.guest.image;

import dev.nacre.testsupport.guest.host.ContentKey;
import dev.nacre.testsupport.guest.host.FileTree;
import dev.nacre.testsupport.guest.host.HostCommand;
import dev.nacre.testsupport.guest.host.KitException;
import dev.nacre.testsupport.guest.host.UnpackedProgram;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Builds a guest's initramfs: busybox, the init script with its jobs, nouveau with all modules it depends on, firmware,
 * and test programs. Images are kept by what they were made of, so the second build of the same one costs nothing.
 *
 * <p>Not for use by several threads at once.
 */
public final class InitramfsBuilder {
    // Counts changes of this class's own layout, so that older images are not taken for current ones.
    private static final String LAYOUT = "1";
    // The power button and its events let the host tell the guest to go on.
    private static final List<String> WANTED_MODULES = List.of("button", "evdev", "nouveau");
    private static final int KEPT_IMAGES = 12;
    private static final String LIBRARIES = "usr/lib/x86_64-linux-gnu/";
    private static final String LOADER = "lib64/ld-linux-x86-64.so.2";
    private static final String VULKAN_DRIVER = "libvulkan_nouveau.so";
    // TIMEOUT: prints a list and exits.
    private static final Duration LIST_BOUND = Duration.ofSeconds(20);

    private final GuestKernel kernel;
    private final Path busybox;
    private final Path imageFolder;
    private GuestFirmware firmware = GuestFirmware.synthetic();
    private Optional<Path> programs = Optional.empty();
    private Optional<Path> vulkan = Optional.empty();
    private List<String> modules = List.of();

    /**
     * A builder with synthetic firmware and no programs.
     *
     * @param kernel the kernel whose modules go in
     * @param busybox a statically linked busybox that runs on the host and in the guest
     * @param imageFolder where images are kept
     */
    public InitramfsBuilder(GuestKernel kernel, Path busybox, Path imageFolder) {
        this.kernel = kernel;
        this.busybox = busybox;
        this.imageFolder = imageFolder;
    }

    /** Chooses the firmware files. */
    public InitramfsBuilder firmware(GuestFirmware choice) {
        firmware = choice;
        return this;
    }

    /**
     * Adds the guest programs of a folder; each becomes a job of its name.
     *
     * @param folder a folder of static executables whose name changes with their content
     */
    public InitramfsBuilder programs(Path folder) {
        programs = Optional.of(folder);
        return this;
    }

    /**
     * Adds Mesa's Vulkan driver for nouveau and {@code vulkaninfo} with all their libraries.
     *
     * @param root the folder of unpacked packages
     */
    public InitramfsBuilder vulkan(Path root) {
        vulkan = Optional.of(root);
        return this;
    }

    /**
     * Adds modules with all they depend on, which the job {@code modules} inserts.
     *
     * @param names the modules' names, with underscores
     */
    public InitramfsBuilder modules(String... names) {
        modules = List.of(names);
        return this;
    }

    /**
     * Makes the image, or finds the one made before.
     *
     * @return the image file
     * @throws KitException if an ingredient is missing
     */
    public Path build() {
        byte[] init = Resources.read("init");
        String key = ContentKey.of(
                LAYOUT,
                kernel.modules().toString(),
                busybox.toString(),
                FirmwareFiles.key(firmware),
                programs.map(Path::toString).orElse(""),
                vulkan.map(Path::toString).orElse(""),
                String.join(" ", modules),
                new String(init, StandardCharsets.UTF_8));
        Path image = imageFolder.resolve("initramfs-" + kernel.version() + "-" + key + ".cpio");
        try {
            if (Files.isRegularFile(image)) {
                Files.setLastModifiedTime(image, FileTime.from(Instant.now()));
                return image;
            }
            Files.createDirectories(imageFolder);
            Path fresh = Files.createTempFile(imageFolder, "building", ".tmp");
            try (CpioWriter archive = new CpioWriter(new BufferedOutputStream(Files.newOutputStream(fresh)))) {
                write(archive, init);
            }
            Files.move(fresh, image, StandardCopyOption.ATOMIC_MOVE);
            FileTree.keepNewest(imageFolder, KEPT_IMAGES);
            return image;
        } catch (IOException e) {
            throw KitException.because("Cannot write the initramfs in " + imageFolder, e);
        }
    }

    private void write(CpioWriter archive, byte[] init) throws IOException {
        for (String folder : List.of("dev", "proc", "sys", "run", "etc", "usr/bin", "opt/nacre")) {
            archive.folder(folder);
        }
        archive.characterDevice("dev/console", 5, 1);
        archive.file("init", init, CpioWriter.EXECUTABLE);
        archive.file("bin/busybox", Files.readAllBytes(busybox), CpioWriter.EXECUTABLE);
        for (String applet : applets()) {
            archive.link("bin/" + applet, "busybox");
        }
        Decompressor decompressor = new Decompressor(busybox);
        KernelModules all = KernelModules.of(kernel, decompressor);
        writeModules(archive, "lib/modules/nacre", all.closure(WANTED_MODULES));
        writeModules(archive, "lib/modules/extra", all.closure(modules));
        for (Map.Entry<String, byte[]> file :
                FirmwareFiles.of(firmware, decompressor).entrySet()) {
            archive.file("lib/firmware/" + file.getKey(), file.getValue(), CpioWriter.PLAIN);
        }
        if (programs.isPresent()) {
            writePrograms(archive, programs.get());
        }
        if (vulkan.isPresent()) {
            writeVulkan(archive, vulkan.get());
        }
    }

    private List<String> applets() {
        HostCommand.Result result = HostCommand.of(busybox.toString(), "--list").run(LIST_BOUND);
        if (!result.ok()) {
            throw new KitException("The kit's busybox does not run on this host: "
                    + result.errors().strip());
        }
        return result.text().lines().filter(a -> !a.equals("busybox")).toList();
    }

    /** Numbered, in the order in which to insert them. */
    private static void writeModules(CpioWriter archive, String folder, List<KernelModules.Module> modules)
            throws IOException {
        int number = 0;
        for (KernelModules.Module module : modules) {
            String path = String.format(Locale.ROOT, "%s/%03d-%s.ko", folder, number++, module.name());
            archive.file(path, module.content(), CpioWriter.PLAIN);
        }
    }

    private static void writePrograms(CpioWriter archive, Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                archive.file("opt/nacre/" + file.getFileName(), Files.readAllBytes(file), CpioWriter.EXECUTABLE);
            }
        }
    }

    private static void writeVulkan(CpioWriter archive, Path root) throws IOException {
        Path libraries = root.resolve(LIBRARIES);
        Path driver = libraries.resolve(VULKAN_DRIVER);
        Path program = root.resolve("usr/bin/vulkaninfo");
        // vulkaninfo opens the loader by name when it runs.
        Path loader = libraries.resolve("libvulkan.so.1");
        SharedLibraries search = new SharedLibraries(UnpackedProgram.libraryFolders(root));
        for (Map.Entry<String, byte[]> library :
                search.closure(List.of(program, driver, loader)).entrySet()) {
            archive.file(LIBRARIES + library.getKey(), library.getValue(), CpioWriter.EXECUTABLE);
        }
        archive.file(LIBRARIES + VULKAN_DRIVER, Files.readAllBytes(driver), CpioWriter.EXECUTABLE);
        if (!archive.contains(LIBRARIES + "libvulkan.so.1")) {
            archive.file(LIBRARIES + "libvulkan.so.1", Files.readAllBytes(loader), CpioWriter.EXECUTABLE);
        }
        archive.file(LOADER, Files.readAllBytes(UnpackedProgram.loader(root)), CpioWriter.EXECUTABLE);
        archive.file("usr/bin/vulkaninfo", Files.readAllBytes(program), CpioWriter.EXECUTABLE);
        try (Stream<Path> manifests = Files.list(root.resolve("usr/share/vulkan/icd.d"))) {
            for (Path manifest : manifests
                    .filter(p -> p.getFileName().toString().startsWith("nouveau"))
                    .toList()) {
                archive.file(
                        "usr/share/vulkan/icd.d/" + manifest.getFileName(),
                        Files.readAllBytes(manifest),
                        CpioWriter.PLAIN);
            }
        }
    }
}
