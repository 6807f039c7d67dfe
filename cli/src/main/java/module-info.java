/** Nacre command line. */
@org.jspecify.annotations.NullMarked
module dev.nacre.cli {
    requires static org.jspecify;
    requires transitive dev.nacre.board;
    requires transitive dev.nacre.vfiouser;
    requires transitive dev.nacre.display;
    requires transitive dev.nacre.testsupport;

    exports dev.nacre.cli;
}
