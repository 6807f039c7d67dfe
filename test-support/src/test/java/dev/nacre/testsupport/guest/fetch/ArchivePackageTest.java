package dev.nacre.testsupport.guest.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArchivePackageTest {
    @Test
    void printedAddressesAreReadAndTalkIsSkipped() {
        String printed = """
                Reading package lists...
                After this operation, 179 MB of additional disk space will be used.
                'http://mirror.example/pool/q/qemu-system-x86_11.1.3_amd64.deb' qemu-system-x86_1%3a11.1.3+ds-1~bpo13+1_amd64.deb 10377056 SHA256:00ff
                'http://mirror.example/pool/s/seabios_1.17.0-1_all.deb' seabios_1.17.0-1_all.deb 160548\s
                """;

        assertThat(ArchivePackage.printedBy(printed))
                .containsExactly(
                        new ArchivePackage(
                                "qemu-system-x86",
                                "1:11.1.3+ds-1~bpo13+1",
                                "qemu-system-x86_1%3a11.1.3+ds-1~bpo13+1_amd64.deb",
                                10377056),
                        new ArchivePackage("seabios", "1.17.0-1", "seabios_1.17.0-1_all.deb", 160548));
    }

    @Test
    void nothingPrintedIsNoPackage() {
        assertThat(ArchivePackage.printedBy("")).isEmpty();
    }
}
