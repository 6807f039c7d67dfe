package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.Interrupts;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.transport.MessageWriter;
import dev.nacre.vfiouser.wire.DeviceInfo;
import dev.nacre.vfiouser.wire.IndexedInfo;
import dev.nacre.vfiouser.wire.Limits;
import dev.nacre.vfiouser.wire.RegionInfo;
import java.util.List;

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

    int region(MessageReader request, MessageWriter reply) {
        if (request.bodySize() != RegionInfo.SIZE) {
            return -Errno.EINVAL.number();
        }
        RegionInfo asked = RegionInfo.read(request.segment(), request.body());
        if (asked.argsz() < RegionInfo.SIZE || !Regions.isIndex(asked.index())) {
            return -Errno.EINVAL.number();
        }
        Region region = regions.at(asked.index());
        int flags = (region.readable() ? RegionInfo.READ : 0) | (region.writable() ? RegionInfo.WRITE : 0);
        new RegionInfo(RegionInfo.SIZE, region.isPresent() ? flags : 0, asked.index(), 0, region.size(), 0)
                .write(reply.segment(), reply.body());
        return RegionInfo.SIZE;
    }

    /** Nothing here can be accessed through a descriptor: the answer is a count of zero. */
    int regionIoFds(MessageReader request, MessageWriter reply) {
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
        new IndexedInfo(IndexedInfo.SIZE, 0, asked.index(), 0).write(reply.segment(), reply.body());
        return IndexedInfo.SIZE;
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
}
