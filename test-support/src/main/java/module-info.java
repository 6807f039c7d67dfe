/**
 * Nacre test support: the guest kit that boots unmodified Linux guests against a vfio-user socket, a direct driver that
 * needs no guest, and recordings of what a guest did.
 */
@org.jspecify.annotations.NullMarked
module dev.nacre.testsupport {
    requires static org.jspecify;
    requires io.avaje.json;
    requires dev.nacre.vfiouser;
    requires transitive dev.nacre.hw;
    requires transitive dev.nacre.linux;
    requires transitive dev.nacre.pci;

    exports dev.nacre.testsupport.daemon;
    exports dev.nacre.testsupport.driver;
    exports dev.nacre.testsupport.guest;
    exports dev.nacre.testsupport.guest.fetch;
    exports dev.nacre.testsupport.guest.host;
    exports dev.nacre.testsupport.guest.image;
    exports dev.nacre.testsupport.guest.qemu;
    exports dev.nacre.testsupport.replay;
    exports dev.nacre.testsupport.rfb;
}
