package dev.nacre.corejava.vbios;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.falcon.FalconUcode;
import dev.nacre.corejava.io.HostileBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * FWSEC: the firmware in the VBIOS that runs on the GSP's falcon, with its signatures.
 *
 * @param imem code
 * @param imemAddress where in code memory it goes
 * @param imemVirtualAddress tag of its first block
 * @param dmem data
 * @param dmemAddress where in data memory it goes
 * @param signatureOffset where in the data a signature is put
 * @param interfaceOffset where in the data its table of interfaces is
 * @param engineIdMask engines that it is for
 * @param ucodeId its number among theirs
 * @param signatureVersions fuse versions, a bit each, that have a signature
 * @param signatures lowest version first
 */
public record Fwsec(
        HostileBytes imem,
        int imemAddress,
        int imemVirtualAddress,
        HostileBytes dmem,
        int dmemAddress,
        int signatureOffset,
        int interfaceOffset,
        int engineIdMask,
        int ucodeId,
        int signatureVersions,
        List<HostileBytes> signatures) {
    /** What FWSEC can be told to do. */
    public enum Command {
        /** Makes the protected region that holds FRTS. */
        FRTS(0x15),
        /** Readies the falcon for the end of the GSP's firmware. */
        SB(0x19);

        private final int code;

        // HW: nouveau nvkm/subdev/gsp/fwsec.c; nova-core firmware/fwsec.rs
        Command(int code) {
            this.code = code;
        }
    }

    // HW: falcon ucode descriptor, version 3: open-gpu-kernel-modules kernel_gsp_fwsec.c
    private static final int DESCRIPTOR_VERSION = 3;
    private static final int DESCRIPTOR_BYTES = 0x2c;
    private static final int SIGNATURE_BYTES = 384;
    private static final int PKC_DATA_OFFSET = 0x08;
    private static final int INTERFACE_OFFSET = 0x0c;
    private static final int IMEM_PHYS_BASE = 0x10;
    private static final int IMEM_LOAD_SIZE = 0x14;
    private static final int IMEM_VIRT_BASE = 0x18;
    private static final int DMEM_PHYS_BASE = 0x1c;
    private static final int DMEM_LOAD_SIZE = 0x20;
    private static final int ENGINE_ID_MASK = 0x24;
    private static final int UCODE_ID = 0x26;
    private static final int SIGNATURE_COUNT = 0x27;
    private static final int SIGNATURE_VERSIONS = 0x28;

    // HW: nova-core firmware/fwsec.rs, nouveau include/nvfw: table of interfaces, DMEMMAPPER version 3 and its commands
    private static final int INTERFACE_DMEMMAPPER = 4;
    private static final int MAPPER_SIGNATURE = 0x50414d44;
    private static final int MAPPER_COMMAND_BUFFER = 0x08;
    private static final int MAPPER_COMMAND_BUFFER_SIZE = 0x0c;
    private static final int MAPPER_INIT_COMMAND = 0x2c;
    private static final int MAPPER_BYTES = 0x40;
    private static final int READ_VBIOS_BYTES = 24;
    private static final int READ_VBIOS_FLAGS = 2;
    private static final int FRTS_REGION_BYTES = 20;
    private static final int FRTS_MEDIA_FRAMEBUFFER = 2;

    /** Makes it. */
    public Fwsec {
        signatures = List.copyOf(signatures);
    }

    static Fwsec parse(HostileBytes rom, long at) {
        int head = rom.intAt(at);
        int version = head >>> 8 & 0xff;
        rom.require((head & 1) != 0 && version == DESCRIPTOR_VERSION, "FWSEC descriptor of version " + version);
        long imemBytes = rom.uintAt(at + IMEM_LOAD_SIZE);
        long dmemBytes = rom.uintAt(at + DMEM_LOAD_SIZE);
        int count = rom.byteAt(at + SIGNATURE_COUNT);
        int versions = rom.shortAt(at + SIGNATURE_VERSIONS);
        rom.require(
                Integer.bitCount(versions) == count,
                count + " FWSEC signatures for " + Integer.toBinaryString(versions));
        List<HostileBytes> signatures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            signatures.add(rom.part(at + DESCRIPTOR_BYTES + (long) i * SIGNATURE_BYTES, SIGNATURE_BYTES));
        }
        // HW: the size of the descriptor counts its signatures; the images follow.
        long image = at + (head >>> 16);
        return new Fwsec(
                rom.part(image, imemBytes),
                rom.intAt(at + IMEM_PHYS_BASE),
                rom.intAt(at + IMEM_VIRT_BASE),
                rom.part(image + imemBytes, dmemBytes),
                rom.intAt(at + DMEM_PHYS_BASE),
                rom.intAt(at + PKC_DATA_OFFSET),
                rom.intAt(at + INTERFACE_OFFSET),
                rom.shortAt(at + ENGINE_ID_MASK),
                rom.byteAt(at + UCODE_ID),
                versions,
                signatures);
    }

    /**
     * The firmware, signed for a board and told what to do.
     *
     * @param fuseVersion least version that the board takes
     * @param frtsAddress where FRTS is to be, for {@link Command#FRTS}
     * @param frtsBytes its size
     * @throws CoreException with {@link CoreError#IO} if there is no signature for the board, or the data are malformed
     */
    public FalconUcode ucode(Command command, int fuseVersion, long frtsAddress, long frtsBytes) {
        byte[] bytes = dmem.copy();
        ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long mapper = mapper();
        dmem.require(dmem.contains(mapper, MAPPER_BYTES), "DMEMMAPPER at " + mapper);
        data.putInt((int) mapper + MAPPER_INIT_COMMAND, command.code);
        if (command == Command.FRTS) {
            putFrts(data, mapper, frtsAddress, frtsBytes);
        }
        HostileBytes signature = signature(fuseVersion);
        dmem.require(dmem.contains(signatureOffset, signature.size()), "signature at " + signatureOffset);
        data.put(signatureOffset, signature.copy());
        return new FalconUcode(
                "FWSEC",
                imem,
                imemAddress,
                imemVirtualAddress,
                new HostileBytes("FWSEC", bytes),
                dmemAddress,
                signatureOffset,
                engineIdMask,
                ucodeId,
                0);
    }

    private HostileBytes signature(int fuseVersion) {
        int bit = fuseVersion < Short.SIZE ? 1 << fuseVersion : 0;
        dmem.require(
                (signatureVersions & bit) != 0,
                "no signature for version " + fuseVersion + " among " + Integer.toBinaryString(signatureVersions));
        return signatures.get(Integer.bitCount(signatureVersions & (bit - 1)));
    }

    private long mapper() {
        long table = Integer.toUnsignedLong(interfaceOffset);
        int header = dmem.byteAt(table + 1);
        int entry = dmem.byteAt(table + 2);
        int count = dmem.byteAt(table + 3);
        for (int i = 0; i < count; i++) {
            long at = table + header + (long) i * entry;
            if (dmem.intAt(at) == INTERFACE_DMEMMAPPER) {
                long mapper = dmem.uintAt(at + Integer.BYTES);
                dmem.require(dmem.intAt(mapper) == MAPPER_SIGNATURE, "DMEMMAPPER at " + mapper);
                return mapper;
            }
        }
        throw dmem.broken("no DMEMMAPPER among " + count + " interfaces");
    }

    private void putFrts(ByteBuffer data, long mapper, long address, long bytes) {
        long at = dmem.uintAt(mapper + MAPPER_COMMAND_BUFFER);
        long room = dmem.uintAt(mapper + MAPPER_COMMAND_BUFFER_SIZE);
        int needed = READ_VBIOS_BYTES + FRTS_REGION_BYTES;
        dmem.require(room >= needed && dmem.contains(at, needed), "command buffer of " + room + " bytes at " + at);
        data.position((int) at);
        // How to read the VBIOS: version, size, address, size, flags.
        data.putInt(1).putInt(READ_VBIOS_BYTES).putLong(0).putInt(0).putInt(READ_VBIOS_FLAGS);
        // Where FRTS goes: version, size, address and size in pages, kind of memory.
        data.putInt(1).putInt(FRTS_REGION_BYTES).putInt((int) (address >>> 12)).putInt((int) (bytes >>> 12));
        data.putInt(FRTS_MEDIA_FRAMEBUFFER);
    }
}
