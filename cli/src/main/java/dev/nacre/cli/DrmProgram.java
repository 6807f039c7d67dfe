package dev.nacre.cli;

import dev.nacre.drm.sysfs.ClientFolder;
import dev.nacre.testsupport.guest.GuestKit;
import dev.nacre.testsupport.guest.KitOptions;
import dev.nacre.testsupport.guest.KitPart;
import dev.nacre.testsupport.guest.ProgressPrinter;
import dev.nacre.testsupport.guest.host.KitException;
import dev.nacre.testsupport.guest.host.UnpackedProgram;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A program of this host, or of a Debian package that is not installed.
 *
 * @param command its words
 * @param environment what its environment says besides this process's
 */
record DrmProgram(List<String> command, Map<String, String> environment) {
    private static final Set<String> DRM_TOOLS = Set.of("drmdevice", "modeprint", "modetest", "proptest", "vbltest");
    private static final Set<String> VULKAN = Set.of("vulkaninfo", "vkcube");

    // TIMEOUT: what a program needs to end that is told to.
    private static final long END_SECONDS = 5;

    /**
     * Finds it: by its path, in PATH, or in a package, which is fetched if need be.
     *
     * @param words its name and arguments
     * @throws CommandException if it is nowhere
     */
    static DrmProgram find(List<String> words) {
        String name = words.getFirst();
        if (name.contains("/") || isInstalled(name)) {
            return new DrmProgram(words, Map.of());
        }
        if (DRM_TOOLS.contains(name)) {
            return unpacked(KitPart.DRM_TOOLS, words, false);
        }
        if (VULKAN.contains(name)) {
            return unpacked(KitPart.VULKAN, words, true);
        }
        throw new CommandException(ExitCode.ENVIRONMENT, "There is no program " + name + ": install it");
    }

    private static boolean isInstalled(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        return List.of(path.split(File.pathSeparator, -1)).stream()
                .anyMatch(folder -> !folder.isEmpty() && Files.isExecutable(Path.of(folder, name)));
    }

    private static DrmProgram unpacked(KitPart part, List<String> words, boolean vulkan) {
        try {
            GuestKit kit = GuestKit.fetch(
                    KitOptions.fromEnvironment(System.getenv()),
                    EnumSet.of(part),
                    new ProgressPrinter(System.err, Progress.isTerminal()));
            Path root = kit.root(part);
            List<String> command = new ArrayList<>(UnpackedProgram.command(root, "usr/bin/" + words.getFirst()));
            command.addAll(words.subList(1, words.size()));
            Map<String, String> environment = vulkan
                    ? Map.of(
                            "VK_DRIVER_FILES",
                            root.resolve("usr/share/vulkan/icd.d/nouveau_icd.json")
                                    .toString(),
                            // The host's layers are made for the host's libraries.
                            "VK_LOADER_LAYERS_DISABLE",
                            "~implicit~")
                    : Map.of();
            return new DrmProgram(command, environment);
        } catch (KitException e) {
            throw new CommandException(
                    ExitCode.ENVIRONMENT,
                    "There is no program " + words.getFirst() + ", and its package cannot be had: " + e.getMessage());
        }
    }

    /**
     * Runs it to its end, with this process's streams. If this process is told to end, so is the program.
     *
     * @param folder of the device that it finds
     * @return its exit code
     * @throws CommandException if it cannot be started
     */
    int run(ClientFolder folder) throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(environment);
        folder.addTo(builder.environment());
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.ENVIRONMENT, "Cannot start " + command.getFirst() + ": " + e.getMessage());
        }
        Thread hook = new Thread(() -> end(process), "nacre-drm-run-end");
        Runtime.getRuntime().addShutdownHook(hook);
        int code = process.waitFor();
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // This process has been told to end, and the program with it.
        }
        return code;
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
