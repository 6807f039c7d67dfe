package dev.nacre.testsupport.guest.fetch;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What one part of a kit takes from the archive.
 *
 * @param name the part's folder name, also used in messages
 * @param suite the suite whose versions are preferred; the others fill in what it lacks
 * @param packages the packages wanted
 * @param closure how far their dependencies follow
 * @param component the archive area the packages are in
 */
public record PackageSet(String name, Suite suite, List<String> packages, Closure closure, Component component) {

    /** A Debian release's suites that a kit takes packages from. */
    public enum Suite {
        /** The stable release. */
        STABLE("trixie"),
        /** Newer versions rebuilt for the stable release. */
        BACKPORTS("trixie-backports");

        private final String archiveName;

        Suite(String archiveName) {
            this.archiveName = archiveName;
        }

        /** The suite's name in the archive. */
        public String archiveName() {
            return archiveName;
        }
    }

    /** An archive area. */
    public enum Component {
        /** Free software: all that a kit needs. */
        MAIN("main"),
        /** The vendor's firmware files, only when asked for. */
        NON_FREE_FIRMWARE("non-free-firmware");

        private final String archiveName;

        Component(String archiveName) {
            this.archiveName = archiveName;
        }

        /** The area's name in the archive. */
        public String archiveName() {
            return archiveName;
        }
    }

    /** How far dependencies follow. */
    public sealed interface Closure {
        /** Exactly the named packages. */
        record None() implements Closure {}

        /**
         * All that apt would install on an empty system, as far as the names match.
         *
         * @param kept names of packages that are kept
         */
        record Matching(Pattern kept) implements Closure {}
    }

    /** Copies the list. */
    public PackageSet {
        packages = List.copyOf(packages);
    }
}
