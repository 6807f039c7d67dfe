/** Nacre board: the software GPU. */
@org.jspecify.annotations.NullMarked
module dev.nacre.board {
    requires static org.jspecify;
    requires transitive dev.nacre.hw;
    requires transitive dev.nacre.pci;
    requires transitive dev.nacre.linux;

    exports dev.nacre.board;
}
