package dev.nacre.board.hal;

import dev.nacre.hw.chip.Chip;
import java.util.List;

/** AD102. */
public record Ad102Hal() implements ChipHal {
    @Override
    public Chip chip() {
        return Chip.AD102;
    }

    @Override
    public List<EngineInfo> engines() {
        return Ga10xEngines.ALL;
    }

    @Override
    public ClassSet classes() {
        // HW: nouveau nvkm/subdev/gsp/rm/ (gpu class tables), nvif/class.h
        return new ClassSet(0xc997, 0xc9c0, 0xc7b5, 0xc56f, 0xc770, 0xc77d, 0xc67e, 0xc67b, 0xc67a);
    }
}
