package dev.nacre.hw.mmu;

/** NV_PFAULT_FAULT_TYPE: why an access could not be translated. */
// HW: open-gpu-kernel-modules published/volta/gv100/dev_fault.h
public final class FaultType {
    /** NV_PFAULT_FAULT_TYPE_PDE: no directory or table. */
    public static final int PDE = 0;

    /** NV_PFAULT_FAULT_TYPE_PTE: the page is not mapped. */
    public static final int PTE = 2;

    /** NV_PFAULT_FAULT_TYPE_VA_LIMIT_VIOLATION: the address is too large. */
    public static final int VA_LIMIT_VIOLATION = 3;

    /** NV_PFAULT_FAULT_TYPE_UNBOUND_INST_BLOCK: the channel has no page directory. */
    public static final int UNBOUND_INST_BLOCK = 4;

    /** NV_PFAULT_FAULT_TYPE_RO_VIOLATION: a write to a read-only page. */
    public static final int RO_VIOLATION = 6;

    /** NV_PFAULT_FAULT_TYPE_UNSUPPORTED_APERTURE: the page lies where nothing answers. */
    public static final int UNSUPPORTED_APERTURE = 0xa;

    /** NV_PFAULT_FAULT_TYPE_UNSUPPORTED_KIND: the page's kind is invalid. */
    public static final int UNSUPPORTED_KIND = 0xc;

    /** NV_PFAULT_FAULT_TYPE_REGION_VIOLATION: the page lies outside the board's memory. */
    public static final int REGION_VIOLATION = 0xd;

    /** NV_PFAULT_FAULT_TYPE_ATOMIC_VIOLATION: an atomic operation on a page that forbids them. */
    public static final int ATOMIC_VIOLATION = 0xf;

    private FaultType() {}
}
