package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.DMA_MAP;
import static dev.nacre.vfiouser.RawClient.DMA_UNMAP;
import static dev.nacre.vfiouser.RawClient.REGION_READ;
import static dev.nacre.vfiouser.RawClient.REGION_WRITE;
import static dev.nacre.vfiouser.RawClient.RESET;
import static dev.nacre.vfiouser.RawClient.SET_IRQS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import java.util.Random;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two servers in one process: whatever the client of one does, the client of the other notices nothing. */
@ExtendWith(LeavesNothing.class)
class HostileClientTest {
    private static final int MANY = 5000;

    /** What a client can do to a server. */
    enum Attack {
        DIES_IN_A_MESSAGE {
            @Override
            void run(Served on) {
                on.client.send(Bytes.header(1, REGION_WRITE, 100, 0).get());
                on.client.hangUp();
            }
        },
        DIES_WITH_REPLIES_UNREAD {
            @Override
            void run(Served on) {
                for (int i = 0; i < 20; i++) {
                    on.client.send(Bytes.message(i, REGION_READ, 0, access(FakeFunction.BAR1, 1 << 20)));
                }
                on.client.hangUp();
            }
        },
        NEVER_READS {
            @Override
            void run(Served on) {
                for (int i = 0; i < 20; i++) {
                    on.client.send(Bytes.message(i, REGION_READ, 0, access(FakeFunction.BAR1, 1 << 20)));
                }
            }
        },
        POSTS_WRITES {
            @Override
            void run(Served on) {
                byte[] write =
                        Bytes.of().raw(access(FakeFunction.BAR0, 4)).u32(1).get();
                for (int i = 0; i < MANY; i++) {
                    on.client.post(REGION_WRITE, write);
                }
            }
        },
        POSTS_RESETS {
            @Override
            void run(Served on) {
                for (int i = 0; i < MANY; i++) {
                    on.client.post(RESET, Bytes.none());
                }
            }
        },
        MAPS_AND_UNMAPS {
            @Override
            void run(Served on) {
                byte[] map = Bytes.of().u32(32, 3).u64(0).u64(0).u64(4096).get();
                byte[] unmap = Bytes.of().u32(24, 0).u64(0).u64(4096).get();
                try (Fd file = Memfd.ofFixedSize("attack", 4096)) {
                    for (int i = 0; i < MANY; i++) {
                        on.client.post(DMA_MAP, map, file);
                        on.client.post(DMA_UNMAP, unmap);
                    }
                }
            }
        },
        BINDS_AND_UNBINDS {
            @Override
            void run(Served on) {
                byte[] one = Bytes.of().u32(20, 0x24, 1, 0, 1).get();
                try (EventFd event = EventFd.create()) {
                    for (int i = 0; i < MANY; i++) {
                        on.client.post(SET_IRQS, one, event.fd());
                        on.client.post(SET_IRQS, one);
                    }
                }
            }
        },
        LIES {
            @Override
            void run(Served on) {
                Random random = new Random(99);
                for (int i = 0; i < MANY; i++) {
                    byte[] body = new byte[random.nextInt(80)];
                    random.nextBytes(body);
                    on.client.send(Bytes.message(i, random.nextInt(20), RawClient.NO_REPLY, body));
                }
                on.client.send(Bytes.header(1, REGION_WRITE, 0xffff_ffffL, 0).get());
            }
        },
        BREAKS_THE_MODEL {
            @Override
            void run(Served on) {
                on.function.fatalFailure = new FakeFunction.PlantedError();
                for (int i = 0; i < MANY; i++) {
                    on.client.post(REGION_READ, access(FakeFunction.BAR0, 4));
                }
            }
        };

        abstract void run(Served on);

        private static byte[] access(int region, int count) {
            return Bytes.of().u64(0).u32(region, count).get();
        }
    }

    @ParameterizedTest
    @EnumSource(Attack.class)
    void otherServerKeepsAnsweringAndBothClose(Attack attack) throws Exception {
        try (Served victim = Served.negotiated();
                Served attacked = Served.negotiated()) {
            attack.run(attacked);

            for (int i = 0; i < 100; i++) {
                victim.client.assertUsable();
            }
            attacked.stop();
            attacked.awaitEnd();
            victim.client.assertUsable();
            assertThat(victim.ended).isEmpty();
            assertThat(attacked.ended).hasSize(1);
        }
    }
}
