/** Pictures of what a board shows. Depends on nothing, so that it can be used on its own. */
@org.jspecify.annotations.NullMarked
module dev.nacre.display {
    requires static org.jspecify;

    exports dev.nacre.display;
    exports dev.nacre.display.rfb;
}
