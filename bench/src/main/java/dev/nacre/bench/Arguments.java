package dev.nacre.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The command line: {@code --launcher PATH [--package PATH] [SECTION...]}.
 *
 * @param launcher the script that starts Nacre
 * @param archive the tar.gz of a package, if one was given
 * @param sections what to measure; those that run unasked if none was named
 */
record Arguments(Path launcher, Optional<Path> archive, Set<SectionName> sections) {
    /**
     * Reads it.
     *
     * @throws UsageException if it is wrong, with one line that says why
     */
    static Arguments parse(String... words) throws UsageException {
        Set<SectionName> sections = EnumSet.noneOf(SectionName.class);
        @Nullable Path launcher = null;
        @Nullable Path archive = null;
        for (int i = 0; i < words.length; i++) {
            String word = words[i];
            if (word.equals("--launcher")) {
                i++;
                if (i == words.length) {
                    throw new UsageException("--launcher needs the path of ./nacre");
                }
                launcher = Path.of(words[i]);
            } else if (word.equals("--package")) {
                i++;
                if (i == words.length) {
                    throw new UsageException("--package needs the path of a tar.gz");
                }
                archive = Path.of(words[i]);
            } else {
                sections.add(SectionName.of(word)
                        .orElseThrow(() ->
                                new UsageException("No such section: " + word + "; there are " + SectionName.words())));
            }
        }
        if (launcher == null) {
            throw new UsageException("--launcher is missing: the path of ./nacre");
        }
        if (sections.isEmpty()) {
            Arrays.stream(SectionName.values()).filter(SectionName::runsUnasked).forEach(sections::add);
        }
        return new Arguments(launcher, Optional.ofNullable(archive), sections);
    }

    /** The command line is wrong. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }
}
