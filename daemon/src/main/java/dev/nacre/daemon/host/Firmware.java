package dev.nacre.daemon.host;

import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.firmware.SyntheticFirmware;
import dev.nacre.hw.gsp.GspVersion;
import java.util.HashMap;
import java.util.Map;

/** Firmware for software boards. */
public final class Firmware {
    private Firmware() {}

    /** Stand-ins for every chip and version: software boards play the firmware themselves. */
    public static FirmwareSource synthetic() {
        Map<String, byte[]> files = new HashMap<>();
        for (Chip chip : Chip.values()) {
            for (GspVersion version : GspVersion.values()) {
                files.putAll(SyntheticFirmware.files(chip.id(), version.id()));
            }
        }
        return FirmwareSource.of(files);
    }
}
