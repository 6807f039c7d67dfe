package dev.nacre.testsupport.driver;

import java.util.List;

/**
 * FWSEC, the signed firmware in the VBIOS that prepares the GSP's memory.
 *
 * @param imem code image
 * @param dmem data image, unpatched
 * @param imemAddress where in IMEM the code goes
 * @param imemVirtualAddress the tag of its first block
 * @param dmemAddress where in DMEM the data goes
 * @param signatureOffset where in the data the signature goes
 * @param interfaceOffset where in the data the application interface table is
 * @param engineIdMask engines that it is for
 * @param ucodeId its number among them
 * @param signatureVersions fuse versions, a bit each, that have a signature
 * @param signatures the signatures, lowest version first
 */
record FwsecUcode(
        Words imem,
        Words dmem,
        int imemAddress,
        int imemVirtualAddress,
        int dmemAddress,
        int signatureOffset,
        int interfaceOffset,
        int engineIdMask,
        int ucodeId,
        int signatureVersions,
        List<Words> signatures) {
    /** Commands that FWSEC takes. */
    enum Command {
        /** Makes the write-protected region that holds FRTS. */
        FRTS(0x15),
        /** Readies the falcon for the end of the GSP's firmware. */
        SB(0x19);

        private final int code;

        // HW: nouveau nvkm/subdev/gsp/fwsec.c; nova-core firmware/fwsec.rs
        Command(int code) {
            this.code = code;
        }
    }

    // HW: nova-core firmware/fwsec.rs and nouveau include/nvfw/fwsec: application interface table, DMEMMAPPER v3.
    private static final int INTERFACE_VERSION = 1;
    private static final int INTERFACE_ID_DMEMMAPPER = 4;
    private static final int MAPPER_SIGNATURE = 0x50414d44; // "DMAP"
    private static final int MAPPER_VERSION = 3;
    private static final int MAPPER_COMMAND_BUFFER = 0x08;
    private static final int MAPPER_COMMAND_BUFFER_SIZE = 0x0c;
    private static final int MAPPER_INIT_COMMAND = 0x2c;
    private static final int READ_VBIOS_BYTES = 24;
    private static final int FRTS_REGION_BYTES = 20;
    private static final int FRTS_MEDIA_FRAMEBUFFER = 2;

    /**
     * The data image as it is loaded: signed, and told what to do.
     *
     * @param signature one of {@link #signatures}
     * @param frtsAddress where the FRTS region is to be; used by {@link Command#FRTS}
     * @param frtsBytes its size
     */
    Words patched(Command command, Words signature, long frtsAddress, long frtsBytes, Check check) {
        Words data = new Words(dmem.bytes().clone());
        int mapper = mapper(data, check);
        data.putInt(mapper + MAPPER_INIT_COMMAND, command.code);
        if (command == Command.FRTS) {
            int at = data.intAt(mapper + MAPPER_COMMAND_BUFFER);
            check.that(
                    "FWSEC command buffer",
                    data.intAt(mapper + MAPPER_COMMAND_BUFFER_SIZE) >= READ_VBIOS_BYTES + FRTS_REGION_BYTES,
                    "44 bytes or more",
                    data.intAt(mapper + MAPPER_COMMAND_BUFFER_SIZE) + " bytes");
            putReadVbios(data, at);
            putFrtsRegion(data, at + READ_VBIOS_BYTES, frtsAddress, frtsBytes);
        }
        data.putBytes(signatureOffset, signature.bytes());
        return data;
    }

    private int mapper(Words data, Check check) {
        check.equal("FWSEC interface table version", INTERFACE_VERSION, data.byteAt(interfaceOffset));
        int header = data.byteAt(interfaceOffset + 1);
        int entry = data.byteAt(interfaceOffset + 2);
        int count = data.byteAt(interfaceOffset + 3);
        for (int i = 0; i < count; i++) {
            int at = interfaceOffset + header + i * entry;
            if (data.intAt(at) == INTERFACE_ID_DMEMMAPPER) {
                int mapper = data.intAt(at + 4);
                check.equal("DMEMMAPPER signature", MAPPER_SIGNATURE, data.intAt(mapper));
                check.equal("DMEMMAPPER version", MAPPER_VERSION, data.shortAt(mapper + 4));
                return mapper;
            }
        }
        throw check.failure("FWSEC interface table", "an entry for DMEMMAPPER", count + " others");
    }

    private static void putReadVbios(Words data, int at) {
        data.putInt(at, 1);
        data.putInt(at + 4, READ_VBIOS_BYTES);
        data.putLong(at + 8, 0);
        data.putInt(at + 16, 0);
        data.putInt(at + 20, 2);
    }

    private static void putFrtsRegion(Words data, int at, long address, long bytes) {
        data.putInt(at, 1);
        data.putInt(at + 4, FRTS_REGION_BYTES);
        data.putInt(at + 8, (int) (address >>> 12));
        data.putInt(at + 12, (int) (bytes >>> 12));
        data.putInt(at + 16, FRTS_MEDIA_FRAMEBUFFER);
    }
}
