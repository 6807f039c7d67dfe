package dev.nacre.board.hal;

import dev.nacre.board.hal.EngineInfo.Kind;
import java.util.List;

/** The engines that every board has. */
final class CommonEngines {
    // HW: facts of a working board: GR must share its runlist with one CE, or Mesa's NVK finds no copy class on its
    // channel. ENG_DESC = class id << 8 | instance (open-gpu-kernel-modules, FIFO_GET_DEVICE_INFO_TABLE): GR d334df,
    // CE 793ceb. MC_ENGINE_IDX: CE0 15 onwards; GR0 82 or 84 by firmware version, so -1 here. Vectors are ours to
    // choose.
    static final List<EngineInfo> ALL = List.of(
            new EngineInfo("GR0", Kind.GRAPHICS, 0, 0xd334df00, 1, -1, 0, 0x104000, 64, 0),
            new EngineInfo("CE0", Kind.COPY, 0, 0x793ceb00, 9, 15, 0, 0x104000, 65, 10),
            new EngineInfo("CE1", Kind.COPY, 1, 0x793ceb01, 10, 16, 1, 0x104400, 66, 11),
            new EngineInfo("CE2", Kind.COPY, 2, 0x793ceb02, 11, 17, 2, 0x104800, 67, 12));

    private CommonEngines() {}
}
