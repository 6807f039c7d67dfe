/** The interface of the core that owns a GPU, for the drivers above it and for the implementations below. */
@org.jspecify.annotations.NullMarked
module dev.nacre.core {
    requires static org.jspecify;
    requires transitive dev.nacre.pci;

    exports dev.nacre.core;
    exports dev.nacre.core.spi;

    uses dev.nacre.core.spi.CoreProvider;
}
