/** Nacre guest tests. */
@org.jspecify.annotations.NullMarked
module dev.nacre.guesttests {
    requires static org.jspecify;
    requires transitive dev.nacre.cli;

    exports dev.nacre.guesttests;
}
