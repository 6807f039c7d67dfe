package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.pci.GuestMemory;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.transport.MessageWriter;
import dev.nacre.vfiouser.wire.DmaMap;
import dev.nacre.vfiouser.wire.DmaUnmap;
import dev.nacre.vfiouser.wire.Limits;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** DMA_MAP and DMA_UNMAP. */
final class DmaService {
    private static final String NOT_SHARED = "The VM's memory is not shared with the device, so DMA will fail; ";
    private static final String NOT_SEALED = "The VM's memory file could be made shorter while the device uses it; ";

    private final DmaTable table;
    private final Consumer<String> warnings;
    private boolean warnedNotShared;
    private boolean warnedNotSealed;

    DmaService(GuestMemory memory, Consumer<String> warnings) {
        this.table = new DmaTable(memory);
        this.warnings = warnings;
    }

    /** The ranges. */
    DmaTable table() {
        return table;
    }

    /** Serves DMA_MAP; returns the reply's size, 0, or a negative errno. */
    int map(MessageReader request, ClientKind client) {
        if (request.bodySize() != DmaMap.SIZE || request.fdCount() > 1) {
            return -Errno.EINVAL.number();
        }
        DmaMap map = DmaMap.read(request.segment(), request.body());
        if (map.argsz() < DmaMap.SIZE || (map.flags() & ~(DmaMap.READABLE | DmaMap.WRITABLE)) != 0) {
            return -Errno.EINVAL.number();
        }
        try (Fd fd = request.takeFd()) {
            int errno = table.map(map, fd);
            if (errno == 0) {
                warn(map, fd, client);
            }
            return -errno;
        }
    }

    /** Serves DMA_UNMAP, whose reply repeats the request; returns the reply's size or a negative errno. */
    int unmap(MessageReader request, MessageWriter reply) {
        if (request.bodySize() != DmaUnmap.SIZE) {
            return -Errno.EINVAL.number();
        }
        DmaUnmap unmap = DmaUnmap.read(request.segment(), request.body());
        if (unmap.argsz() < DmaUnmap.SIZE || unmap.argsz() > Limits.MAX_MESSAGE_BYTES) {
            return -Errno.EINVAL.number();
        }
        int errno;
        if (unmap.flags() == DmaUnmap.ALL && unmap.iova() == 0 && unmap.size() == 0) {
            table.clear();
            errno = 0;
        } else {
            errno = unmap.flags() == 0 ? table.unmap(unmap.iova(), unmap.size()) : Errno.EINVAL.number();
        }
        unmap.write(reply.segment(), reply.body());
        return errno == 0 ? DmaUnmap.SIZE : -errno;
    }

    private void warn(DmaMap map, @Nullable Fd fd, ClientKind client) {
        if (fd == null) {
            // ROMs are read-only, and other devices' BARs come only when the memory is there already.
            boolean ram = (map.flags() & DmaMap.WRITABLE) != 0 && table.fileCount() == 0 && !table.usesMessages();
            if (ram && !warnedNotShared) {
                warnedNotShared = true;
                warnings.accept(NOT_SHARED + client.sharedMemoryAdvice() + ".");
            }
        } else if (!warnedNotSealed && !Memfd.seals(fd).contains(Memfd.Seal.SHRINK)) {
            warnedNotSealed = true;
            client.sealAdvice().ifPresent(advice -> warnings.accept(NOT_SEALED + advice + "."));
        }
    }
}
