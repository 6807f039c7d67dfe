package dev.nacre.corejava.firmware;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.hw.fsp.FspCot;

/**
 * GSP-FMC: the first firmware of the GSP, which the FSP verifies and starts.
 *
 * @param image what is started
 * @param hash its SHA-384
 * @param publicKey the key of its signature
 * @param signature its signature
 */
public record Fmc(HostileBytes image, HostileBytes hash, HostileBytes publicKey, HostileBytes signature) {
    /**
     * Parses a file.
     *
     * @param cot what the chip's FSP takes
     * @throws CoreException with {@link CoreError#IO} if it is none, or for another FSP
     */
    public static Fmc parse(HostileBytes file, FspCot cot) {
        ElfSections sections = new ElfSections(file);
        Fmc fmc = new Fmc(
                sections.section("image"),
                sections.section("hash"),
                sections.section("publickey"),
                sections.section("signature"));
        file.require(fmc.image.size() > 0, "no image");
        requireSize(fmc.hash, cot.hashBytes());
        requireSize(fmc.publicKey, cot.publicKeyBytes());
        requireSize(fmc.signature, cot.signatureBytes());
        return fmc;
    }

    private static void requireSize(HostileBytes part, int bytes) {
        part.require(part.size() == bytes, "a part of " + part.size() + " bytes, not " + bytes);
    }
}
