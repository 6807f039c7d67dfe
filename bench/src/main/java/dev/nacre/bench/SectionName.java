package dev.nacre.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The sections, in the order in which they run. */
enum SectionName {
    SERVER("nacre serve, as a process"),
    GUEST("a guest's nouveau, and its accesses to the first BAR"),
    SOCKET("register accesses through a vfio-user socket"),
    COPY("the copy engine, from the doorbell to the semaphore"),
    REGISTER("register accesses in the process");

    private final String title;

    SectionName(String title) {
        this.title = title;
    }

    /** What it measures. */
    String title() {
        return title;
    }

    /** As on the command line. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
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
