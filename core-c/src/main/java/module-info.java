/** Nacre's core in C, driven from Java; and any core of Java's as a table for C. */
@org.jspecify.annotations.NullMarked
module dev.nacre.core.c {
    requires static org.jspecify;
    requires transitive dev.nacre.core;

    exports dev.nacre.corec;

    provides dev.nacre.core.spi.CoreProvider with
            dev.nacre.corec.NativeCoreProvider;
}
