package dev.nacre.testsupport.guest;

import dev.nacre.testsupport.guest.host.KitException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a kit is kept and where it comes from.
 *
 * @param cache the folder for everything that is downloaded or built
 * @param mirror the Debian archive to use, or empty for the one that the host's apt uses
 * @param keyring the keyring that must have signed the archive, or empty for the host's Debian archive keyring
 * @param qemu the QEMU program to use, or empty to look for {@code qemu-system-x86_64} on the host and else in the kit
 * @param refresh whether parts that are there already are brought to the archive's current versions
 */
public record KitOptions(
        Path cache, Optional<String> mirror, Optional<Path> keyring, Optional<String> qemu, boolean refresh) {

    /**
     * The options that the environment gives: {@code NACRE_CACHE} or {@code XDG_CACHE_HOME}/nacre or
     * {@code HOME}/.cache/nacre, {@code NACRE_DEBIAN_MIRROR}, {@code NACRE_DEBIAN_KEYRING} and {@code NACRE_QEMU}.
     *
     * @param environment the process's environment
     * @throws KitException if no variable names a place for the cache
     */
    public static KitOptions fromEnvironment(Map<String, String> environment) {
        Path cache = variable(environment, "NACRE_CACHE")
                .map(Path::of)
                .or(() -> variable(environment, "XDG_CACHE_HOME").map(d -> Path.of(d, "nacre")))
                .or(() -> variable(environment, "HOME").map(d -> Path.of(d, ".cache", "nacre")))
                .orElseThrow(
                        () -> new KitException("No place for the guest kit: set NACRE_CACHE (HOME is not set either)"));
        return new KitOptions(
                cache,
                variable(environment, "NACRE_DEBIAN_MIRROR"),
                variable(environment, "NACRE_DEBIAN_KEYRING").map(Path::of),
                variable(environment, "NACRE_QEMU"),
                false);
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(v -> !v.isBlank());
    }

    /** The same with another cache folder. */
    public KitOptions withCache(Path folder) {
        return new KitOptions(folder, mirror, keyring, qemu, refresh);
    }

    /** The same with a Debian archive of the caller's choice. */
    public KitOptions withMirror(String uri) {
        return new KitOptions(cache, Optional.of(uri), keyring, qemu, refresh);
    }

    /** The same, bringing parts that are there already to the archive's current versions. */
    public KitOptions refreshing() {
        return new KitOptions(cache, mirror, keyring, qemu, true);
    }
}
