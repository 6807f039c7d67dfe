package dev.nacre.hw.rm;

/** What RM answers. Names and numbers are NVIDIA's. */
// HW: open-gpu-kernel-modules, src/common/sdk/nvidia/inc/nvstatuscodes.h
public enum RmStatus {
    /** Done. */
    NV_OK(0x00),
    /** A handle is in use already. */
    NV_ERR_INSERT_DUPLICATE_NAME(0x19),
    /** A limit on objects is reached. */
    NV_ERR_INSUFFICIENT_RESOURCES(0x1a),
    /** An address is impossible. */
    NV_ERR_INVALID_ADDRESS(0x1e),
    /** A value is impossible. */
    NV_ERR_INVALID_ARGUMENT(0x1f),
    /** A channel is impossible or taken. */
    NV_ERR_INVALID_CHANNEL(0x21),
    /** There is no such class. */
    NV_ERR_INVALID_CLASS(0x22),
    /** There is no such client. */
    NV_ERR_INVALID_CLIENT(0x23),
    /** An object's kind cannot take this. */
    NV_ERR_INVALID_OBJECT(0x31),
    /** There is no such object. */
    NV_ERR_INVALID_OBJECT_HANDLE(0x33),
    /** The new object's handle is impossible. */
    NV_ERR_INVALID_OBJECT_NEW(0x34),
    /** The parent is missing or of a kind that has no such children. */
    NV_ERR_INVALID_OBJECT_PARENT(0x36),
    /** Parameters are of an impossible size. */
    NV_ERR_INVALID_PARAM_STRUCT(0x3a),
    /** This is not possible now. */
    NV_ERR_INVALID_STATE(0x40),
    /** This board does not do that. */
    NV_ERR_NOT_SUPPORTED(0x56),
    /** Nothing has that name. */
    NV_ERR_OBJECT_NOT_FOUND(0x57),
    /** What this is about is in use. */
    NV_ERR_STATE_IN_USE(0x63);

    private final int code;

    RmStatus(int code) {
        this.code = code;
    }

    /** The number in a reply. */
    public int code() {
        return code;
    }
}
