package dev.nacre.vfiouser;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.NativeException;
import dev.nacre.pci.IoEventFd;
import dev.nacre.pci.Region;
import dev.nacre.pci.RegionMapping;
import dev.nacre.pci.RegionMapping.Area;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.wire.Command;
import dev.nacre.vfiouser.wire.Header;
import dev.nacre.vfiouser.wire.IndexedInfo;
import dev.nacre.vfiouser.wire.RegionInfo;
import dev.nacre.vfiouser.wire.SparseMmap;
import dev.nacre.vfiouser.wire.SubRegion;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * DEVICE_GET_REGION_INFO and DEVICE_GET_REGION_IO_FDS from a client's side: each is asked twice if the first answer says
 * that there is more. What a server says is checked before it is believed. Under the link's monitor.
 */
final class ClientRegions implements AutoCloseable {
    /** Most bytes of an answer; far more than any region's areas take. */
    private static final int MAX_ANSWER_BYTES = 64 << 10;

    private final ClientLink link;

    /** What was asked already; regions never change. Their files are this object's. */
    private final Map<Integer, Region> known = new HashMap<>();

    ClientRegions(ClientLink link) {
        this.link = link;
    }

    /** Describes a region. */
    Region region(int index) {
        Region region = known.get(index);
        if (region == null) {
            region = ask(index);
            known.put(index, region);
        }
        return region;
    }

    /** The doorbells of a region, whose eventfds are the caller's. */
    List<IoEventFd> doorbells(int index) {
        Command command = Command.DEVICE_GET_REGION_IO_FDS;
        IndexedInfo first = askIoFds(index, IndexedInfo.SIZE, IndexedInfo.SIZE);
        if (first.count() == 0) {
            return List.of();
        }
        long needed = IndexedInfo.SIZE + Integer.toUnsignedLong(first.count()) * SubRegion.SIZE;
        if (first.argsz() != needed || needed > MAX_ANSWER_BYTES) {
            throw link.broken(command, "argsz " + first.argsz() + " for " + first.count() + " entries");
        }
        // CAST: at most 64 KiB
        IndexedInfo all = askIoFds(index, (int) needed, (int) needed);
        if (all.count() != first.count()) {
            throw link.broken(command, all.count() + " entries after " + first.count());
        }
        List<EventFd> events = new ArrayList<>();
        List<IoEventFd> bells = new ArrayList<>();
        try {
            for (Fd fd = link.reply().takeFd(); fd != null; fd = link.reply().takeFd()) {
                events.add(EventFd.adopt(fd));
            }
            for (int i = 0; i < all.count(); i++) {
                long at = link.reply().body() + IndexedInfo.SIZE + (long) i * SubRegion.SIZE;
                SubRegion entry = SubRegion.read(link.reply().segment(), at);
                if (entry.type() == SubRegion.IOEVENTFD) {
                    bells.add(doorbell(entry, events));
                }
            }
        } catch (RuntimeException e) {
            events.forEach(EventFd::close);
            throw link.broken(command, "bad entry: " + e.getMessage());
        }
        for (EventFd event : events) {
            if (bells.stream().noneMatch(bell -> bell.event() == event)) {
                event.close();
            }
        }
        return List.copyOf(bells);
    }

    /** Closes the files by which regions can be mapped. */
    @Override
    public void close() {
        for (Region region : known.values()) {
            RegionMapping mapping = region.mapping();
            if (mapping != null) {
                mapping.fd().close();
            }
        }
        known.clear();
    }

    private static IoEventFd doorbell(SubRegion entry, List<EventFd> events) {
        EventFd event = entry.fdIndex() == SubRegion.NO_FD ? null : events.get(entry.fdIndex());
        return new IoEventFd(entry.offset(), Math.toIntExact(entry.size()), event, entry.flags(), entry.datamatch());
    }

    private IndexedInfo askIoFds(int index, int argsz, int replySize) {
        new IndexedInfo(argsz, 0, index, 0).write(link.out(), Header.SIZE);
        link.call(Command.DEVICE_GET_REGION_IO_FDS, IndexedInfo.SIZE, replySize, List.of());
        return IndexedInfo.read(link.reply().segment(), link.reply().body());
    }

    private Region ask(int index) {
        RegionInfo info = askInfo(index, RegionInfo.SIZE);
        if (info.argsz() > RegionInfo.SIZE) {
            if (info.argsz() > MAX_ANSWER_BYTES) {
                throw link.broken(Command.DEVICE_GET_REGION_INFO, "argsz " + info.argsz());
            }
            // CAST: at most 64 KiB
            info = askInfo(index, (int) info.argsz());
        }
        Region region =
                new Region(info.size(), (info.flags() & RegionInfo.READ) != 0, (info.flags() & RegionInfo.WRITE) != 0);
        if (info.size() == 0 || (info.flags() & RegionInfo.MMAP) == 0) {
            return region;
        }
        List<Area> areas = areas(info);
        if (areas != null && areas.isEmpty()) {
            return region;
        }
        Fd fd = link.reply().takeFd();
        if (fd == null) {
            throw link.broken(Command.DEVICE_GET_REGION_INFO, "no descriptor to map region " + index + " by");
        }
        try {
            return region.mappedBy(new RegionMapping(fd, info.offset(), areas == null ? List.of() : areas));
        } catch (IllegalArgumentException | NativeException e) {
            fd.close();
            throw link.broken(Command.DEVICE_GET_REGION_INFO, "bad mapping: " + e.getMessage());
        }
    }

    private RegionInfo askInfo(int index, int argsz) {
        new RegionInfo(argsz, 0, index, 0, 0, 0).write(link.out(), Header.SIZE);
        link.call(Command.DEVICE_GET_REGION_INFO, RegionInfo.SIZE, argsz, List.of());
        RegionInfo info = RegionInfo.read(link.reply().segment(), link.reply().body());
        if (info.index() != index || info.argsz() < argsz || info.size() < 0) {
            throw link.broken(
                    Command.DEVICE_GET_REGION_INFO,
                    "index " + info.index() + " argsz " + info.argsz() + " size " + info.size());
        }
        return info;
    }

    /** The areas that a reply names; null if it names none, so that the whole region can be mapped. */
    private @Nullable List<Area> areas(RegionInfo info) {
        if ((info.flags() & RegionInfo.CAPS) == 0) {
            return null;
        }
        MessageReader reply = link.reply();
        MemorySegment in = reply.segment();
        int size = reply.bodySize();
        long cap = info.capOffset();
        long least = RegionInfo.SIZE;
        while (cap != 0) {
            // Each capability must come after the one before, else the chain could be a circle.
            if (cap < least || cap > size - SparseMmap.SIZE) {
                throw link.broken(Command.DEVICE_GET_REGION_INFO, "capability at " + cap + " of " + size);
            }
            if (SparseMmap.id(in, reply.body() + cap) == SparseMmap.ID) {
                return areasAt(cap, size);
            }
            least = cap + SparseMmap.CAP_SIZE;
            cap = SparseMmap.next(in, reply.body() + cap);
        }
        return null;
    }

    private List<Area> areasAt(long cap, int size) {
        MemorySegment in = link.reply().segment();
        long at = link.reply().body() + cap;
        long count = SparseMmap.areas(in, at);
        if (count > (size - cap - SparseMmap.SIZE) / SparseMmap.AREA_SIZE) {
            throw link.broken(Command.DEVICE_GET_REGION_INFO, count + " areas in " + size + " bytes");
        }
        List<Area> areas = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // An empty area is none.
            if (SparseMmap.size(in, at, i) != 0) {
                areas.add(area(SparseMmap.offset(in, at, i), SparseMmap.size(in, at, i)));
            }
        }
        return areas;
    }

    private Area area(long offset, long size) {
        try {
            return new Area(offset, size);
        } catch (IllegalArgumentException e) {
            throw link.broken(Command.DEVICE_GET_REGION_INFO, "bad area: " + e.getMessage());
        }
    }
}
