/** The command line: {@code nacre}. */
@org.jspecify.annotations.NullMarked
module dev.nacre.cli {
    requires static org.jspecify;
    requires dev.nacre.board;
    requires dev.nacre.core;
    requires dev.nacre.core.c;
    requires dev.nacre.core.java;
    requires dev.nacre.daemon;
    requires dev.nacre.display;
    requires dev.nacre.drm;
    requires dev.nacre.hw;
    requires dev.nacre.linux;
    requires dev.nacre.pci;
    requires dev.nacre.testsupport;
    requires dev.nacre.vfiouser;
    requires info.picocli;
    requires io.avaje.json;
    requires io.avaje.jsonb;
    requires org.apache.httpcomponents.core5.httpcore5;

    opens dev.nacre.cli to
            info.picocli;
}
