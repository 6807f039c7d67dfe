/** Nacre Linux: the only module that calls native functions. */
@org.jspecify.annotations.NullMarked
module dev.nacre.linux {
    requires static org.jspecify;

    exports dev.nacre.linux;
}
