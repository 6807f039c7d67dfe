/** Nacre test support: the guest kit that boots unmodified Linux guests against a vfio-user socket. */
@org.jspecify.annotations.NullMarked
module dev.nacre.testsupport {
    requires static org.jspecify;
    requires io.avaje.json;

    exports dev.nacre.testsupport.guest;
    exports dev.nacre.testsupport.guest.fetch;
    exports dev.nacre.testsupport.guest.host;
    exports dev.nacre.testsupport.guest.image;
    exports dev.nacre.testsupport.guest.qemu;
}
