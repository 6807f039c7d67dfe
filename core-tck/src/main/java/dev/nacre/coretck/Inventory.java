package dev.nacre.coretck;

import dev.nacre.core.Attachment;
import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a core has to give, and what this process holds of the kernel's for it.
 *
 * @param channelIds channel ids that are free
 * @param largestFb the largest part of the GPU's memory that can be had
 * @param files memory files, sockets and eventfds
 */
record Inventory(int channelIds, long largestFb, List<String> files) {
    private static final long STEP = 64 << 10;

    static Inventory of(Core core) throws IOException {
        try (Attachment attachment = TckGroup.attach(core, event -> {})) {
            return new Inventory(attachment.availableChannelIds(), largestFb(attachment), openFiles());
        }
    }

    /** The largest part of the GPU's memory that can be had, to 64 KiB. */
    static long largestFb(Attachment attachment) {
        long least = 0;
        long most = attachment.totalFbBytes() / STEP + 1;
        while (most - least > 1) {
            long middle = (least + most) / 2;
            if (canHave(attachment, middle * STEP)) {
                least = middle;
            } else {
                most = middle;
            }
        }
        return least * STEP;
    }

    private static boolean canHave(Attachment attachment, long bytes) {
        try (FbMemory memory = attachment.allocFbMemory(FbRequest.of(bytes))) {
            return memory.bytes() >= bytes;
        } catch (CoreException e) {
            if (e.error() != CoreError.NO_SPACE) {
                throw e;
            }
            return false;
        }
    }

    /** Memory files, sockets and eventfds that this process has open, by kind. */
    static List<String> openFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.flatMap(file -> kind(file).stream()).sorted().toList();
        }
    }

    private static Optional<String> kind(Path file) {
        try {
            String target = Files.readSymbolicLink(file).toString();
            boolean ours = target.startsWith("/memfd:") || target.startsWith("socket:") || target.contains("eventfd");
            return ours ? Optional.of(target.replaceAll("[0-9]+", "N")) : Optional.empty();
        } catch (IOException e) {
            // The descriptor by which the folder is read is gone by now.
            return Optional.empty();
        }
    }
}
