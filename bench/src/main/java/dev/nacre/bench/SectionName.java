package dev.nacre.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The sections, in the order in which they run. */
enum SectionName {
    SERVER("nacre serve, as a process", true),
    GUEST("a guest's nouveau, and its accesses to the first BAR", true),
    SOCKET("register accesses through a vfio-user socket", true),
    COPY("the copy engine, from the doorbell to the semaphore", true),
    CORE("the core: both implementations on boards of this process", true),
    REGISTER("register accesses in the process", true),
    DRM("a program of the host on a board, by DRM", true),
    VGPU("virtual GPUs of one board of this process", false),
    DAEMON("the package: the daemon, the command line, a console", false),
    VFIO_USER("the vfio-user server, by a client in C on another core", false);

    private final String title;
    private final boolean unasked;

    SectionName(String title, boolean unasked) {
        this.title = title;
        this.unasked = unasked;
    }

    /** What it measures. */
    String title() {
        return title;
    }

    /** Whether it runs when no section is named; one that takes a minute by itself does not. */
    boolean runsUnasked() {
        return unasked;
    }

    /** As on the command line. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The section of a word of the command line. */
    static Optional<SectionName> of(String word) {
        return Arrays.stream(values()).filter(s -> s.word().equals(word)).findFirst();
    }

    /** The words of all sections. */
    static String words() {
        return List.of(values()).stream().map(SectionName::word).collect(Collectors.joining(", "));
    }
}
