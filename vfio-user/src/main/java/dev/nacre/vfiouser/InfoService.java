package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.Interrupts;
import dev.nacre.pci.IoEventFd;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import dev.nacre.pci.RegionMapping;
import dev.nacre.pci.RegionMapping.Area;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.transport.MessageWriter;
import dev.nacre.vfiouser.wire.DeviceInfo;
import dev.nacre.vfiouser.wire.IndexedInfo;
import dev.nacre.vfiouser.wire.Limits;
import dev.nacre.vfiouser.wire.RegionInfo;
import dev.nacre.vfiouser.wire.SparseMmap;
import dev.nacre.vfiouser.wire.SubRegion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DEVICE_GET_INFO, DEVICE_GET_REGION_INFO, DEVICE_GET_REGION_IO_FDS and DEVICE_GET_IRQ_INFO. A request's argsz may be
 * larger than needed: it says what the client could take. Each method returns the reply's size or a negative errno.
 */
final class InfoService {
    private static final List<InterruptKind> KINDS = List.of(InterruptKind.values());

    private final Regions regions;
    private final Interrupts interrupts;

    InfoService(Regions regions, Interrupts interrupts) {
        this.regions = regions;
        this.interrupts = interrupts;
    }

    int device(MessageReader request, MessageWriter reply) {
        if (request.bodySize() != DeviceInfo.SIZE) {
            return -Errno.EINVAL.number();
        }
        DeviceInfo asked = DeviceInfo.read(request.segment(), request.body());
        if (asked.argsz() < DeviceInfo.SIZE) {
            return -Errno.EINVAL.number();
        }
        new DeviceInfo(DeviceInfo.SIZE, DeviceInfo.RESET | DeviceInfo.PCI, PciFunction.REGIONS, KINDS.size())
                .write(reply.segment(), reply.body());
        return DeviceInfo.SIZE;
    }

    /**
     * A region, and how it can be mapped.
     *
     * @param maxFds most descriptors per message that the client takes; a client that takes none cannot map
     */
    int region(MessageReader request, MessageWriter reply, int maxFds) {
        if (request.bodySize() != RegionInfo.SIZE) {
            return -Errno.EINVAL.number();
        }
        RegionInfo asked = RegionInfo.read(request.segment(), request.body());
        if (asked.argsz() < RegionInfo.SIZE || !Regions.isIndex(asked.index())) {
            return -Errno.EINVAL.number();
        }
        Region region = regions.at(asked.index());
        RegionMapping mapping = maxFds > 0 ? region.mapping() : null;
        int access = (region.readable() ? RegionInfo.READ : 0) | (region.writable() ? RegionInfo.WRITE : 0);
        if (mapping == null) {
            new RegionInfo(RegionInfo.SIZE, region.isPresent() ? access : 0, asked.index(), 0, region.size(), 0)
                    .write(reply.segment(), reply.body());
            return RegionInfo.SIZE;
        }
        // Areas are named even where the whole region is one: QEMU and rust-vmm ask again when argsz says that there is
        // more, and take the descriptor from that second reply; libvfio-user's server does no other. Without a
        // capability the descriptor would have to come with the first reply, a case that no client meets today.
        List<Area> areas = mapping.areasOf(region.size());
        int needed = RegionInfo.SIZE + SparseMmap.SIZE + areas.size() * SparseMmap.AREA_SIZE;
        boolean fits = asked.argsz() >= needed;
        int flags = access | RegionInfo.MMAP | (fits ? RegionInfo.CAPS : 0);
        new RegionInfo(needed, flags, asked.index(), fits ? RegionInfo.SIZE : 0, region.size(), mapping.offset())
                .write(reply.segment(), reply.body());
        if (!fits) {
            return RegionInfo.SIZE;
        }
        long at = reply.body() + RegionInfo.SIZE;
        SparseMmap.put(reply.segment(), at, areas.size());
        for (int i = 0; i < areas.size(); i++) {
            Area area = areas.get(i);
            SparseMmap.putArea(reply.segment(), at, i, area.offset(), area.size());
        }
        attach(reply, List.of(mapping.fd()));
        return needed;
    }

    /**
     * The doorbells of a region.
     *
     * @param maxFds most descriptors per message that the client takes
     */
    int regionIoFds(MessageReader request, MessageWriter reply, int maxFds) {
        if (request.bodySize() != IndexedInfo.SIZE) {
            return -Errno.EINVAL.number();
        }
        IndexedInfo asked = IndexedInfo.read(request.segment(), request.body());
        if (asked.argsz() < IndexedInfo.SIZE
                || asked.argsz() > Limits.MAX_DATA_BYTES
                || asked.flags() != 0
                || asked.count() != 0
                || !Regions.isIndex(asked.index())
                || !regions.at(asked.index()).isPresent()) {
            return -Errno.EINVAL.number();
        }
        List<IoEventFd> bells = regions.at(asked.index()).doorbells();
        int needed = IndexedInfo.SIZE + bells.size() * SubRegion.SIZE;
        new IndexedInfo(needed, 0, asked.index(), bells.size()).write(reply.segment(), reply.body());
        if (bells.isEmpty() || asked.argsz() < needed) {
            return IndexedInfo.SIZE;
        }
        List<Fd> fds = new ArrayList<>();
        for (int i = 0; i < bells.size(); i++) {
            IoEventFd bell = bells.get(i);
            new SubRegion(
                            bell.offset(),
                            bell.size(),
                            indexIn(fds, bell.event()),
                            SubRegion.IOEVENTFD,
                            bell.flags(),
                            bell.datamatch())
                    .write(reply.segment(), reply.body() + IndexedInfo.SIZE + (long) i * SubRegion.SIZE);
        }
        if (fds.size() > maxFds) {
            return -Errno.E2BIG.number();
        }
        attach(reply, fds);
        return needed;
    }

    int irq(MessageReader request, MessageWriter reply) {
        if (request.bodySize() != IndexedInfo.SIZE) {
            return -Errno.EINVAL.number();
        }
        IndexedInfo asked = IndexedInfo.read(request.segment(), request.body());
        if (asked.argsz() < IndexedInfo.SIZE || asked.index() < 0 || asked.index() >= KINDS.size()) {
            return -Errno.EINVAL.number();
        }
        InterruptKind kind = KINDS.get(asked.index());
        new IndexedInfo(IndexedInfo.SIZE, interrupts.flags(kind), asked.index(), interrupts.count(kind))
                .write(reply.segment(), reply.body());
        return IndexedInfo.SIZE;
    }

    /** Where a doorbell's descriptor is among those that are passed, each of them once. */
    private static int indexIn(List<Fd> fds, @Nullable EventFd event) {
        if (event == null) {
            return SubRegion.NO_FD;
        }
        int index = fds.indexOf(event.fd());
        if (index >= 0) {
            return index;
        }
        fds.add(event.fd());
        return fds.size() - 1;
    }

    /** Passes descriptors of the model's; if it has closed one, that shows here, where it is answered as a failure. */
    private static void attach(MessageWriter reply, List<Fd> fds) {
        fds.forEach(Fd::number);
        if (!fds.isEmpty()) {
            reply.attach(fds, false);
        }
    }
}
