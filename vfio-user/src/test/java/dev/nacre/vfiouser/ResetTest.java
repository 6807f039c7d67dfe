package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.DMA_MAP;
import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.RESET;
import static dev.nacre.vfiouser.RawClient.SET_IRQS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.vfiouser.RawClient.Reply;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
    void modelReachesMemoryInItsResetAndNoMoreWhenTheClientHasGone() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        Runnable look = () -> seen.add(served.function.memory().isMapped(0x1000, 4, false) ? "mapped" : "unmapped");
        served.function.onReset = look;
        served.function.onDisconnected = look;
        try (Fd ram = Memfd.ofFixedSize("ram", 4096)) {
            byte[] map = Bytes.of().u32(32, 3).u64(0).u64(0x1000).u64(4096).get();
            served.client.call(DMA_MAP, map, ram);

            served.client.call(RESET, Bytes.none());
            served.leave();
        }

        assertThat(seen).containsExactly("mapped", "unmapped");
    }

    @Test
    void resetKeepsMemoryAndEventfdsOfTheClient() {
        try (Fd ram = Memfd.ofFixedSize("ram", 4096);
                EventFd event = EventFd.create()) {
            byte[] map = Bytes.of().u32(32, 3).u64(0).u64(0x1000).u64(4096).get();
            served.client.call(DMA_MAP, map, ram);
            byte[] bind = Bytes.of().u32(20, 0x24, 1, 0, 1).get();
            served.client.call(SET_IRQS, bind, event.fd());

            served.client.call(RESET, Bytes.none());
            served.function.interrupts().message(0);

            assertThat(served.function.memory().readInt(0x1000)).isZero();
            assertThat(event.drain()).isEqualTo(1);
        }
    }

    @Test
    void postedResetIsDoneAndNotAnswered() {
        served.client.post(RESET, Bytes.none());
        served.client.assertUsable();

        assertThat(served.function.calls).containsExactly("reset");
    }

    @Test
    void modelThatFailsToResetIsAnsweredAllTheSame() {
        served.function.failure = new FakeFunction.PlantedException();

        assertThat(served.client.call(RESET, Bytes.none()).errno()).isZero();
        served.client.assertUsable();
    }
}
