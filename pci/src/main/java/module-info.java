/** Nacre PCI functions. */
@org.jspecify.annotations.NullMarked
module dev.nacre.pci {
    requires static org.jspecify;
    requires transitive dev.nacre.linux;

    exports dev.nacre.pci;
    exports dev.nacre.pci.bus;
}
