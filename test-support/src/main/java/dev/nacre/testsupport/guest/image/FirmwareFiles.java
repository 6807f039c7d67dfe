package dev.nacre.testsupport.guest.image;

import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.firmware.SyntheticFirmware;
import dev.nacre.testsupport.guest.host.KitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lays out firmware files as the kernel looks for them. */
final class FirmwareFiles {
    private FirmwareFiles() {}

    /**
     * The files of a choice.
     *
     * @param firmware the choice
     * @param decompressor reads installed files
     * @return content by path below {@code /lib/firmware}
     */
    static Map<String, byte[]> of(GuestFirmware firmware, Decompressor decompressor) {
        return switch (firmware) {
            case GuestFirmware.Synthetic(var versions) -> synthetic(versions);
            case GuestFirmware.Installed installed -> installed(installed, decompressor);
            case GuestFirmware.None() -> Map.of();
        };
    }

    /** A text that differs whenever the files may differ. */
    static String key(GuestFirmware firmware) {
        return switch (firmware) {
            case GuestFirmware.Synthetic(var versions) ->
                "synthetic " + versions + " " + Arrays.toString(Chip.values());
            case GuestFirmware.Installed installed ->
                installedFiles(installed).stream()
                        .map(f ->
                                f + " " + f.toFile().length() + " " + f.toFile().lastModified())
                        .collect(Collectors.joining("\n"));
            case GuestFirmware.None() -> "none";
        };
    }

    private static Map<String, byte[]> synthetic(List<String> versions) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (Chip chip : Chip.values()) {
            versions.forEach(v -> files.putAll(SyntheticFirmware.files(chip, v)));
        }
        return files;
    }

    private static Map<String, byte[]> installed(GuestFirmware.Installed from, Decompressor decompressor) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (Path file : installedFiles(from)) {
            String name = Decompressor.plainName(file.getFileName().toString());
            files.put("nvidia/" + from.chip() + "/gsp/" + name, decompressor.content(file));
        }
        return files;
    }

    private static List<Path> installedFiles(GuestFirmware.Installed from) {
        Path gsp = from.folder().resolve("nvidia").resolve(from.chip()).resolve("gsp");
        if (!Files.isDirectory(gsp)) {
            throw new KitException("No firmware for " + from.chip() + ": there is no folder " + gsp);
        }
        try (Stream<Path> entries = Files.list(gsp)) {
            return entries.filter(f ->
                            Decompressor.plainName(f.getFileName().toString()).endsWith(".bin"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw KitException.because("Cannot read " + gsp, e);
        }
    }
}
