/** Nacre test support and guest kit. */
@org.jspecify.annotations.NullMarked
module dev.nacre.testsupport {
    requires static org.jspecify;
    requires transitive dev.nacre.linux;
    requires transitive dev.nacre.pci;

    exports dev.nacre.testsupport;
}
