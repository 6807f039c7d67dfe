/** Nacre Linux: the only module that makes system calls. */
@org.jspecify.annotations.NullMarked
module dev.nacre.linux {
    requires static org.jspecify;

    exports dev.nacre.linux;
}
