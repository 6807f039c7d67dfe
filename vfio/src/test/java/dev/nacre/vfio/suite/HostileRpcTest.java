package dev.nacre.vfio.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.core.Core;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.gsp.QueueLayout;
import dev.nacre.hw.rm.RmClass;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.rm.RpcFunction;
import dev.nacre.vfio.scrub.GuestWork;
import dev.nacre.vfio.testing.Bystanders;
import dev.nacre.vfio.testing.GuestQueues;
import dev.nacre.vfio.testing.TappedFunction;
import dev.nacre.vfio.testing.VgpuHost;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a guest tells its own firmware, be it whatever it is, concerns nobody else, and a reset mends it. */
class HostileRpcTest {
    private static final String BAD_ONE = "virtual function 1: ";
    private static final Board.GuestUnknowns NOTHING = new Board.GuestUnknowns(List.of(), Map.of());
    private static final BoardConfig BOARD = new BoardConfig(Chip.AD102, 4L << 30, 1, 2);
    private static final int RPC = QueueLayout.RECORD_HEADER_BYTES;
    private static final int CLIENT = 0xc1d0_0bad;
    private static final int DEVICE = 0xbad0_0001;
    private static final int SUBDEVICE = 0xbad0_0002;

    // The firmware's answer to it is that it stops, which the others would wait for in vain.
    private static final int LAST_WORD = RpcFunction.UNLOADING_GUEST_DRIVER.number();

    @FunctionalInterface
    private interface Attack {
        void on(GuestQueues queues, Random random);
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void recordsWithWrongHeaders(String core) throws Exception {
        List<Integer> fields = List.of(
                QueueLayout.CHECKSUM,
                QueueLayout.SEQUENCE,
                QueueLayout.ELEM_COUNT,
                RPC + QueueLayout.RPC_VERSION,
                RPC + QueueLayout.RPC_SIGNATURE,
                RPC + QueueLayout.RPC_LENGTH,
                RPC + QueueLayout.RPC_RESULT,
                RPC + QueueLayout.RPC_SEQUENCE);
        List<Integer> values = List.of(0, 1, -1, 2, 16, 17, 31, 32, 64, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000);
        Set<String> noticed = attack(core, (queues, random) -> {
            for (int field : fields) {
                for (int value : values) {
                    byte[] record = queues.record(RpcFunction.GET_GSP_STATIC_INFO.number(), new byte[64]);
                    MemorySegment.ofArray(record).set(GuestQueues.INT, field, value);
                    if (field != QueueLayout.CHECKSUM) {
                        GuestQueues.seal(record);
                    }
                    queues.send(record);
                }
            }
        });

        assertThat(noticed)
                .contains(
                        "checksum is wrong",
                        "length is impossible",
                        "number of elements is impossible",
                        "sequence is wrong",
                        "signature is wrong");
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void functionsThatThereAreNotAndRecordsThatNothingContinues(String core) throws Exception {
        Set<String> noticed = attack(core, (queues, random) -> {
            for (int i = 0; i < 300; i++) {
                int function = i < 0x120 ? i : random.nextInt();
                if (function != LAST_WORD) {
                    byte[] payload = new byte[random.nextInt(2 * QueueLayout.PAGE_BYTES)];
                    random.nextBytes(payload);
                    queues.send(queues.record(function, payload));
                }
            }
            // One that begins what others are to go on with, which others do not, or do without end.
            byte[] part = new byte[QueueLayout.MAX_RPC_BYTES - QueueLayout.RPC_HEADER_BYTES];
            for (int i = 0; i < 64; i++) {
                queues.send(i % 9 == 0 ? RpcFunction.GSP_RM_CONTROL : RpcFunction.CONTINUATION_RECORD, part);
            }
        });

        assertThat(noticed).anyMatch(what -> what.startsWith("function "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void controlsAndObjectsOfWrongSizes(String core) throws Exception {
        List<Integer> sizes = List.of(0, 1, 7, 64, 4096, 0xffff, 1 << 20, 0x7fff_ffff, -1, 0x8000_0000);
        attack(core, (queues, random) -> {
            makeClient(queues);
            for (RmControl control : RmControl.values()) {
                byte[] parameters = new byte[random.nextInt(512)];
                random.nextBytes(parameters);
                queues.control(CLIENT, SUBDEVICE, control.number(), parameters, parameters.length);
                queues.control(CLIENT, SUBDEVICE, control.number(), parameters, parameters.length + 1);
                queues.control(CLIENT, DEVICE, control.number(), parameters, sizes.get(random.nextInt(sizes.size())));
            }
            int handle = 0xbad1_0000;
            for (RmClass rmClass : RmClass.values()) {
                byte[] parameters = new byte[random.nextInt(512)];
                random.nextBytes(parameters);
                queues.alloc(CLIENT, DEVICE, handle++, rmClass.number(), parameters);
                queues.alloc(CLIENT, SUBDEVICE, handle++, rmClass.number(), new byte[0]);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void positionsAndMemoryThatChangeUnderWay(String core) throws Exception {
        Set<String> noticed = attack(core, (queues, random) -> {
            byte[] pages = queues.pageList();
            for (int i = 0; i < 400; i++) {
                byte[] garbage = new byte[1 + random.nextInt(256)];
                random.nextBytes(garbage);
                switch (random.nextInt(4)) {
                    case 0 -> queues.position(random.nextBoolean() ? random.nextInt() : queues.count() + i % 3);
                    case 1 -> queues.answersRead(random.nextBoolean() ? random.nextInt() : random.nextInt(64));
                    case 2 -> queues.spoil(random.nextInt(), garbage);
                    default -> {
                        queues.put(queues.record(RpcFunction.GSP_RM_CONTROL.number(), garbage));
                        queues.position(random.nextInt(queues.count()));
                    }
                }
                queues.ring();
                if (i % 8 == 7) {
                    // A queue that stands is no attack any more.
                    queues.pageList(pages);
                    queues.send(RpcFunction.INVALIDATE_TLB, new byte[64]);
                }
            }
        });

        assertThat(noticed).contains("sequence is wrong");
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void everythingThatIsSharedIsOverwrittenAndTheFirmwareToldToGo(String core) throws Exception {
        attack(core, (queues, random) -> {
            byte[] page = new byte[QueueLayout.PAGE_BYTES];
            queues.put(queues.record(RpcFunction.GSP_RM_CONTROL.number(), new byte[100]));
            random.nextBytes(page);
            // Suspended, with nothing that it could be resumed from.
            byte[] suspend = new byte[64];
            suspend[0] = 1;
            queues.put(queues.record(LAST_WORD, suspend));
            queues.put(queues.record(RpcFunction.GSP_RM_CONTROL.number(), page));
            queues.spoilAll(page);
            for (int i = 0; i < 100; i++) {
                queues.ring();
            }
        });
    }

    private static void makeClient(GuestQueues queues) {
        queues.alloc(CLIENT, 0, CLIENT, RmClass.NV01_ROOT.number(), new byte[16]);
        queues.alloc(CLIENT, CLIENT, DEVICE, RmClass.NV01_DEVICE_0.number(), new byte[64]);
        queues.alloc(CLIENT, DEVICE, SUBDEVICE, RmClass.NV20_SUBDEVICE_0.number(), new byte[16]);
    }

    /** Has the second function's guest attack. @return what the board has noticed of it */
    private static Set<String> attack(String core, Attack attack) throws Exception {
        try (Bystanders others = new Bystanders(core, BOARD, "L40-1Q")) {
            VgpuHost host = others.host();
            host.serve("bad", "L40-1Q");
            try (TappedFunction bad = host.tap("bad")) {
                host.boot(core, bad);

                attack.on(new GuestQueues(bad), new Random(4714));

                others.assertUnharmed();
                Set<String> noticed = new TreeSet<>(host.board
                        .guestUnknowns()
                        .getOrDefault(1, NOTHING)
                        .calls()
                        .keySet());
                host.board.faults().forEach((what, times) -> {
                    if (what.startsWith(BAD_ONE) && times > 0) {
                        noticed.add(what.substring(BAD_ONE.length()));
                    }
                });
                bad.crash();
                try (Core again = host.boot(core, bad);
                        GuestWork work = new GuestWork(again)) {
                    assertThat(work.fills()).isTrue();
                }
                return noticed;
            }
        }
    }
}
