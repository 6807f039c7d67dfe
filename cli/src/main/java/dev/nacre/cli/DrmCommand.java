package dev.nacre.cli;

import picocli.CommandLine.Command;

/** {@code nacre drm}. */
@Command(name = "drm", mixinStandardHelpOptions = true, description = "Boards for the programs of this host, by DRM.")
final class DrmCommand {}
