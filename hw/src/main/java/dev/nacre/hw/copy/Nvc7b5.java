package dev.nacre.hw.copy;

import dev.nacre.hw.reg.Reg;
import java.util.List;

/** AMPERE_DMA_COPY_B, the class of the copy engines of GA10x and AD10x: its methods and their fields. */
// HW: open-gpu-doc classes/dma-copy/clc7b5.h
public final class Nvc7b5 {
    /** The class. */
    public static final int CLASS = 0xc7b5;

    /** Nothing. */
    public static final Reg NOP = Reg.wo("NVC7B5_NOP", 0x0100);

    /** Performance monitors. */
    public static final Reg PM_TRIGGER = Reg.wo("NVC7B5_PM_TRIGGER", 0x0140);

    /** Monitored fences: type. */
    public static final Reg SET_MONITORED_FENCE_TYPE = Reg.wo("NVC7B5_SET_MONITORED_FENCE_TYPE", 0x021c);

    /** Monitored fences: address, high. */
    public static final Reg SET_MONITORED_FENCE_SIGNAL_ADDR_BASE_UPPER =
            Reg.wo("NVC7B5_SET_MONITORED_FENCE_SIGNAL_ADDR_BASE_UPPER", 0x0220);

    /** Monitored fences: address, low. */
    public static final Reg SET_MONITORED_FENCE_SIGNAL_ADDR_BASE_LOWER =
            Reg.wo("NVC7B5_SET_MONITORED_FENCE_SIGNAL_ADDR_BASE_LOWER", 0x0224);

    /** Semaphore: address, high. */
    public static final Reg SET_SEMAPHORE_A = Reg.wo("NVC7B5_SET_SEMAPHORE_A", 0x0240);

    /** Semaphore: address, low. */
    public static final Reg SET_SEMAPHORE_B = Reg.wo("NVC7B5_SET_SEMAPHORE_B", 0x0244);

    /** Semaphore: payload, low. */
    public static final Reg SET_SEMAPHORE_PAYLOAD = Reg.wo("NVC7B5_SET_SEMAPHORE_PAYLOAD", 0x0248);

    /** Semaphore: payload, high. */
    public static final Reg SET_SEMAPHORE_PAYLOAD_UPPER = Reg.wo("NVC7B5_SET_SEMAPHORE_PAYLOAD_UPPER", 0x024c);

    /** Condition for launches: address, high. */
    public static final Reg SET_RENDER_ENABLE_A = Reg.wo("NVC7B5_SET_RENDER_ENABLE_A", 0x0254);

    /** Condition for launches: address, low. */
    public static final Reg SET_RENDER_ENABLE_B = Reg.wo("NVC7B5_SET_RENDER_ENABLE_B", 0x0258);

    /** Condition for launches: mode. */
    public static final Reg SET_RENDER_ENABLE_C = Reg.wo("NVC7B5_SET_RENDER_ENABLE_C", 0x025c);

    /** The condition: 0 never, 1 always, 2 value not zero, 3 and 4 equal and not equal to the value 16 bytes further. */
    public static final Reg.Bits SET_RENDER_ENABLE_C_MODE = SET_RENDER_ENABLE_C.bits(2, 0);

    /** Where a physical source lies. */
    public static final Reg SET_SRC_PHYS_MODE = Reg.wo("NVC7B5_SET_SRC_PHYS_MODE", 0x0260);

    /** 0 video memory, 1 coherent and 2 non-coherent system memory, 3 peer; of the destination likewise. */
    public static final Reg.Bits SET_SRC_PHYS_MODE_TARGET = SET_SRC_PHYS_MODE.bits(1, 0);

    /** Where a physical destination lies. */
    public static final Reg SET_DST_PHYS_MODE = Reg.wo("NVC7B5_SET_DST_PHYS_MODE", 0x0264);

    /** Starts a copy. */
    public static final Reg LAUNCH_DMA = Reg.wo("NVC7B5_LAUNCH_DMA", 0x0300);

    /** 0 copies nothing, 1 pipelined, 2 not pipelined. */
    public static final Reg.Bits LAUNCH_DMA_DATA_TRANSFER_TYPE = LAUNCH_DMA.bits(1, 0);

    /** Flushes what was written. */
    public static final Reg.Flag LAUNCH_DMA_FLUSH_ENABLE = LAUNCH_DMA.flag(2);

    /** 0 none, 1 without and 2 with timestamp, 3 one that may raise an interrupt. */
    public static final Reg.Bits LAUNCH_DMA_SEMAPHORE_TYPE = LAUNCH_DMA.bits(4, 3);

    /** 0 none, 1 blocking, 2 non-blocking. */
    public static final Reg.Bits LAUNCH_DMA_INTERRUPT_TYPE = LAUNCH_DMA.bits(6, 5);

    /** The source is pitch-linear, else block-linear. */
    public static final Reg.Flag LAUNCH_DMA_SRC_MEMORY_LAYOUT_PITCH = LAUNCH_DMA.flag(7);

    /** The destination is pitch-linear, else block-linear. */
    public static final Reg.Flag LAUNCH_DMA_DST_MEMORY_LAYOUT_PITCH = LAUNCH_DMA.flag(8);

    /** Copies more than one line. */
    public static final Reg.Flag LAUNCH_DMA_MULTI_LINE_ENABLE = LAUNCH_DMA.flag(9);

    /** Remaps components. */
    public static final Reg.Flag LAUNCH_DMA_REMAP_ENABLE = LAUNCH_DMA.flag(10);

    /** The source address is physical. */
    public static final Reg.Flag LAUNCH_DMA_SRC_TYPE_PHYSICAL = LAUNCH_DMA.flag(12);

    /** The destination address is physical. */
    public static final Reg.Flag LAUNCH_DMA_DST_TYPE_PHYSICAL = LAUNCH_DMA.flag(13);

    /** The semaphore's reduction. */
    public static final Reg.Bits LAUNCH_DMA_SEMAPHORE_REDUCTION = LAUNCH_DMA.bits(17, 14);

    /** The reduction is unsigned. */
    public static final Reg.Flag LAUNCH_DMA_SEMAPHORE_REDUCTION_SIGN_UNSIGNED = LAUNCH_DMA.flag(18);

    /** The semaphore is reduced, not written. */
    public static final Reg.Flag LAUNCH_DMA_SEMAPHORE_REDUCTION_ENABLE = LAUNCH_DMA.flag(19);

    /** The semaphore's payload has 64 bits. */
    public static final Reg.Flag LAUNCH_DMA_SEMAPHORE_PAYLOAD_SIZE_TWO_WORD = LAUNCH_DMA.flag(27);

    /** Source address, high. */
    public static final Reg OFFSET_IN_UPPER = Reg.wo("NVC7B5_OFFSET_IN_UPPER", 0x0400);

    /** Source address, low. */
    public static final Reg OFFSET_IN_LOWER = Reg.wo("NVC7B5_OFFSET_IN_LOWER", 0x0404);

    /** Destination address, high. */
    public static final Reg OFFSET_OUT_UPPER = Reg.wo("NVC7B5_OFFSET_OUT_UPPER", 0x0408);

    /** Destination address, low. */
    public static final Reg OFFSET_OUT_LOWER = Reg.wo("NVC7B5_OFFSET_OUT_LOWER", 0x040c);

    /** Distance of a pitch-linear source's lines in bytes, signed. */
    public static final Reg PITCH_IN = Reg.wo("NVC7B5_PITCH_IN", 0x0410);

    /** Distance of a pitch-linear destination's lines in bytes, signed. */
    public static final Reg PITCH_OUT = Reg.wo("NVC7B5_PITCH_OUT", 0x0414);

    /** Length of a line: bytes, or elements if components are remapped. */
    public static final Reg LINE_LENGTH_IN = Reg.wo("NVC7B5_LINE_LENGTH_IN", 0x0418);

    /** Number of lines. */
    public static final Reg LINE_COUNT = Reg.wo("NVC7B5_LINE_COUNT", 0x041c);

    /** Constant A. */
    public static final Reg SET_REMAP_CONST_A = Reg.wo("NVC7B5_SET_REMAP_CONST_A", 0x0700);

    /** Constant B. */
    public static final Reg SET_REMAP_CONST_B = Reg.wo("NVC7B5_SET_REMAP_CONST_B", 0x0704);

    /** How components are remapped. */
    public static final Reg SET_REMAP_COMPONENTS = Reg.wo("NVC7B5_SET_REMAP_COMPONENTS", 0x0708);

    /** Where the first component of the destination comes from; the other three are 4 bits higher each. */
    public static final Reg.Bits SET_REMAP_COMPONENTS_DST_X = SET_REMAP_COMPONENTS.bits(2, 0);

    /** Bytes of a component, less one. */
    public static final Reg.Bits SET_REMAP_COMPONENTS_COMPONENT_SIZE = SET_REMAP_COMPONENTS.bits(17, 16);

    /** Components of the source, less one. */
    public static final Reg.Bits SET_REMAP_COMPONENTS_NUM_SRC_COMPONENTS = SET_REMAP_COMPONENTS.bits(21, 20);

    /** Components of the destination, less one. */
    public static final Reg.Bits SET_REMAP_COMPONENTS_NUM_DST_COMPONENTS = SET_REMAP_COMPONENTS.bits(25, 24);

    /** Block-linear destination: size of a block. */
    public static final Reg SET_DST_BLOCK_SIZE = Reg.wo("NVC7B5_SET_DST_BLOCK_SIZE", 0x070c);

    /** log2 of a block's width in GOBs; of the source likewise. */
    public static final Reg.Bits SET_DST_BLOCK_SIZE_WIDTH = SET_DST_BLOCK_SIZE.bits(3, 0);

    /** log2 of a block's height in GOBs. */
    public static final Reg.Bits SET_DST_BLOCK_SIZE_HEIGHT = SET_DST_BLOCK_SIZE.bits(7, 4);

    /** log2 of a block's depth in GOBs. */
    public static final Reg.Bits SET_DST_BLOCK_SIZE_DEPTH = SET_DST_BLOCK_SIZE.bits(11, 8);

    /** Block-linear destination: width in bytes, or elements if components are remapped. */
    public static final Reg SET_DST_WIDTH = Reg.wo("NVC7B5_SET_DST_WIDTH", 0x0710);

    /** Block-linear destination: height in lines. */
    public static final Reg SET_DST_HEIGHT = Reg.wo("NVC7B5_SET_DST_HEIGHT", 0x0714);

    /** Block-linear destination: depth in layers. */
    public static final Reg SET_DST_DEPTH = Reg.wo("NVC7B5_SET_DST_DEPTH", 0x0718);

    /** Block-linear destination: layer. */
    public static final Reg SET_DST_LAYER = Reg.wo("NVC7B5_SET_DST_LAYER", 0x071c);

    /** Block-linear destination: origin, both coordinates in one. */
    public static final Reg SET_DST_ORIGIN = Reg.wo("NVC7B5_SET_DST_ORIGIN", 0x0720);

    /** Column; of the source likewise. */
    public static final Reg.Bits SET_DST_ORIGIN_X = SET_DST_ORIGIN.bits(15, 0);

    /** Line. */
    public static final Reg.Bits SET_DST_ORIGIN_Y = SET_DST_ORIGIN.bits(31, 16);

    /** Block-linear source: size of a block. */
    public static final Reg SET_SRC_BLOCK_SIZE = Reg.wo("NVC7B5_SET_SRC_BLOCK_SIZE", 0x0728);

    /** Block-linear source: width in bytes, or elements if components are remapped. */
    public static final Reg SET_SRC_WIDTH = Reg.wo("NVC7B5_SET_SRC_WIDTH", 0x072c);

    /** Block-linear source: height in lines. */
    public static final Reg SET_SRC_HEIGHT = Reg.wo("NVC7B5_SET_SRC_HEIGHT", 0x0730);

    /** Block-linear source: depth in layers. */
    public static final Reg SET_SRC_DEPTH = Reg.wo("NVC7B5_SET_SRC_DEPTH", 0x0734);

    /** Block-linear source: layer. */
    public static final Reg SET_SRC_LAYER = Reg.wo("NVC7B5_SET_SRC_LAYER", 0x0738);

    /** Block-linear source: origin, both coordinates in one. */
    public static final Reg SET_SRC_ORIGIN = Reg.wo("NVC7B5_SET_SRC_ORIGIN", 0x073c);

    /** Block-linear source: origin, column in bytes, or elements if components are remapped. */
    public static final Reg SRC_ORIGIN_X = Reg.wo("NVC7B5_SRC_ORIGIN_X", 0x0744);

    /** Block-linear source: origin, line. */
    public static final Reg SRC_ORIGIN_Y = Reg.wo("NVC7B5_SRC_ORIGIN_Y", 0x0748);

    /** Block-linear destination: origin, column in bytes, or elements if components are remapped. */
    public static final Reg DST_ORIGIN_X = Reg.wo("NVC7B5_DST_ORIGIN_X", 0x074c);

    /** Block-linear destination: origin, line. */
    public static final Reg DST_ORIGIN_Y = Reg.wo("NVC7B5_DST_ORIGIN_Y", 0x0750);

    /** Performance monitors. */
    public static final Reg PM_TRIGGER_END = Reg.wo("NVC7B5_PM_TRIGGER_END", 0x1114);

    /** Bytes of the method addresses that have a meaning here: all but {@link #PM_TRIGGER_END}. */
    public static final int STATE_BYTES = 0x800;

    /** Every method. */
    public static final List<Reg> METHODS = List.of(
            NOP,
            PM_TRIGGER,
            SET_MONITORED_FENCE_TYPE,
            SET_MONITORED_FENCE_SIGNAL_ADDR_BASE_UPPER,
            SET_MONITORED_FENCE_SIGNAL_ADDR_BASE_LOWER,
            SET_SEMAPHORE_A,
            SET_SEMAPHORE_B,
            SET_SEMAPHORE_PAYLOAD,
            SET_SEMAPHORE_PAYLOAD_UPPER,
            SET_RENDER_ENABLE_A,
            SET_RENDER_ENABLE_B,
            SET_RENDER_ENABLE_C,
            SET_SRC_PHYS_MODE,
            SET_DST_PHYS_MODE,
            LAUNCH_DMA,
            OFFSET_IN_UPPER,
            OFFSET_IN_LOWER,
            OFFSET_OUT_UPPER,
            OFFSET_OUT_LOWER,
            PITCH_IN,
            PITCH_OUT,
            LINE_LENGTH_IN,
            LINE_COUNT,
            SET_REMAP_CONST_A,
            SET_REMAP_CONST_B,
            SET_REMAP_COMPONENTS,
            SET_DST_BLOCK_SIZE,
            SET_DST_WIDTH,
            SET_DST_HEIGHT,
            SET_DST_DEPTH,
            SET_DST_LAYER,
            SET_DST_ORIGIN,
            SET_SRC_BLOCK_SIZE,
            SET_SRC_WIDTH,
            SET_SRC_HEIGHT,
            SET_SRC_DEPTH,
            SET_SRC_LAYER,
            SET_SRC_ORIGIN,
            SRC_ORIGIN_X,
            SRC_ORIGIN_Y,
            DST_ORIGIN_X,
            DST_ORIGIN_Y,
            PM_TRIGGER_END);

    private Nvc7b5() {}
}
