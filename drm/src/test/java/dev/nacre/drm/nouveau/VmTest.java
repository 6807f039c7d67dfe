package dev.nacre.drm.nouveau;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.sync.Fence;
import dev.nacre.drm.sync.Syncobj;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** VM_INIT, VM_BIND. */
class VmTest {
    private static final int SPARSE = 1 << 8;
    private static final int ASYNC = 1;
    private static final long PAGE = TestClient.PAGE;
    private static final long HERE = 1L << 32;
    private static final long RESULTS = 2L << 32;
    private static final long COMMANDS = 3L << 32;
    private static final int MIB = 1 << 20;

    /** Looks at memory as the GPU sees it. */
    private static final class Eye {
        private final TestClient client;
        private final int results;
        private final int commands;
        private final int channel;
        private final int copyClass;

        Eye(Rig rig, TestClient client) {
            this.client = client;
            results = client.gem(MIB, TestClient.GART | TestClient.MAPPABLE);
            commands = client.gem(4 * MIB, TestClient.GART | TestClient.MAPPABLE);
            assertThat(client.bind(
                            TestClient.mapOp(results, RESULTS, MIB, 0, 0),
                            TestClient.mapOp(commands, COMMANDS, 4 * MIB, 0, 0)))
                    .isEmpty();
            channel = client.channel(TestClient.ENGINE_CE);
            copyClass = rig.driver().copyEngine().classes().getFirst();
        }

        /** The words at some addresses. Empty if the GPU cannot read one of them. */
        Optional<int[]> words(long... addresses) throws InterruptedException {
            CopyPush push = CopyPush.of(copyClass);
            for (int i = 0; i < addresses.length; i++) {
                push.copy(addresses[i], RESULTS + 4L * i, 4);
            }
            client.write(commands, 0, push.words());
            int done = client.syncobj();
            List<MemorySegment> pushes = List.of(TestClient.push(COMMANDS, push.bytes()));
            assertThat(client.exec(channel, pushes, List.of(), List.of(TestClient.binary(done))))
                    .isEmpty();
            if (client.await(done).error().isPresent()) {
                return Optional.empty();
            }
            int[] words = new int[addresses.length];
            Arrays.setAll(words, i -> client.read(results, 4L * i));
            return Optional.of(words);
        }
    }

    @Test
    void init_isOnceAndFirst() {
        try (Rig rig = new Rig();
                TestClient fresh = rig.client();
                TestClient used = rig.client();
                TestClient channels = rig.client()) {
            assertThat(fresh.vmInit(1L << 38, 1L << 38)).isEmpty();
            assertThat(fresh.vmInit(1L << 38, 1L << 38)).contains(Errno.EBUSY);
            used.gem(PAGE, TestClient.GART);
            assertThat(used.vmInit(1L << 38, 1L << 38)).contains(Errno.ENOSYS);
            channels.channel(TestClient.ENGINE_CE);
            assertThat(channels.vmInit(1L << 38, 1L << 38)).contains(Errno.ENOSYS);
        }
    }

    @Test
    void impossibleRangesOfTheKernels_areEinval() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            assertThat(client.vmInit(1L << 47, 1)).contains(Errno.EINVAL);
            assertThat(client.vmInit(-PAGE, 2 * PAGE)).contains(Errno.EINVAL);
            assertThat(client.vmInit(PAGE, -1)).contains(Errno.EINVAL);
            assertThat(client.vmInit(0, (1L << 47) + 1)).contains(Errno.EINVAL);
            assertThat(client.vmInit(0, 0)).isEmpty();
        }
    }

    @Test
    void bindWithoutInit_isEnosys() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            assertThat(client.bind()).contains(Errno.ENOSYS);
        }
    }

    @Test
    void impossibleBinds_areRefusedAndChangeNothing() throws Exception {
        try (Rig rig = new Rig();
                TestClient client = rig.client().nvk()) {
            Eye eye = new Eye(rig, client);
            int object = client.gem(4 * PAGE, TestClient.GART | TestClient.MAPPABLE);
            client.write(object, 0, TestClient.words(9));
            MemorySegment good = TestClient.mapOp(object, HERE, PAGE, 0, 0);
            record Case(MemorySegment op, Errno why) {}
            List<Case> cases = List.of(
                    new Case(TestClient.mapOp(99, HERE, PAGE, 0, 0), Errno.ENOENT),
                    new Case(TestClient.mapOp(object, HERE + 1, PAGE, 0, 0), Errno.EINVAL),
                    new Case(TestClient.mapOp(object, HERE, 1, 0, 0), Errno.EINVAL),
                    new Case(TestClient.mapOp(object, HERE, 0, 0, 0), Errno.EINVAL),
                    new Case(TestClient.mapOp(object, HERE, PAGE, 1, 0), Errno.EINVAL),
                    new Case(TestClient.mapOp(object, HERE, PAGE, 4 * PAGE, 0), Errno.EINVAL),
                    new Case(TestClient.mapOp(object, HERE, PAGE, -PAGE, 0), Errno.EINVAL),
                    new Case(TestClient.mapOp(object, HERE, 5 * PAGE, 0, 0), Errno.EINVAL),
                    new Case(TestClient.mapOp(object, 1L << 38, PAGE, 0, 0), Errno.EINVAL),
                    new Case(TestClient.mapOp(object, (1L << 38) - PAGE, 2 * PAGE, 0, 0), Errno.EINVAL),
                    new Case(TestClient.mapOp(object, -PAGE, PAGE, 0, 0), Errno.EINVAL),
                    new Case(TestClient.unmapOp(HERE, Long.MAX_VALUE / PAGE * PAGE, 0), Errno.EINVAL),
                    new Case(TestClient.unmapOp(HERE, PAGE, SPARSE), Errno.ENOENT),
                    new Case(TestClient.op(2, object, HERE, PAGE, 0, 0), Errno.EINVAL));

            for (Case one : cases) {
                assertThat(client.bind(good, one.op)).contains(one.why);
            }

            assertThat(client.bind(Collections.nCopies(2, good).toArray(MemorySegment[]::new)))
                    .as("the same again is a remap")
                    .isEmpty();
            assertThat(eye.words(HERE))
                    .hasValueSatisfying(words -> assertThat(words).containsExactly(9));
            assertThat(client.bind(TestClient.unmapOp(HERE, PAGE, 0))).isEmpty();
            assertThat(eye.words(HERE)).as("a fault").isEmpty();
        }
    }

    @Test
    void synchronousBind_hasNoSyncobjs() {
        try (Rig rig = new Rig();
                TestClient client = rig.client().nvk()) {
            int syncobj = client.syncobj();
            client.file().syncobjs().lookup(syncobj).replace(Fence.signalled());

            assertThat(client.bind(0, List.of(TestClient.binary(syncobj)), List.of()))
                    .contains(Errno.EINVAL);
            assertThat(client.bind(0, List.of(), List.of(TestClient.binary(syncobj))))
                    .contains(Errno.EINVAL);
            assertThat(client.bind(ASYNC, List.of(TestClient.binary(syncobj)), List.of(TestClient.binary(syncobj))))
                    .isEmpty();
        }
    }

    @Test
    void asynchronousBinds_waitAndKeepTheirOrder() throws Exception {
        try (Rig rig = new Rig();
                TestClient client = rig.client().nvk()) {
            Eye eye = new Eye(rig, client);
            int first = client.gem(PAGE, TestClient.GART | TestClient.MAPPABLE);
            int second = client.gem(PAGE, TestClient.GART | TestClient.MAPPABLE);
            client.write(first, 0, TestClient.words(1));
            client.write(second, 0, TestClient.words(2));
            int gate = client.syncobj();
            Fence open = new Fence();
            client.file().syncobjs().lookup(gate).replace(open);
            int done = client.syncobj();

            assertThat(client.bind(
                            ASYNC,
                            List.of(TestClient.binary(gate)),
                            List.of(TestClient.point(done, 1)),
                            TestClient.mapOp(first, HERE, PAGE, 0, 0)))
                    .isEmpty();
            assertThat(client.bind(
                            ASYNC,
                            List.of(),
                            List.of(TestClient.point(done, 2)),
                            TestClient.mapOp(second, HERE, PAGE, 0, 0)))
                    .isEmpty();
            client.file().gems().remove(first);
            assertThat(client.file().syncobjs().lookup(done).require(1).isSignalled())
                    .isFalse();
            open.signal();

            client.await(done);
            assertThat(eye.words(HERE))
                    .hasValueSatisfying(words -> assertThat(words).containsExactly(2));
        }
    }

    @Test
    void sparseRange_readsZerosAndTakesMemory() throws Exception {
        try (Rig rig = new Rig();
                TestClient client = rig.client().nvk()) {
            Eye eye = new Eye(rig, client);
            int object = client.gem(4 * PAGE, TestClient.GART | TestClient.MAPPABLE);
            client.write(object, 0, TestClient.words(5));
            assertThat(client.bind(TestClient.mapOp(0, HERE, 4 * MIB, 0, SPARSE)))
                    .isEmpty();
            assertThat(eye.words(HERE, HERE + 3 * MIB))
                    .hasValueSatisfying(words -> assertThat(words).containsExactly(0, 0));

            assertThat(client.bind(TestClient.mapOp(object, HERE + MIB, 4 * PAGE, 0, 0)))
                    .isEmpty();
            assertThat(eye.words(HERE + MIB, HERE + MIB + 4 * PAGE))
                    .hasValueSatisfying(words -> assertThat(words).containsExactly(5, 0));
            assertThat(client.bind(TestClient.unmapOp(HERE + MIB - PAGE, 2 * PAGE, 0)))
                    .isEmpty();

            assertThat(eye.words(HERE + MIB - PAGE, HERE + MIB, HERE + MIB + PAGE))
                    .hasValueSatisfying(words -> assertThat(words).containsExactly(0, 0, 0));
            assertThat(client.bind(TestClient.unmapOp(HERE, 4 * MIB, SPARSE))).isEmpty();
            assertThat(eye.words(HERE)).as("a fault").isEmpty();
        }
    }

    @Test
    void sparseRanges_overlapNothing() {
        try (Rig rig = new Rig();
                TestClient client = rig.client().nvk()) {
            int object = client.gem(4 * PAGE, TestClient.GART);
            assertThat(client.bind(
                            TestClient.mapOp(0, HERE, 4 * PAGE, 0, SPARSE),
                            TestClient.mapOp(object, HERE + 8 * PAGE, PAGE, 0, 0)))
                    .isEmpty();

            assertThat(client.bind(TestClient.mapOp(0, HERE + 3 * PAGE, 4 * PAGE, 0, SPARSE)))
                    .contains(Errno.ENOSPC);
            assertThat(client.bind(TestClient.mapOp(0, HERE + 7 * PAGE, 4 * PAGE, 0, SPARSE)))
                    .contains(Errno.ENOSPC);
            assertThat(client.bind(TestClient.mapOp(object, HERE + 3 * PAGE, 4 * PAGE, 0, 0)))
                    .contains(Errno.ENOSPC);
            assertThat(client.bind(TestClient.unmapOp(HERE, PAGE, SPARSE))).contains(Errno.ENOENT);
            assertThat(client.bind(TestClient.mapOp(0, 0, 1L << 38, 0, SPARSE))).contains(Errno.ENOSPC);
        }
    }

    @Test
    void sparseRangesWithoutEnd_areRefused() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            assertThat(client.vmInit(0, 0)).isEmpty();

            assertThat(client.bind(TestClient.mapOp(0, HERE, 1L << 39, 0, SPARSE)))
                    .contains(Errno.ENOMEM);
            assertThat(client.bind(TestClient.mapOp(0, HERE, 1L << 30, 0, SPARSE)))
                    .isEmpty();
        }
    }

    @Test
    void mapping_keepsItsObject() throws Exception {
        try (Rig rig = new Rig();
                TestClient client = rig.client().nvk()) {
            Eye eye = new Eye(rig, client);
            long used = client.param(19);
            int object = client.gem(PAGE, TestClient.VRAM | TestClient.MAPPABLE);
            client.write(object, 0, TestClient.words(3));
            assertThat(client.bind(TestClient.mapOp(object, HERE, PAGE, 0, 0))).isEmpty();

            client.file().gems().remove(object);

            assertThat(eye.words(HERE))
                    .hasValueSatisfying(words -> assertThat(words).containsExactly(3));
            assertThat(client.bind(TestClient.unmapOp(HERE, PAGE, 0))).isEmpty();
            assertThat(client.param(19)).isEqualTo(used);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomBinds_areSeenByTheGpu(long seed) throws Exception {
        try (Rig rig = new Rig();
                TestClient client = rig.client().nvk()) {
            Eye eye = new Eye(rig, client);
            Random random = new Random(seed);
            int pages = 1024;
            int[] objects = objects(client);
            int[] model = new int[pages];
            // The middle half is sparse.
            int sparse = pages / 4;
            assertThat(client.bind(TestClient.mapOp(0, HERE + sparse * PAGE, 2L * sparse * PAGE, 0, SPARSE)))
                    .isEmpty();
            for (int step = 0; step < 60; step++) {
                int first = random.nextInt(pages);
                int count = 1 + random.nextInt(Math.min(256, pages - first));
                int which = random.nextInt(objects.length);
                int offset = random.nextInt(256 - Math.min(255, count));
                boolean maps = random.nextInt(3) > 0 && offset + count <= 256;
                Optional<Errno> result = maps
                        ? client.bind(
                                TestClient.mapOp(objects[which], HERE + first * PAGE, count * PAGE, offset * PAGE, 0))
                        : client.bind(TestClient.unmapOp(HERE + first * PAGE, count * PAGE, 0));
                boolean overlaps = first < 3 * sparse && first + count > sparse;
                boolean encloses = first >= sparse && first + count <= 3 * sparse;
                if (maps && overlaps && !encloses) {
                    assertThat(result).contains(Errno.ENOSPC);
                    continue;
                }
                assertThat(result).isEmpty();
                for (int i = 0; i < count; i++) {
                    model[first + i] = maps ? content(which, offset + i) : 0;
                }
            }
            long[] readable = IntStream.range(0, pages)
                    .filter(i -> model[i] != 0 || (i >= sparse && i < 3 * sparse))
                    .mapToLong(i -> HERE + i * PAGE)
                    .toArray();
            int[] expected = Arrays.stream(readable)
                    .mapToInt(address -> model[(int) ((address - HERE) / PAGE)])
                    .toArray();

            assertThat(eye.words(readable))
                    .hasValueSatisfying(words -> assertThat(words).containsExactly(expected));
        }
    }

    private static int[] objects(TestClient client) {
        int[] objects = new int[3];
        for (int which = 0; which < objects.length; which++) {
            int domain = which == 0 ? TestClient.OWN : TestClient.GART | TestClient.MAPPABLE;
            objects[which] = client.gem(MIB, domain);
            for (int page = 0; page < 256; page++) {
                client.write(objects[which], page * PAGE, TestClient.words(content(which, page)));
            }
        }
        return objects;
    }

    private static int content(int which, int page) {
        return (which + 1) << 16 | page;
    }

    @Test
    void syncobjsOfBinds_mayBeOfAnyKind() {
        try (Rig rig = new Rig();
                TestClient client = rig.client().nvk()) {
            int syncobj = client.syncobj();
            Syncobj object = client.file().syncobjs().lookup(syncobj);

            assertThat(client.bind(ASYNC, List.of(), List.of(TestClient.binary(syncobj))))
                    .isEmpty();
            assertThat(object.require(0).isSignalled()).isTrue();
            assertThat(client.bind(ASYNC, List.of(TestClient.words(3, syncobj, 0, 0)), List.of()))
                    .contains(Errno.EOPNOTSUPP);
            assertThat(client.bind(ASYNC, List.of(), List.of(TestClient.words(3, syncobj, 0, 0))))
                    .contains(Errno.EINVAL);
        }
    }
}
