package dev.nacre.drm.nouveau;

import dev.nacre.core.BoardInfo;
import dev.nacre.drm.Access;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.IoctlCall;
import dev.nacre.drm.nouveau.Uapi.DeviceInfo;
import dev.nacre.drm.nouveau.Uapi.NvifMthd;
import dev.nacre.drm.nouveau.Uapi.NvifNew;
import dev.nacre.drm.nouveau.Uapi.NvifSclass;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * NVIF: what is left of nouveau's interface of objects. Clients ask what the device is, which classes a channel can have,
 * and make objects of them.
 */
// HW: nouveau_abi16.c, nouveau_abi16_ioctl() and what it calls
final class NvifIoctl {
    private static final int NR = 0x07;
    private static final int HEADER = Uapi.NvifIoctl.BYTES;

    private final NouveauDriver driver;

    NvifIoctl(NouveauDriver driver) {
        this.driver = driver;
    }

    List<Ioctl> all() {
        // Its size differs from call to call, and what comes of it goes back in place.
        return List.of(new Ioctl(Uapi.COMMAND_BASE + NR, "NOUVEAU_NVIF", 0, Set.of(Access.RENDER_ALLOW), this::nvif));
    }

    private void nvif(IoctlCall call) {
        MemorySegment arg = call.arg();
        long bytes = arg.byteSize() - HEADER;
        require(bytes >= 0, "Call is too short");
        int route = uint8(arg, Uapi.NvifIoctl.ROUTE);
        require(uint8(arg, Uapi.NvifIoctl.VERSION) == 0, "Version is unknown");
        require(route == 0 || route == Uapi.NvifIoctl.ROUTE_HIDDEN, "Route is unknown");
        NouveauFile file = NouveauFile.of(call.file());
        switch (uint8(arg, Uapi.NvifIoctl.TYPE)) {
            case Uapi.NvifIoctl.TYPE_SCLASS -> sclass(file, arg, route, bytes);
            case Uapi.NvifIoctl.TYPE_NEW -> create(file, arg, route, bytes);
            case Uapi.NvifIoctl.TYPE_DEL -> {
                require(route == 0 && bytes == 0, "Call is impossible");
                file.removeNvifObject(object(arg));
            }
            case Uapi.NvifIoctl.TYPE_MTHD -> method(file, arg, route, bytes);
            default -> throw new DrmException(Errno.EINVAL, "Type is unknown");
        }
    }

    /** Which classes a channel can have. */
    private static void sclass(NouveauFile file, MemorySegment arg, int route, long bytes) {
        require(route != 0 && bytes >= NvifSclass.BYTES, "Call is impossible");
        int room = uint8(arg, HEADER + NvifSclass.COUNT);
        require(bytes - NvifSclass.BYTES == (long) room * NvifSclass.CLASS_BYTES, "Room is another");
        List<Integer> classes = file.requireChannel(token(arg), Errno.EINVAL).classes();
        for (int i = 0; i < Math.min(room, classes.size()); i++) {
            long at = HEADER + NvifSclass.BYTES + (long) i * NvifSclass.CLASS_BYTES;
            Uapi.put32(arg, at + NvifSclass.CLASS, classes.get(i));
            // HW: versions from -1 to -1: none
            Uapi.put32(arg, at + NvifSclass.MIN_VERSION, -1);
        }
        arg.set(ValueLayout.JAVA_BYTE, HEADER + NvifSclass.COUNT, (byte) classes.size());
    }

    private static void create(NouveauFile file, MemorySegment arg, int route, long bytes) {
        require(bytes >= NvifNew.BYTES, "Call is too short");
        require(uint8(arg, HEADER + NvifNew.VERSION) == 0, "Version is unknown");
        long name = Uapi.int64(arg, HEADER + NvifNew.OBJECT);
        int objectClass = Uapi.int32(arg, HEADER + NvifNew.CLASS);
        if (route == 0) {
            require(object(arg) == 0 && objectClass == NvifNew.CLASS_DEVICE, "Only devices are made so");
            file.addNvifObject(name, true);
            return;
        }
        NouveauChannel channel = file.requireChannel(token(arg), Errno.EINVAL);
        require(channel.classes().contains(objectClass), "Channel cannot have that class");
        file.addNvifObject(name, false);
    }

    private void method(NouveauFile file, MemorySegment arg, int route, long bytes) {
        require(route == 0 && bytes >= NvifMthd.BYTES, "Call is impossible");
        require(file.isNvifDevice(object(arg)), "Not a device");
        require(
                uint8(arg, HEADER + NvifMthd.METHOD) == NvifMthd.DEVICE_INFO
                        && bytes == NvifMthd.BYTES + DeviceInfo.BYTES,
                "Method is unknown");
        MemorySegment info = arg.asSlice(HEADER + NvifMthd.BYTES);
        require(uint8(info, DeviceInfo.VERSION) == 0, "Version is unknown");
        fill(info.fill((byte) 0));
    }

    private void fill(MemorySegment info) {
        BoardInfo board = driver.board();
        int chipset = board.silicon().chipset();
        put8(info, DeviceInfo.PLATFORM, DeviceInfo.PLATFORM_PCIE);
        put8(info, DeviceInfo.CHIPSET, chipset);
        put8(info, DeviceInfo.CHIPSET + 1, chipset >>> Byte.SIZE);
        put8(info, DeviceInfo.REVISION, board.silicon().revision());
        put8(info, DeviceInfo.FAMILY, family(chipset));
        Uapi.put64(info, DeviceInfo.RAM_SIZE, board.fbBytes());
        Uapi.put64(info, DeviceInfo.RAM_USER, driver.memory().vramBytes());
        text(info, DeviceInfo.CHIP, DeviceInfo.CHIP_BYTES, board.chip());
        text(info, DeviceInfo.NAME, DeviceInfo.NAME_BYTES, board.name());
    }

    // HW: cl0080.h: NV_DEVICE_INFO_V0_TURING and its followers, by the chipset's family
    private static int family(int chipset) {
        return switch (chipset & 0x1f0) {
            case 0x160 -> 0x0c;
            case 0x170 -> 0x0d;
            case 0x180 -> 0x0f;
            case 0x190 -> 0x0e;
            default -> 0x10;
        };
    }

    private static void text(MemorySegment info, long offset, int room, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, info, offset, Math.min(bytes.length, room - 1));
    }

    private static long token(MemorySegment arg) {
        return Uapi.int64(arg, Uapi.NvifIoctl.TOKEN);
    }

    private static long object(MemorySegment arg) {
        return Uapi.int64(arg, Uapi.NvifIoctl.OBJECT);
    }

    private static int uint8(MemorySegment at, long offset) {
        return Byte.toUnsignedInt(at.get(ValueLayout.JAVA_BYTE, offset));
    }

    private static void put8(MemorySegment at, long offset, int value) {
        at.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
    }

    private static void require(boolean good, String otherwise) {
        if (!good) {
            throw new DrmException(Errno.EINVAL, otherwise);
        }
    }
}
