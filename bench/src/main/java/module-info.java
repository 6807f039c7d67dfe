/** Nacre benchmarks. */
@org.jspecify.annotations.NullMarked
module dev.nacre.bench {
    requires static org.jspecify;
    requires transitive dev.nacre.board;
    requires transitive dev.nacre.vfiouser;

    exports dev.nacre.bench;
}
