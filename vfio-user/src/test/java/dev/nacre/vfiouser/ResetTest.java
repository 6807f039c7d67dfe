package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.RESET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.vfiouser.RawClient.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeavesNothing.class)
class ResetTest {
    private final Served served = Served.negotiated();

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void resetsTheFunctionBeforeItAnswers() {
        Reply reply = served.client.call(RESET, Bytes.none());

        assertThat(reply.errno()).isZero();
        assertThat(reply.body()).isEmpty();
        assertThat(served.function.calls).containsExactly("reset");
    }

    @Test
    void bodyIsRefused() {
        assertThat(served.client.call(RESET, new byte[4]).errno()).isEqualTo(EINVAL);
        assertThat(served.function.calls).isEmpty();
        served.client.assertUsable();
    }

    @Test
    void modelThatFailsToResetIsAnsweredAllTheSame() {
        served.function.failure = new FakeFunction.PlantedException();

        assertThat(served.client.call(RESET, Bytes.none()).errno()).isZero();
        served.client.assertUsable();
    }
}
