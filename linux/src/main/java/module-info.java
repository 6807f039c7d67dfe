/** Nacre Linux: system calls by FFM. */
@org.jspecify.annotations.NullMarked
module dev.nacre.linux {
    requires static org.jspecify;

    exports dev.nacre.linux;
}
