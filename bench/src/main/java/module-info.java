/** Nacre benchmarks: measurements of the whole and of its parts, each beside a baseline of the same run. */
@org.jspecify.annotations.NullMarked
module dev.nacre.bench {
    requires static org.jspecify;
    requires java.management;
    requires jdk.management;
    requires dev.nacre.board;
    requires dev.nacre.core;
    requires dev.nacre.core.c;
    requires dev.nacre.core.java;
    requires dev.nacre.display;
    requires dev.nacre.hw;
    requires dev.nacre.linux;
    requires dev.nacre.pci;
    requires dev.nacre.samples;
    requires dev.nacre.testsupport;
    requires dev.nacre.vfio;
    requires dev.nacre.vfiouser;
}
