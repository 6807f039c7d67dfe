/** The conformance kit: what every implementation of the core passes, on every way to a board. */
@org.jspecify.annotations.NullMarked
module dev.nacre.core.tck {
    requires static org.jspecify;
    requires transitive dev.nacre.core;
    requires transitive org.junit.jupiter.api;
    requires dev.nacre.linux;
    requires org.assertj.core;

    exports dev.nacre.coretck;

    opens dev.nacre.coretck to
            org.junit.platform.commons;
}
