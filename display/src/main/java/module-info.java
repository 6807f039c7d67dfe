/** Nacre display: scan-out to pictures. */
@org.jspecify.annotations.NullMarked
module dev.nacre.display {
    requires static org.jspecify;

    exports dev.nacre.display;
}
