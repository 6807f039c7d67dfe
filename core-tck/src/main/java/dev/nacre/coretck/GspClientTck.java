package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.GspClient;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Clients of the GPU's firmware, and controls that go through to it. */
@Needs(Capability.GSP_CLIENT_ALLOC)
abstract class GspClientTck extends TckGroup {
    // HW: open-gpu-kernel-modules ctrl2080gpu.h, NV2080_CTRL_CMD_GPU_GET_VMMU_SEGMENT_SIZE: 64 bits come back
    private static final int GET_VMMU_SEGMENT_SIZE = 0x2080017e;
    private static final int SEGMENT_SIZE_BYTES = 8;

    /** No firmware has a control of this number. */
    private static final int NO_CONTROL = 0x2080fff0;

    private static final int TOO_MANY = 5000;

    @Test
    @Covers({"Attachment.allocGspClient", "GspClient.handle", "GspClient.close"})
    void clientsHaveHandlesOfTheirOwn() {
        try (Attachment attachment = attach()) {
            GspClient first = attachment.allocGspClient();
            GspClient second = attachment.allocGspClient();

            assertThat(first.handle()).isNotZero().isNotEqualTo(second.handle());
            first.close();
            first.close();
        }
    }

    @Test
    @Covers({"Attachment.allocGspClient", "GspClient.close"})
    void tooManyClientsAreRefusedAndThoseThatWereFreedCanBeHadAgain() {
        try (Attachment attachment = attach()) {
            List<GspClient> clients = allOf(attachment);

            assertThat(clients).hasSizeLessThan(TOO_MANY).isNotEmpty();
            clients.removeLast().close();
            clients.add(attachment.allocGspClient());
            assertError(CoreError.NO_SPACE, attachment::allocGspClient);
        }
        try (Attachment attachment = attach()) {
            assertThat(attachment.allocGspClient().handle()).isNotZero();
        }
    }

    private static List<GspClient> allOf(Attachment attachment) {
        List<GspClient> clients = new ArrayList<>();
        try {
            while (clients.size() < TOO_MANY) {
                clients.add(attachment.allocGspClient());
            }
        } catch (CoreException e) {
            assertThat(e.error()).isEqualTo(CoreError.NO_SPACE);
        }
        return clients;
    }

    @Test
    @Needs(Capability.RM_PASS_THROUGH)
    @Covers("GspClient.read")
    void controlIsAnsweredByTheFirmware() {
        try (Attachment attachment = attach();
                GspClient client = attachment.allocGspClient()) {
            byte[] reply = client.read(GET_VMMU_SEGMENT_SIZE, new byte[SEGMENT_SIZE_BYTES]);

            assertThat(ByteBuffer.wrap(reply).order(ByteOrder.LITTLE_ENDIAN).getLong())
                    .isEqualTo(core().board().vmmuSegmentBytes());
        }
    }

    @Test
    @Needs(Capability.RM_PASS_THROUGH)
    @Covers("GspClient.read")
    void parametersThatWentInStayAsTheyWere() {
        try (Attachment attachment = attach();
                GspClient client = attachment.allocGspClient()) {
            byte[] parameters = {1, 2, 3, 4, 5, 6, 7, 8};

            byte[] reply = client.read(GET_VMMU_SEGMENT_SIZE, parameters);

            assertThat(parameters).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
            assertThat(reply).hasSameSizeAs(parameters);
        }
    }

    @Test
    @Needs(Capability.RM_PASS_THROUGH)
    @Covers("GspClient.write")
    void controlWithoutAReplyIsTaken() {
        try (Attachment attachment = attach();
                GspClient client = attachment.allocGspClient()) {
            client.write(GET_VMMU_SEGMENT_SIZE, new byte[SEGMENT_SIZE_BYTES]);

            assertThat(client.handle()).isNotZero();
        }
    }

    @Test
    @Needs(Capability.RM_PASS_THROUGH)
    @Covers({"GspClient.read", "GspClient.write"})
    void controlThatTheFirmwareRefusesIsAnErrorWithItsStatus() {
        try (Attachment attachment = attach();
                GspClient client = attachment.allocGspClient()) {
            assertThat(assertError(CoreError.IO, () -> client.read(NO_CONTROL, new byte[16])))
                    .containsPattern("(?i)(0x|status=)[0-9a-f]+");
            assertError(CoreError.IO, () -> client.write(NO_CONTROL, new byte[16]));
        }
    }

    @Test
    @Needs(Capability.RM_PASS_THROUGH)
    @Covers({"GspClient.read", "GspClient.write"})
    void parametersOfManyQueueElementsComeThrough() {
        try (Attachment attachment = attach();
                GspClient client = attachment.allocGspClient()) {
            for (int bytes : new int[] {0, 4000, 65_400, 65_536, 66_000, 316_936, 1 << 20}) {
                assertError(CoreError.IO, () -> client.read(NO_CONTROL, new byte[bytes]));
            }
            assertThat(client.read(GET_VMMU_SEGMENT_SIZE, new byte[SEGMENT_SIZE_BYTES]))
                    .hasSize(SEGMENT_SIZE_BYTES);
        }
    }

    @Test
    @Needs(Capability.RM_PASS_THROUGH)
    @Covers({"GspClient.read", "GspClient.write"})
    void parametersThatAreTooLongAreRefused() {
        try (Attachment attachment = attach();
                GspClient client = attachment.allocGspClient()) {
            byte[] tooLong = new byte[16 << 20];

            assertError(CoreError.INVALID_ARGUMENT, () -> client.read(GET_VMMU_SEGMENT_SIZE, tooLong));
            assertError(CoreError.INVALID_ARGUMENT, () -> client.write(GET_VMMU_SEGMENT_SIZE, tooLong));
        }
    }

    @Test
    @Needs(Capability.RM_PASS_THROUGH)
    @Covers({"GspClient.read", "GspClient.write", "GspClient.close"})
    void freedClientIsStale() {
        try (Attachment attachment = attach()) {
            GspClient client = attachment.allocGspClient();
            client.close();

            assertOneOf(Set.of(CoreError.STALE), () -> client.read(GET_VMMU_SEGMENT_SIZE, new byte[8]));
            assertOneOf(Set.of(CoreError.STALE), () -> client.write(GET_VMMU_SEGMENT_SIZE, new byte[8]));
        }
    }
}
