/** The software GPU: a thin PCI function, one package per hardware block, one HAL per chip. */
@org.jspecify.annotations.NullMarked
module dev.nacre.board {
    requires static org.jspecify;
    requires transitive dev.nacre.hw;
    requires transitive dev.nacre.pci;
    requires dev.nacre.linux;

    exports dev.nacre.board;
}
