package dev.nacre.hw.rm;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The RM classes that every chip has and a driver allocates on the GSP. Those of one chip generation (3D, compute, copy,
 * channel, display) are not here. Names and numbers are NVIDIA's.
 */
// HW: open-gpu-kernel-modules, src/common/sdk/nvidia/inc/class/; which are allocated on the GSP:
// src/nvidia/src/kernel/rmapi/resource_list.h, flag RS_FLAGS_ALLOC_RPC_TO_PHYS_RM.
public enum RmClass {
    /** A client. */
    NV01_ROOT(0x0000, ClassKind.CLIENT),
    /** A client without privileges. */
    NV01_ROOT_NON_PRIV(0x0001, ClassKind.CLIENT),
    /** A client, as user space asks for it. */
    NV01_ROOT_CLIENT(0x0041, ClassKind.CLIENT),
    /** A context DMA. */
    NV01_CONTEXT_DMA(0x0002, ClassKind.OTHER),
    /** The timer. */
    NV01_TIMER(0x0004, ClassKind.OTHER),
    /** An event. */
    NV01_EVENT(0x0005, ClassKind.EVENT),
    /** System memory. */
    NV01_MEMORY_SYSTEM(0x003e, ClassKind.MEMORY),
    /** Video memory. */
    NV01_MEMORY_LOCAL_USER(0x0040, ClassKind.MEMORY),
    /** A boost group. */
    NV0060_SYNC_GPU_BOOST(0x0060, ClassKind.OTHER),
    /** A range of virtual addresses. */
    NV01_MEMORY_VIRTUAL(0x0070, ClassKind.MEMORY),
    /** Display controls. */
    NV04_DISPLAY_COMMON(0x0073, ClassKind.DISPLAY_COMMON),
    /** An event with a callback, old form. */
    NV01_EVENT_KERNEL_CALLBACK(0x0078, ClassKind.EVENT),
    /** An event of the operating system. */
    NV01_EVENT_OS_EVENT(0x0079, ClassKind.EVENT),
    /** Software test class. */
    NV04_SOFTWARE_TEST(0x007d, ClassKind.CHANNEL_OBJECT),
    /** An event with a callback. */
    NV01_EVENT_KERNEL_CALLBACK_EX(0x007e, ClassKind.EVENT),
    /** A device. */
    NV01_DEVICE_0(0x0080, ClassKind.DEVICE),
    /** System memory by a list of pages. */
    NV01_MEMORY_LIST_SYSTEM(0x0081, ClassKind.MEMORY),
    /** Video memory by a list of pages. */
    NV01_MEMORY_LIST_FBMEM(0x0082, ClassKind.MEMORY),
    /** Memory in which RM publishes live figures. */
    RM_USER_SHARED_DATA(0x00de, ClassKind.OTHER),
    /** A subdevice. */
    NV20_SUBDEVICE_0(0x2080, ClassKind.SUBDEVICE),
    /** Binary interface. */
    NV2081_BINAPI(0x2081, ClassKind.OTHER),
    /** Binary interface, privileged. */
    NV2082_BINAPI_PRIVILEGED(0x2082, ClassKind.OTHER),
    /** Diagnostics of a subdevice. */
    NV20_SUBDEVICE_DIAG(0x208f, ClassKind.OTHER),
    /** I2C. */
    NV40_I2C(0x402c, ClassKind.OTHER),
    /** A range of virtual addresses, old form. */
    NV50_MEMORY_VIRTUAL(0x50a0, ClassKind.MEMORY),
    /** Deferred calls. */
    NV50_DEFERRED_API_CLASS(0x5080, ClassKind.CHANNEL_OBJECT),
    /** The debugger. */
    GT200_DEBUGGER(0x83de, ClassKind.OTHER),
    /** 2D class. */
    FERMI_TWOD_A(0x902d, ClassKind.CHANNEL_OBJECT),
    /** A share of a group's address space. */
    FERMI_CONTEXT_SHARE_A(0x9067, ClassKind.CONTEXT_SHARE),
    /** Software display methods. */
    GF100_DISP_SW(0x9072, ClassKind.CHANNEL_OBJECT),
    /** Timed semaphores. */
    GF100_TIMED_SEMAPHORE_SW(0x9074, ClassKind.CHANNEL_OBJECT),
    /** Zero-bandwidth clear tables. */
    GF100_ZBC_CLEAR(0x9096, ClassKind.OTHER),
    /** Master of a subdevice. */
    GF100_SUBDEVICE_MASTER(0x90e6, ClassKind.OTHER),
    /** InfoROM of a subdevice. */
    GF100_SUBDEVICE_INFOROM(0x90e7, ClassKind.OTHER),
    /** HD audio codec. */
    GF100_HDACODEC(0x90ec, ClassKind.OTHER),
    /** An address space. */
    FERMI_VASPACE_A(0x90f1, ClassKind.VA_SPACE),
    /** A group of channels. */
    KEPLER_CHANNEL_GROUP_A(0xa06c, ClassKind.CHANNEL_GROUP),
    /** Profiler. */
    MAXWELL_PROFILER_DEVICE(0xb2cc, ClassKind.OTHER),
    /** Doorbell page. */
    VOLTA_USERMODE_A(0xc361, ClassKind.OTHER),
    /** Buffer of access counter notifications. */
    ACCESS_COUNTER_NOTIFY_BUFFER(0xc365, ClassKind.OTHER),
    /** Buffer of MMU faults. */
    MMU_FAULT_BUFFER(0xc369, ClassKind.OTHER),
    /** A channel, as the watchdog of NVIDIA's module asks for it on every chip. */
    VOLTA_CHANNEL_GPFIFO_A(0xc36f, ClassKind.CHANNEL),
    /** Display capabilities. */
    NVC372_DISPLAY_SW(0xc372, ClassKind.OTHER),
    /** Doorbell page. */
    TURING_USERMODE_A(0xc461, ClassKind.OTHER),
    /** Doorbell page. */
    AMPERE_USERMODE_A(0xc561, ClassKind.OTHER),
    /** Doorbell page. */
    HOPPER_USERMODE_A(0xc661, ClassKind.OTHER),
    /** Doorbell page. */
    BLACKWELL_USERMODE_A(0xc761, ClassKind.OTHER),
    /** Keeps a channel for UVM. */
    UVM_CHANNEL_RETAINER(0xc574, ClassKind.OTHER);

    private static final Map<Integer, RmClass> BY_NUMBER =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(RmClass::number, c -> c));

    private final int number;
    private final ClassKind kind;

    RmClass(int number, ClassKind kind) {
        this.number = number;
        this.kind = kind;
    }

    /** The number in an allocation. */
    public int number() {
        return number;
    }

    /** Its role in the tree. */
    public ClassKind kind() {
        return kind;
    }

    /** The class with a number, or null if every chip lacks it. */
    public static @Nullable RmClass of(int number) {
        return BY_NUMBER.get(number);
    }
}
