package dev.nacre.board.hal;

import dev.nacre.hw.chip.Chip;
import java.util.List;

/** GA102. */
public record Ga102Hal() implements ChipHal {
    @Override
    public Chip chip() {
        return Chip.GA102;
    }

    @Override
    public List<EngineInfo> engines() {
        return Ga10xEngines.ALL;
    }

    @Override
    public ClassSet classes() {
        // HW: nouveau nvkm/subdev/gsp/rm/ (gpu class tables), nvif/class.h
        return new ClassSet(0xc797, 0xc7c0, 0xc7b5, 0xc56f, 0xc670, 0xc67d, 0xc67e, 0xc67b, 0xc67a);
    }
}
