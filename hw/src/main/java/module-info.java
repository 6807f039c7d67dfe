/** Nacre hardware tables. */
@org.jspecify.annotations.NullMarked
module dev.nacre.hw {
    requires static org.jspecify;

    exports dev.nacre.hw;
}
