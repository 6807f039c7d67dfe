package dev.nacre.hw.rm;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The RM controls that mean something to this board, by NVIDIA's names. The number is that of release 570; where another
 * release numbers otherwise its {@link dev.nacre.hw.gsp.GspAbi} knows.
 */
// HW: open-gpu-kernel-modules, src/common/sdk/nvidia/inc/ctrl/
public enum RmControl {
    /** Number of heads. */
    NV0073_CTRL_CMD_SYSTEM_GET_NUM_HEADS(0x00730102),
    /** Mask of all displays. */
    NV0073_CTRL_CMD_SYSTEM_GET_SUPPORTED(0x00730107),
    /** Which of some displays have a monitor. */
    NV0073_CTRL_CMD_SYSTEM_GET_CONNECT_STATE(0x00730108),
    /** Which display a head shows. */
    NV0073_CTRL_CMD_SYSTEM_GET_ACTIVE(0x0073010c),
    /** A monitor's EDID. */
    NV0073_CTRL_CMD_SPECIFIC_GET_EDID_V2(0x00730245),
    /** A display's connector. */
    NV0073_CTRL_CMD_SPECIFIC_GET_CONNECTOR_DATA(0x00730250),
    /** Switches HDMI packets. */
    NV0073_CTRL_CMD_SPECIFIC_SET_HDMI_ENABLE(0x00730273),
    /** Mutes HDMI audio. */
    NV0073_CTRL_CMD_SPECIFIC_SET_HDMI_AUDIO_MUTESTREAM(0x00730275),
    /** Mask of all heads. */
    NV0073_CTRL_CMD_SPECIFIC_GET_ALL_HEAD_MASK(0x00730287),
    /** Sends an info frame. */
    NV0073_CTRL_CMD_SPECIFIC_SET_OD_PACKET(0x00730288),
    /** A display's output resource. */
    NV0073_CTRL_CMD_SPECIFIC_OR_GET_INFO(0x0073028b),
    /** A panel's brightness. */
    NV0073_CTRL_CMD_SPECIFIC_GET_BACKLIGHT_BRIGHTNESS(0x00730291),
    /** Sets a panel's brightness. */
    NV0073_CTRL_CMD_SPECIFIC_SET_BACKLIGHT_BRIGHTNESS(0x00730292),
    /** Tells what an HDMI monitor can do. */
    NV0073_CTRL_CMD_SPECIFIC_SET_HDMI_SINK_CAPS(0x00730293),
    /** Properties of a digital display. */
    NV0073_CTRL_CMD_DFP_GET_INFO(0x00731140),
    /** Tells what audio a monitor takes. */
    NV0073_CTRL_CMD_DFP_SET_ELD_AUDIO_CAPS(0x00731144),
    /** Switches a display's audio. */
    NV0073_CTRL_CMD_DFP_SET_AUDIO_ENABLE(0x00731150),
    /** Gives a display a serial output resource. */
    NV0073_CTRL_CMD_DFP_ASSIGN_SOR(0x00731152),
    /** Mutes DisplayPort audio. */
    NV0073_CTRL_CMD_DP_SET_AUDIO_MUTESTREAM(0x00731359),
    /** The driver trains links itself. */
    NV0073_CTRL_CMD_DP_SET_MANUAL_DISPLAYPORT(0x00731365),
    /** What DisplayPort can do. */
    NV0073_CTRL_CMD_DP_GET_CAPS(0x00731369),
    /** The board's brand. */
    NV0080_CTRL_CMD_GPU_GET_BRAND_CAPS(0x00800294),
    /** Where compression tags are kept. */
    NV0080_CTRL_CMD_FB_GET_COMPBIT_STORE_INFO(0x00801306),
    /** Gives an address space its page directory. */
    NV0080_CTRL_CMD_DMA_SET_PAGE_DIRECTORY(0x00801813),
    /** Takes an address space its page directory. */
    NV0080_CTRL_CMD_DMA_UNSET_PAGE_DIRECTORY(0x00801814),
    /** Numbers about the board, by index. */
    NV2080_CTRL_CMD_GPU_GET_INFO_V2(0x20800102),
    /** The board's name. */
    NV2080_CTRL_CMD_GPU_GET_NAME_STRING(0x20800110),
    /** Gives a channel its context buffers. */
    NV2080_CTRL_CMD_GPU_PROMOTE_CTX(0x2080012b),
    /** Error counters. */
    NV2080_CTRL_CMD_GPU_QUERY_ECC_STATUS(0x2080012f),
    /** Whether ECC is on. */
    NV2080_CTRL_CMD_GPU_QUERY_ECC_CONFIGURATION(0x20800133),
    /** Mask of GPCs. */
    NV2080_CTRL_CMD_GPU_GET_FERMI_GPC_INFO(0x20800137),
    /** Mask of a GPC's TPCs. */
    NV2080_CTRL_CMD_GPU_GET_FERMI_TPC_INFO(0x20800138),
    /** Serial and part numbers. */
    NV2080_CTRL_CMD_GPU_GET_OEM_BOARD_INFO(0x2080013f),
    /** Version of an InfoROM object. */
    NV2080_CTRL_CMD_GPU_GET_INFOROM_OBJECT_VERSION(0x2080014b),
    /** Whether ECC can be switched. */
    NV2080_CTRL_CMD_GPU_QUERY_INFOROM_ECC_SUPPORT(0x20800157),
    /** Granularity of VRAM given to virtual functions. */
    NV2080_CTRL_CMD_GPU_GET_VMMU_SEGMENT_SIZE(0x2080017e),
    /** Falcons that channels use. */
    NV2080_CTRL_CMD_GPU_GET_CONSTRUCTED_FALCON_INFO(0x208001b0),
    /** Arms notifications of a kind. */
    NV2080_CTRL_CMD_EVENT_SET_NOTIFICATION(0x20800301),
    /** Windows and heads. */
    NV2080_CTRL_CMD_INTERNAL_DISPLAY_GET_STATIC_INFO(0x20800a01),
    /** L2 cache. */
    NV2080_CTRL_CMD_INTERNAL_MEMSYS_GET_STATIC_CONFIG(0x20800a1c),
    /** What graphics can do. */
    NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_CAPS(0x20800a1f),
    /** Order of SMs. */
    NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_GLOBAL_SM_ORDER(0x20800a22),
    /** GPCs and TPCs of each graphics engine. */
    NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_FLOORSWEEPING_MASKS(0x20800a26),
    /** Numbers about graphics, by index. */
    NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_INFO(0x20800a2a),
    /** Z-cull geometry of each graphics engine. */
    NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_ZCULL_INFO(0x20800a2c),
    /** Raster operation units. */
    NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_ROP_INFO(0x20800a2e),
    /** PPCs of each GPC. */
    NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_PPC_MASKS(0x20800a30),
    /** Sizes of context buffers. */
    NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_CONTEXT_BUFFERS_INFO(0x20800a32),
    /** Issue rates of SMs. */
    NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_SM_ISSUE_RATE_MODIFIER(0x20800a34),
    /** PCI ids and register bases. */
    NV2080_CTRL_CMD_INTERNAL_GPU_GET_CHIP_INFO(0x20800a36),
    /** Whether context switches are traced. */
    NV2080_CTRL_CMD_INTERNAL_GR_GET_FECS_TRACE_HW_ENABLE(0x20800a38),
    /** Size of a trace record. */
    NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_FECS_RECORD_SIZE(0x20800a3d),
    /** Layout of trace records. */
    NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_FECS_TRACE_DEFINES(0x20800a3f),
    /** Hardware units. */
    NV2080_CTRL_CMD_INTERNAL_GET_DEVICE_INFO_TABLE(0x20800a40),
    /** Registers that user space may reach. */
    NV2080_CTRL_CMD_INTERNAL_GPU_GET_USER_REGISTER_ACCESS_MAP(0x20800a41),
    /** A workaround of one chip. */
    NV2080_CTRL_CMD_INTERNAL_KGR_INIT_BUG4208224_WAR(0x20800a46),
    /** Properties of graphics engines. */
    NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_PDB_PROPERTIES(0x20800a48),
    /** Where the display's instance memory lies. */
    NV2080_CTRL_CMD_INTERNAL_DISPLAY_WRITE_INST_MEM(0x20800a49),
    /** Version of the display engine. */
    NV2080_CTRL_CMD_INTERNAL_DISPLAY_GET_IP_VERSION(0x20800a4b),
    /** Whether the board is partitioned. */
    NV2080_CTRL_CMD_INTERNAL_GPU_GET_SMC_MODE(0x20800a4c),
    /** Gives a display channel its push buffer. */
    NV2080_CTRL_CMD_INTERNAL_DISPLAY_CHANNEL_PUSHBUFFER(0x20800a58),
    /** Sizes of fault buffers. */
    NV2080_CTRL_CMD_INTERNAL_GMMU_GET_STATIC_INFO(0x20800a59),
    /** Interrupt vectors. */
    NV2080_CTRL_CMD_INTERNAL_INTR_GET_KERNEL_TABLE(0x20800a5c),
    /** Channels of a runlist. */
    NV2080_CTRL_CMD_INTERNAL_FIFO_GET_NUM_CHANNELS(0x20800a61),
    /** Flushes the L2 cache. */
    NV2080_CTRL_CMD_INTERNAL_MEMSYS_L2_INVALIDATE_EVICT(0x20800a6c),
    /** Switches decompression. */
    NV2080_CTRL_CMD_INTERNAL_MEMSYS_PROGRAM_RAW_COMPRESSION_MODE(0x20800a6f),
    /** Flushes writes to system memory. */
    NV2080_CTRL_CMD_INTERNAL_BUS_FLUSH_WITH_SYSMEMBAR(0x20800a70),
    /** Boost groups. */
    NV2080_CTRL_CMD_INTERNAL_PERF_GPU_BOOST_SYNC_GET_INFO(0x20800a80),
    /** Page directories that driver and firmware share. */
    NV2080_CTRL_CMD_INTERNAL_GMMU_COPY_RESERVED_SPLIT_GVASPACE_PDES_TO_SERVER(0x20800a9f),
    /** Bus interface. */
    NV2080_CTRL_CMD_INTERNAL_BIF_GET_STATIC_INFO(0x20800aac),
    /** Begins to save memory for a suspend. */
    NV2080_CTRL_CMD_INTERNAL_FBSR_INIT(0x20800ac2),
    /** Stops or starts all channels. */
    NV2080_CTRL_CMD_INTERNAL_FIFO_TOGGLE_ACTIVE_CHANNEL_SCHEDULING(0x20800ac3),
    /** Brings panel settings. */
    NV2080_CTRL_CMD_INTERNAL_INIT_BRIGHTC_STATE_LOAD(0x20800ac6),
    /** Confidential computing. */
    NV2080_CTRL_CMD_INTERNAL_CONF_COMPUTE_GET_STATIC_INFO(0x20800af3),
    /** Where live figures are published. */
    NV2080_CTRL_CMD_INTERNAL_INIT_USER_SHARED_DATA(0x20800afe),
    /** Which live figures are wanted. */
    NV2080_CTRL_CMD_INTERNAL_USER_SHARED_DATA_SET_DATA_POLL(0x20800aff),
    /** Engines that the host schedules. */
    NV2080_CTRL_CMD_FIFO_GET_DEVICE_INFO_TABLE(0x20801112),
    /** Z-cull geometry. */
    NV2080_CTRL_CMD_GR_GET_ZCULL_INFO(0x20801206),
    /** BARs. */
    NV2080_CTRL_CMD_BUS_GET_PCI_BAR_INFO(0x20801803),
    /** What the firmware is. */
    NV2080_CTRL_CMD_GSP_GET_FEATURES(0x20803601),
    /** Starts a virtual GPU's plugin. */
    NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_BOOTLOAD_GSP_VGPU_PLUGIN_TASK(0x20804001),
    /** Ends a virtual GPU's plugin. */
    NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_SHUTDOWN_GSP_VGPU_PLUGIN_TASK(0x20804002),
    /** Brings types of virtual GPUs. */
    NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_PGPU_ADD_VGPU_TYPE(0x20804003),
    /** The virtual GPUs. */
    NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_ENUMERATE_VGPU_PER_PGPU(0x20804004),
    /** Forgets what a guest has told of itself. */
    NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_CLEAR_GUEST_VM_INFO(0x20804005),
    /** Memory that virtual GPUs use. */
    NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_GET_VGPU_FB_USAGE(0x20804006),
    /** A virtual GPU's share of the encoder. */
    NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_SET_VGPU_ENCODER_CAPACITY(0x20804007),
    /** Forgets an ended plugin. */
    NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_VGPU_PLUGIN_CLEANUP(0x20804008),
    /** What of the GPU works, as text. */
    NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_GET_PGPU_FS_ENCODING(0x20804009),
    /** Whether virtual GPUs can be moved. */
    NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_GET_PGPU_MIGRATION_SUPPORT(0x2080400a),
    /** Whether types may differ. */
    NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_SET_VGPU_MGR_CONFIG(0x2080400b),
    /** Forgets the saved states of a virtual GPU. */
    NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_FREE_STATES(0x2080400c),
    /** Whether frame rates are not limited. */
    NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_GET_FRAME_RATE_LIMITER_STATUS(0x2080400d),
    /** Lets types differ, or not. */
    NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_SET_VGPU_HETEROGENEOUS_MODE(0x2080400e),
    /** Whether the power comes from a battery. */
    NV2080_CTRL_CMD_PERF_GET_POWERSTATE(0x2080205a),
    /** Performance state. */
    NV2080_CTRL_CMD_PERF_GET_CURRENT_PSTATE(0x20802068),
    /** How busy a video engine is. */
    NV2080_CTRL_CMD_PERF_GET_VID_ENG_PERFMON_SAMPLE(0x20802087),
    /** Board module. */
    NV2080_CTRL_CMD_PMGR_GET_MODULE_INFO(0x20802609),
    /** Maps logical to physical copy engines. */
    NV2080_CTRL_CMD_CE_UPDATE_PCE_LCE_MAPPINGS(0x20802a05),
    /** Which copy engines have their class. */
    NV2080_CTRL_CMD_CE_UPDATE_CLASS_DB(0x20802a06),
    /** Size of a fault method buffer. */
    NV2080_CTRL_CMD_CE_GET_FAULT_METHOD_BUFFER_SIZE(0x20802a08),
    /** Maps logical to physical copy engines. */
    NV2080_CTRL_CMD_CE_UPDATE_PCE_LCE_MAPPINGS_V2(0x20802a0d),
    /** Physical copy engines for a use. */
    NV2080_CTRL_CMD_INTERNAL_CE_GET_PCE_CONFIG_FOR_LCE_TYPE(0x20802a0f),
    /** Checks the InfoROM. */
    NV208F_CTRL_CMD_GPU_VERIFY_INFOROM(0x208f1105),
    /** I2C ports. */
    NV402C_CTRL_CMD_I2C_GET_PORT_INFO(0x402c0101),
    /** Page directories of an address space. */
    NV90F1_CTRL_CMD_VASPACE_COPY_SERVER_RESERVED_PDES(0x90f10106),
    /** Makes a group's channels runnable. */
    NVA06C_CTRL_CMD_GPFIFO_SCHEDULE(0xa06c0101),
    /** Makes a channel runnable. */
    NVA06F_CTRL_CMD_GPFIFO_SCHEDULE(0xa06f0103),
    /** Binds a channel to an engine. */
    NVA06F_CTRL_CMD_BIND(0xa06f0104),
    /** A channel's doorbell token. */
    NVC36F_CTRL_CMD_GPFIFO_GET_WORK_SUBMIT_TOKEN(0xc36f0108),
    /** Where to write the doorbell token. */
    NVC36F_CTRL_CMD_GPFIFO_SET_WORK_SUBMIT_TOKEN_NOTIF_INDEX(0xc36f010a),
    /** Falcons that channels use, before release 570. */
    NV2080_CTRL_CMD_INTERNAL_GET_CONSTRUCTED_FALCON_INFO(0),
    /** A region of memory to save for a suspend, before release 570. */
    NV2080_CTRL_CMD_INTERNAL_FBSR_SEND_REGION_INFO(0);

    /** Bit of a command that RM hands through untouched; its parameters are not documented. */
    // HW: open-gpu-kernel-modules, RM_GSS_LEGACY_MASK
    public static final int LEGACY_BIT = 0x8000;

    private static final Map<Integer, RmControl> BY_NUMBER = Stream.of(values())
            .filter(c -> c.number != 0)
            .collect(Collectors.toUnmodifiableMap(RmControl::number, c -> c));

    private final int number;

    RmControl(int number) {
        this.number = number;
    }

    /** The number in release 570, 0 if that has no such control. */
    public int number() {
        return number;
    }

    /** The control that has a number in release 570, or null. */
    public static @Nullable RmControl of(int number) {
        return BY_NUMBER.get(number);
    }

    /** A name for any command: NVIDIA's, or that of its class and category with the number. */
    public static String nameOf(int number) {
        RmControl known = of(number);
        return known != null
                ? known.name()
                : String.format(
                        Locale.ROOT,
                        "NV%04X_CTRL(category=0x%02x, 0x%08x)",
                        number >>> 16,
                        number >>> 8 & 0xff,
                        number);
    }
}
