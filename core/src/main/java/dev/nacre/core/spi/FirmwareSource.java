package dev.nacre.core.spi;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where firmware files come from. */
@FunctionalInterface
public interface FirmwareSource {
    /**
     * Reads a file.
     *
     * @param path below the firmware folder, such as {@code nvidia/ad102/gsp/gsp-570.144.bin}
     * @return its content, which nobody changes; empty if there is no such file
     * @throws CoreException with {@link CoreError#IO} if it cannot be read
     */
    Optional<byte[]> read(String path);

    /** Files of a folder that is laid out as {@code /lib/firmware}, not compressed. */
    static FirmwareSource directory(Path folder) {
        return path -> {
            Path file = folder.resolve(path);
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            try {
                return Optional.of(Files.readAllBytes(file));
            } catch (IOException e) {
                throw new CoreException(CoreError.IO, "Cannot read firmware: file=" + file, e);
            }
        };
    }

    /** Files in memory, by path. */
    static FirmwareSource of(Map<String, byte[]> files) {
        Map<String, byte[]> all = Map.copyOf(files);
        return path -> Optional.ofNullable(all.get(path));
    }
}
