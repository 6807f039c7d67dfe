package dev.nacre.corejava.firmware;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspVersion;
import java.util.Optional;
import java.util.Set;

/**
 * What the GSP runs, and what starts it.
 *
 * @param abi how it is spoken to
 * @param image what it runs
 * @param signature the image's
 * @param bootloader loads the image
 */
public record GspFirmware(GspAbi abi, HostileBytes image, HostileBytes signature, Bootloader bootloader) {
    private static final String IMAGE_SECTION = ".fwimage";

    /**
     * The firmware of a chip, of the version that comes first in {@link GspVersion}.
     *
     * @param chip its folder, such as {@code ad102}
     * @param versions those that there are for the chip
     * @param signatureSection the section that has the signature for the chip
     * @throws CoreException with {@link CoreError#NO_FIRMWARE} naming the files that were looked for; {@link
     *     CoreError#IO} if one is malformed
     */
    public static GspFirmware find(
            FirmwareSource source, String chip, Set<GspVersion> versions, String signatureSection) {
        for (GspVersion version : versions) {
            Optional<HostileBytes> file = read(source, path(chip, "gsp", version));
            if (file.isPresent()) {
                ElfSections sections = new ElfSections(file.get());
                HostileBytes image = sections.section(IMAGE_SECTION);
                image.require(image.size() > 0, "no image");
                return new GspFirmware(
                        GspAbi.of(version),
                        image,
                        sections.section(signatureSection),
                        Bootloader.parse(require(source, path(chip, "bootloader", version))));
            }
        }
        throw new CoreException(
                CoreError.NO_FIRMWARE,
                "There is no firmware for this GPU: files="
                        + versions.stream()
                                .map(version -> path(chip, "gsp", version))
                                .toList());
    }

    /**
     * One more file of the same chip and version.
     *
     * @param name such as {@code booter_load}
     * @throws CoreException with {@link CoreError#NO_FIRMWARE} if there is none
     */
    public HostileBytes companion(FirmwareSource source, String chip, String name) {
        return require(source, path(chip, name, abi.version()));
    }

    private static String path(String chip, String name, GspVersion version) {
        return "nvidia/" + chip + "/gsp/" + name + "-" + version.id() + ".bin";
    }

    private static HostileBytes require(FirmwareSource source, String path) {
        return read(source, path)
                .orElseThrow(() -> new CoreException(
                        CoreError.NO_FIRMWARE, "A firmware file for this GPU is missing: file=" + path));
    }

    private static Optional<HostileBytes> read(FirmwareSource source, String path) {
        return source.read(path).map(bytes -> new HostileBytes(path, bytes));
    }
}
