package dev.nacre.hw.fsp;

/**
 * The head of every packet: an MCTP transport header, then the header of a vendor-defined message (NVDM), 32 bits each;
 * the payload follows. A message that fits one packet is both its first and its last.
 */
// HW: open-gpu-kernel-modules src/nvidia/inc/kernel/gpu/fsp/fsp_mctp_format.h (MCTP_HEADER, MCTP_MSG_HEADER) and
// fsp_nvdm_format.h (NVDM_TYPE); nouveau nvkm/subdev/fsp/gh100.c
public final class FspPacket {
    /** Offset of the transport header. */
    public static final int MCTP_HEADER = 0;

    /** Offset of the message header. */
    public static final int NVDM_HEADER = 4;

    /** Offset of the payload. */
    public static final int PAYLOAD = 8;

    /** In the transport header: this is the message's first packet. */
    public static final int MCTP_SOM = 1 << 31;

    /** In the transport header: this is the message's last packet. */
    public static final int MCTP_EOM = 1 << 30;

    /** The transport header of a message of one packet. */
    public static final int MCTP_SINGLE_PACKET = MCTP_SOM | MCTP_EOM;

    /** NVDM type: chain of trust, see {@link FspCot}. */
    public static final int NVDM_TYPE_COT = 0x14;

    /** NVDM type: what the FSP says to a command, see {@link FspResponse}. */
    public static final int NVDM_TYPE_FSP_RESPONSE = 0x15;

    private static final int TYPE_VENDOR_PCI = 0x7e;
    private static final int VENDOR_ID_NV = 0x10de;
    private static final int TYPE_AND_VENDOR_MASK = 0x00ff_ff7f;

    private FspPacket() {}

    /** Whether a transport header is that of a message of one packet. */
    public static boolean isSinglePacket(int mctpHeader) {
        return (mctpHeader & MCTP_SINGLE_PACKET) == MCTP_SINGLE_PACKET;
    }

    /**
     * The header of a message.
     *
     * @param nvdmType 0 to 0xff
     */
    public static int nvdmHeader(int nvdmType) {
        return nvdmType << 24 | VENDOR_ID_NV << 8 | TYPE_VENDOR_PCI;
    }

    /** Whether a message header is one of NVIDIA's. */
    public static boolean isNvdm(int nvdmHeader) {
        return (nvdmHeader & TYPE_AND_VENDOR_MASK) == (VENDOR_ID_NV << 8 | TYPE_VENDOR_PCI);
    }

    /** The type that a message header names, 0 to 0xff. */
    public static int nvdmType(int nvdmHeader) {
        return nvdmHeader >>> 24;
    }
}
