package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.GET_INFO;
import static dev.nacre.vfiouser.RawClient.VERSION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.EventFd;
import dev.nacre.vfiouser.RawClient.Reply;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeavesNothing.class)
class VersionTest {
    /** What QEMU 11.1.3 sends. */
    private static final String QEMU =
            "{\"capabilities\": {\"pgsizes\": 4096, \"max_msg_fds\": 16, \"max_dma_maps\": 65535,"
                    + " \"max_data_xfer_size\": 1048576, \"migration\": {\"max_bitmap_size\": 268435456, \"pgsize\": 4096},"
                    + " \"write_multiple\": true}}\0";

    private final Served served = Served.silent();

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void qemusOfferIsAnsweredWithWhatQemuAccepts() {
        Reply reply = served.client.call(VERSION, version(0, 0, QEMU));

        assertThat(reply.errno()).isZero();
        assertThat(reply.little().getInt(0)).isZero();
        assertThat(json(reply))
                .isEqualTo("{\"capabilities\":{\"max_msg_fds\":16,\"max_data_xfer_size\":1048576,"
                        + "\"max_dma_maps\":65535,\"pgsizes\":4096}}\0");
        assertThat(served.connected).containsExactly(new ClientInfo(0, 16, 1 << 20, ClientKind.QEMU));
        served.client.assertUsable();
    }

    @Test
    void noJsonMeansDefaults() {
        Reply reply = served.client.call(VERSION, Bytes.of().u16(0).u16(0).get());

        assertThat(reply.errno()).isZero();
        assertThat(json(reply)).contains("\"max_msg_fds\":16").endsWith("}\0");
        assertThat(served.connected).containsExactly(new ClientInfo(0, 1, 1 << 20, ClientKind.OTHER));
    }

    @Test
    void deviceThatCanMigrateSaysSo() {
        try (Served migratable = Served.silent(new FakeMigration(false))) {
            Reply reply = migratable.client.call(VERSION, version(0, 0, QEMU));

            assertThat(json(reply))
                    .isEqualTo("{\"capabilities\":{\"max_msg_fds\":16,\"max_data_xfer_size\":1048576,"
                            + "\"max_dma_maps\":65535,\"pgsizes\":4096,\"migration\":{\"pgsize\":4096}}}\0");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "2, 2", "3, 2", "9, 2", "65535, 2"})
    void minorIsTheLesserOfBoth(int asked, int answered) {
        Reply reply = served.client.call(VERSION, version(0, asked, "{}\0"));

        assertThat(reply.little().getShort(2)).isEqualTo((short) answered);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}\0",
                "{\"capabilities\":{}}\0",
                " { \"capabilities\" : { } } \n\0",
                "{\"other\":[1,{\"x\":\"}\"}],\"capabilities\":{\"unknown\":{\"deep\":[[]]},\"max_msg_fds\":0}}\0",
                "{\"capabilities\":{\"max_msg_fds\":1024,\"max_data_xfer_size\":9223372036854775807}}\0",
                "{\"capabilities\":{\"twin_socket\":{\"supported\":true}}}\0",
                "{\"capabilities\":{\"migration\":{\"pgsize\":8192,\"other\":1}}}\0",
                "{}\0garbage behind the end\0"
            })
    void soundOffersAreAccepted(String json) {
        Reply reply = served.client.call(VERSION, version(0, 0, json));

        assertThat(reply.errno()).isZero();
        assertThat(json(reply)).doesNotContain("twin_socket").doesNotContain("write_multiple");
        served.client.assertUsable();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"capabilities\":{\0",
                "{\"capabilities\":{\"max_msg_fds\":\0",
                "{\"capabilities\":\"x\"}\0",
                "{\"capabilities\":[]}\0",
                "{\"capabilities\":{\"max_msg_fds\":\"3\"}}\0",
                "{\"capabilities\":{\"max_msg_fds\":-1}}\0",
                "{\"capabilities\":{\"max_msg_fds\":1025}}\0",
                "{\"capabilities\":{\"max_msg_fds\":1.5}}\0",
                "{\"capabilities\":{\"max_data_xfer_size\":-1}}\0",
                "{\"capabilities\":{\"max_data_xfer_size\":99999999999999999999}}\0",
                "{\"capabilities\":{\"max_dma_maps\":true}}\0",
                "{\"capabilities\":{\"pgsizes\":4095}}\0",
                "{\"capabilities\":{\"write_multiple\":1}}\0",
                "{\"capabilities\":{\"twin_socket\":true}}\0",
                "{\"capabilities\":{\"migration\":7}}\0",
                "{\"capabilities\":{\"migration\":{\"pgsize\":\"4096\"}}}\0",
                "{\"capabilities\":{\"migration\":{\"pgsize\":4095}}}\0",
                "{\"capabilities\":{}} x\0",
                "[]\0",
                "7\0",
                "\0",
                "\"\\\0"
            })
    void malformedOffersAreRefusedAndASoundOneMayFollow(String json) {
        Reply refused = served.client.call(VERSION, version(0, 0, json));
        Reply accepted = served.client.call(VERSION, version(0, 0, "{}\0"));

        assertThat(refused.errno()).isEqualTo(EINVAL);
        assertThat(accepted.errno()).isZero();
    }

    @Test
    void deepNestingIsRefusedWithoutRecursion() {
        String deep = "{\"x\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}\0";

        assertThat(served.client.call(VERSION, version(0, 0, deep)).errno()).isEqualTo(EINVAL);
    }

    @Test
    void otherMajorIsRefused() {
        assertThat(served.client.call(VERSION, version(1, 0, "{}\0")).errno()).isEqualTo(EINVAL);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void shortBodyIsRefused(int length) {
        assertThat(served.client.call(VERSION, new byte[length]).errno()).isEqualTo(EINVAL);
    }

    @Test
    void tooLargeMessageEndsTheConnection() {
        served.client.send(Bytes.header(1, VERSION, 1 << 20, 0).get());

        assertThat(served.client.receive().errno()).isEqualTo(EINVAL);
        served.client.awaitEnd();
    }

    @Test
    void otherCommandFirstIsRefused() {
        Reply refused = served.client.call(GET_INFO, Bytes.of().u32(16, 0, 0, 0).get());
        Reply accepted = served.client.call(VERSION, version(0, 0, "{}\0"));

        assertThat(refused.errno()).isEqualTo(EINVAL);
        assertThat(accepted.errno()).isZero();
    }

    @Test
    void postedVersionAgreesWithoutAnAnswer() {
        served.client.post(VERSION, version(0, 0, "{}\0"));

        served.client.assertUsable();
        assertThat(served.connected).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "0|'\"more\":1,\"write_multiple\":true'|QEMU",
                "1|'\"write_multiple\":true'|OTHER",
                "0|'\"other\":true'|OTHER"
            })
    void qemuIsRecognisedByWhatItSaysAtLeast(int minor, String last, ClientKind kind) {
        String offer = "{\"capabilities\":{\"pgsizes\":4096,\"max_msg_fds\":16,\"max_dma_maps\":65535,"
                + "\"max_data_xfer_size\":1048576,"
                + "\"migration\":{\"max_bitmap_size\":268435456,\"pgsize\":4096},"
                + last + "}}\0";

        served.client.call(VERSION, version(0, minor, offer));

        assertThat(served.connected).extracting(ClientInfo::kind).containsExactly(kind);
    }

    @Test
    void secondVersionIsRefused() {
        served.client.call(VERSION, version(0, 0, "{}\0"));

        assertThat(served.client.call(VERSION, version(0, 0, "{}\0")).errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @Test
    void descriptorsAreRefusedAndClosed() throws Exception {
        try (EventFd event = EventFd.create()) {
            long before = OpenFds.count();

            Reply reply = served.client.call(VERSION, version(0, 0, "{}\0"), event.fd());
            served.client.call(VERSION, version(0, 0, "{}\0"));

            assertThat(reply.errno()).isEqualTo(EINVAL);
            assertThat(OpenFds.count()).isEqualTo(before);
        }
    }

    @Test
    void newClientFindsTheFunctionReset() {
        served.client.call(VERSION, version(0, 0, QEMU));

        assertThat(served.function.calls).containsExactly("reset");
    }

    @Test
    void rustVmmIsRecognisedByItsOffer() {
        String exact = "{\"capabilities\":{\"max_msg_fds\":1,\"max_data_xfer_size\":1048576,"
                + "\"migration\":{\"pgsize\":4096}}}\0";

        served.client.call(VERSION, version(0, 1, exact));

        assertThat(served.connected).extracting(ClientInfo::kind).containsExactly(ClientKind.RUST_VMM);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "0|{\"capabilities\":{\"max_msg_fds\":1,\"max_data_xfer_size\":1048576,\"migration\":{\"pgsize\":4096}}}",
                "1|{\"capabilities\":{\"max_msg_fds\":2,\"max_data_xfer_size\":1048576,\"migration\":{\"pgsize\":4096}}}",
                "1|{\"capabilities\":{\"max_msg_fds\":1,\"max_data_xfer_size\":1048576}}",
                "1|{\"capabilities\":{\"max_msg_fds\":1,\"max_data_xfer_size\":1,\"migration\":{\"pgsize\":4096,\"x\":1}}}"
            })
    void nobodyElseIsTakenForRustVmm(int minor, String json) {
        served.client.call(VERSION, version(0, minor, json + "\0"));

        assertThat(served.connected).extracting(ClientInfo::kind).containsExactly(ClientKind.OTHER);
    }

    private static byte[] version(int major, int minor, String json) {
        return Bytes.of().u16(major).u16(minor).text(json).get();
    }

    private static String json(Reply reply) {
        return new String(reply.body(), 4, reply.body().length - 4, StandardCharsets.UTF_8);
    }
}
