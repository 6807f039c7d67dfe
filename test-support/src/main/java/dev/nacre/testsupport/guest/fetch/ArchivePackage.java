package dev.nacre.testsupport.guest.fetch;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One binary package that apt would download.
 *
 * @param name the package's name
 * @param version its version
 * @param fileName the file apt stores it under
 * @param sizeBytes the size of that file
 */
record ArchivePackage(String name, String version, String fileName, long sizeBytes) {
    private static final Pattern PRINTED_URI =
            Pattern.compile("^'[^']+' (([^_ ]+)_([^_ ]+)_[^_ ]+\\.deb) (\\d+)(?: .*)?$");

    /** Reads the output of {@code apt-get --print-uris}; other lines are apt's talk and are skipped. */
    static List<ArchivePackage> printedBy(String output) {
        List<ArchivePackage> packages = new ArrayList<>();
        for (String line : output.lines().toList()) {
            Matcher m = PRINTED_URI.matcher(line);
            if (m.matches()) {
                String version = m.group(3).replace("%3a", ":");
                packages.add(new ArchivePackage(m.group(2), version, m.group(1), Long.parseLong(m.group(4))));
            }
        }
        return packages;
    }
}
