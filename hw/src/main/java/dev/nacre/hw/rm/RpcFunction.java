package dev.nacre.hw.rm;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What records in the GSP's queues ask for, and events that the GSP sends. Numbers are never reused. */
// HW: open-gpu-kernel-modules, src/nvidia/inc/kernel/vgpu/rpc_global_enums.h
public enum RpcFunction {
    /** Versions of the driver. */
    SET_GUEST_SYSTEM_INFO(1),
    /** Describes memory by its pages. */
    ALLOC_MEMORY(4),
    /** Frees an object and what hangs under it. */
    FREE(10),
    /** Makes an object known to another client. */
    DUP_OBJECT(21),
    /** Waits for channels to be idle. */
    IDLE_CHANNELS(22),
    /** The driver goes, or suspends. */
    UNLOADING_GUEST_DRIVER(47),
    /** Gives an address space its page directory. */
    SET_PAGE_DIRECTORY(54),
    /** More about the driver. */
    SET_GUEST_SYSTEM_INFO_EXT(64),
    /** What never changes. */
    GET_GSP_STATIC_INFO(65),
    /** Sets the first entry of a BAR's page directory. */
    UPDATE_BAR_PDE(70),
    /** More bytes of the record before. */
    CONTINUATION_RECORD(71),
    /** The system that the board sits in. */
    GSP_SET_SYSTEM_INFO(72),
    /** Settings. */
    SET_REGISTRY(73),
    /** A control. */
    GSP_RM_CONTROL(76),
    /** State for a bug report. */
    DUMP_PROTOBUF_COMPONENT(78),
    /** Takes an address space its page directory. */
    UNSET_PAGE_DIRECTORY(79),
    /** Makes an object. */
    GSP_RM_ALLOC(103),
    /** Stops channels. */
    DISABLE_CHANNELS(178),
    /** Forgets translations. */
    INVALIDATE_TLB(200),
    /** An error was noted. */
    ECC_NOTIFIER_WRITE_ACK(202),
    /** Event: the firmware is up. */
    GSP_INIT_DONE(0x1001),
    /** Event: register accesses that the driver is to make. */
    GSP_RUN_CPU_SEQUENCER(0x1002),
    /** Event: something that a client asked to be told of. */
    POST_EVENT(0x1003),
    /** Event: a channel failed. */
    RC_TRIGGERED(0x1004),
    /** Event: there are MMU faults. */
    MMU_FAULT_QUEUED(0x1005),
    /** Event: a line for the driver's log. */
    OS_ERROR_LOG(0x1006),
    /** Event: how busy the engines are. */
    GPUACCT_PERFMON_UTIL_SAMPLES(0x1008),
    /** Event: a virtual GPU's plugin has something to say. */
    VGPU_GSP_PLUGIN_TRIGGERED(0x100d);

    /** Result of a record whose function nobody knows: NV_VGPU_MSG_RESULT_RPC_UNKNOWN_FUNCTION. */
    // HW: open-gpu-kernel-modules, src/nvidia/inc/kernel/vgpu/rpc_headers.h
    public static final int RESULT_UNKNOWN_FUNCTION = 0xff100001;

    private static final Map<Integer, RpcFunction> BY_NUMBER =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(RpcFunction::number, f -> f));

    private final int number;

    RpcFunction(int number) {
        this.number = number;
    }

    /** The number in a record. */
    public int number() {
        return number;
    }

    /** The function with a number, or null. */
    public static @Nullable RpcFunction of(int number) {
        return BY_NUMBER.get(number);
    }

    /** A name for any number. */
    public static String nameOf(int number) {
        RpcFunction known = of(number);
        return known != null ? known.name() : "RPC " + number;
    }
}
