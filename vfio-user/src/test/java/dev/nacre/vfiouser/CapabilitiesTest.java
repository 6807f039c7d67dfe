package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeavesNothing.class)
class CapabilitiesTest {
    private static final byte[] QEMU = ("{\"capabilities\": {\"pgsizes\": 4096, \"max_msg_fds\": 16,"
                    + " \"max_dma_maps\": 65535, \"max_data_xfer_size\": 1048576,"
                    + " \"migration\": {\"max_bitmap_size\": 268435456, \"pgsize\": 4096}, \"write_multiple\": true}}")
            .getBytes(StandardCharsets.UTF_8);

    @Test
    void allThatQemuOffersIsRead() {
        assertThat(Capabilities.parse(QEMU))
                .contains(new Capabilities(
                        16,
                        1 << 20,
                        true,
                        false,
                        Capabilities.NO_TWIN,
                        Set.of(
                                "pgsizes",
                                "max_msg_fds",
                                "max_dma_maps",
                                "max_data_xfer_size",
                                "migration",
                                "migration.max_bitmap_size",
                                "migration.pgsize",
                                "write_multiple")));
    }

    @Test
    void whatThisSideWritesItCanRead() {
        Capabilities own = Capabilities.parse(Capabilities.write(true, true, 3)).orElseThrow();

        assertThat(own.maxFds()).isEqualTo(16);
        assertThat(own.maxDataBytes()).isEqualTo(1 << 20);
        assertThat(own.writeMultiple()).isTrue();
        assertThat(own.keys()).contains("migration.pgsize");
        assertThat(own.twinSocket()).isTrue();
        assertThat(own.twinIndex()).isEqualTo(3);
    }

    @Test
    void whatAClientOffersCanBeRead() {
        ClientOptions options = ClientOptions.DEFAULT.withTwinSocket(true).withMaxDataBytes(4096);

        Capabilities offer =
                Capabilities.parse(Capabilities.writeOffer(options)).orElseThrow();

        assertThat(offer.maxDataBytes()).isEqualTo(4096);
        assertThat(offer.twinSocket()).isTrue();
        assertThat(offer.twinIndex()).isEqualTo(Capabilities.NO_TWIN);
    }

    @Test
    void damagedTextNeverThrows() {
        Random random = new Random(20261123);
        for (int round = 0; round < 20_000; round++) {
            byte[] text = Arrays.copyOf(QEMU, random.nextInt(QEMU.length + 1));
            for (int i = 0; i < 4 && text.length > 0; i++) {
                text[random.nextInt(text.length)] = (byte) random.nextInt(256);
            }
            assertThatCode(() -> Capabilities.parse(text)).doesNotThrowAnyException();
        }
    }

    @Test
    void sixtyFourKilobytesOfKeysAreRead() {
        StringBuilder text = new StringBuilder("{\"capabilities\":{\"k\":0");
        for (int i = 0; text.length() < 65_000; i++) {
            text.append(",\"key").append(i).append("\":{}");
        }
        text.append("}}");

        assertThat(Capabilities.parse(text.toString().getBytes(StandardCharsets.UTF_8)))
                .hasValueSatisfying(read -> assertThat(read.maxFds()).isEqualTo(1));
    }
}
