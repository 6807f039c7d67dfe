package dev.nacre.testsupport.guest.fetch;

import dev.nacre.testsupport.guest.host.KitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the host takes Debian's main archive from, read from apt's own configuration, so that this project names no
 * mirror.
 *
 * @param uri the archive's address as apt knows it, without a trailing slash
 * @param signedBy the keyring the host trusts for it, if its entry names one by path
 */
public record DebianSource(String uri, Optional<Path> signedBy) {
    private static final Pattern ONE_LINE =
            Pattern.compile("^deb\\s+(?:\\[([^\\]]*)\\]\\s+)?(\\S+)\\s+(\\S+)\\s+(.*)$");
    private static final Pattern SUITE = Pattern.compile("[a-z]+(-updates|-backports)?");

    /** One archive entry of apt's configuration, one suite at a time. */
    record Entry(String uri, String suite, List<String> components, Optional<String> signedBy) {
        /** Whether this is Debian's main archive: not security, not a third party's repository. */
        boolean isDebianArchive() {
            boolean debianKey =
                    signedBy.filter(s -> s.contains("debian-archive")).isPresent();
            boolean debianFolder = uri.endsWith("/debian") || uri.endsWith("/debian/");
            return components.contains("main") && SUITE.matcher(suite).matches() && (debianKey || debianFolder);
        }

        DebianSource source() {
            return new DebianSource(
                    uri.replaceAll("/+$", ""),
                    signedBy.filter(s -> s.startsWith("/") && !s.contains(" ")).map(Path::of));
        }
    }

    /**
     * Finds the archive in apt's configuration folder.
     *
     * @param aptFolder the folder with {@code sources.list} and {@code sources.list.d}, as a rule {@code /etc/apt}
     * @return the first entry for Debian's main archive, or empty if the host has none
     * @throws KitException if a file there cannot be read
     */
    public static Optional<DebianSource> find(Path aptFolder) {
        List<Entry> entries = new ArrayList<>();
        Path main = aptFolder.resolve("sources.list");
        try {
            if (Files.isRegularFile(main)) {
                entries.addAll(oneLineEntries(Files.readString(main)));
            }
            Path parts = aptFolder.resolve("sources.list.d");
            if (Files.isDirectory(parts)) {
                try (Stream<Path> files = Files.list(parts)) {
                    for (Path file : files.sorted().toList()) {
                        entries.addAll(entriesOf(file));
                    }
                }
            }
        } catch (IOException e) {
            throw KitException.because("Cannot read apt's sources below " + aptFolder, e);
        }
        return entries.stream().filter(Entry::isDebianArchive).findFirst().map(Entry::source);
    }

    private static List<Entry> entriesOf(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (name.endsWith(".list")) {
            return oneLineEntries(Files.readString(file));
        }
        return name.endsWith(".sources") ? stanzaEntries(Files.readString(file)) : List.of();
    }

    /** Parses the one-line format of sources.list(5). */
    static List<Entry> oneLineEntries(String text) {
        List<Entry> entries = new ArrayList<>();
        for (String line : text.lines().toList()) {
            Matcher m = ONE_LINE.matcher(line.replaceFirst("#.*", "").strip());
            if (m.matches()) {
                Optional<String> signedBy = Optional.ofNullable(m.group(1)).stream()
                        .flatMap(options -> Arrays.stream(options.strip().split("\\s+")))
                        .filter(o -> o.startsWith("signed-by="))
                        .map(o -> o.substring("signed-by=".length()))
                        .findFirst();
                entries.add(new Entry(m.group(2), m.group(3), words(m.group(4)), signedBy));
            }
        }
        return entries;
    }

    /** Parses the deb822 format of sources.list(5). */
    static List<Entry> stanzaEntries(String text) {
        List<Entry> entries = new ArrayList<>();
        for (String stanza : text.split("\\n\\s*\\n")) {
            Map<String, String> fields = fields(stanza);
            boolean binary = words(fields.getOrDefault("types", "")).contains("deb");
            if (!binary || fields.getOrDefault("enabled", "yes").equalsIgnoreCase("no")) {
                continue;
            }
            Optional<String> signedBy = Optional.ofNullable(fields.get("signed-by"));
            List<String> components = words(fields.getOrDefault("components", ""));
            for (String uri : words(fields.getOrDefault("uris", ""))) {
                for (String suite : words(fields.getOrDefault("suites", ""))) {
                    entries.add(new Entry(uri, suite, components, signedBy));
                }
            }
        }
        return entries;
    }

    private static Map<String, String> fields(String stanza) {
        Map<String, String> fields = new HashMap<>();
        String key = "";
        for (String line : stanza.lines().toList()) {
            if (line.startsWith("#") || line.isBlank()) {
                continue;
            }
            int colon = line.indexOf(':');
            if (Character.isWhitespace(line.charAt(0))) {
                fields.merge(key, line.strip(), (a, b) -> a + " " + b);
            } else if (colon > 0) {
                key = line.substring(0, colon).toLowerCase(Locale.ROOT);
                fields.put(key, line.substring(colon + 1).strip());
            }
        }
        return fields;
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.strip().split("\\s+"))
                .filter(w -> !w.isEmpty())
                .toList();
    }
}
