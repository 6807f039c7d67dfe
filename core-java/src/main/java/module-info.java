/** The core in Java. */
@org.jspecify.annotations.NullMarked
module dev.nacre.core.java {
    requires static org.jspecify;
    requires transitive dev.nacre.core;
    requires dev.nacre.hw;

    provides dev.nacre.core.spi.CoreProvider with
            dev.nacre.corejava.JavaCoreProvider;
}
