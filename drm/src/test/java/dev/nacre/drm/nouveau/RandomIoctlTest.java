package dev.nacre.drm.nouveau;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.sync.Fence;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ten thousand ioctls at random, against a plain model of which error is due. */
class RandomIoctlTest {
    private static final int STEPS = 2500;
    private static final int STEPS_PER_CLIENT = 250;
    private static final long PAGE = TestClient.PAGE;
    private static final long HERE = 1L << 32;
    private static final int PAGES = 64;
    private static final int SPARSE = 1 << 8;
    private static final Set<Integer> PARAMS = Set.of(3, 4, 5, 8, 9, 11, 12, 13, 15, 16, 17, 18, 19, 20);

    /** Who manages the addresses. */
    private enum Mode {
        OPEN,
        DRIVER,
        CLIENT
    }

    /** A client, and what ought to be there. */
    private static final class Model {
        private final TestClient client;
        private final Random random;
        private final Map<Integer, Long> objects = new HashMap<>();
        private final Set<Integer> channels = new HashSet<>();
        private final Set<Long> names = new HashSet<>();
        private final BitSet mapped = new BitSet();
        private final TreeMap<Integer, Integer> sparse = new TreeMap<>();
        private final int full;
        private final int empty;
        private Mode mode = Mode.OPEN;

        Model(TestClient client, Random random) {
            this.client = client;
            this.random = random;
            full = client.syncobj();
            client.file().syncobjs().lookup(full).replace(Fence.signalled());
            empty = client.syncobj();
        }

        void step() {
            switch (random.nextInt(13)) {
                case 0 -> getParam();
                case 1 -> vmInit();
                case 2, 3 -> create();
                case 4 -> close();
                case 5 -> lookAt();
                case 6 -> makeChannel();
                case 7 -> freeChannel();
                case 8 -> exec();
                case 9, 10 -> bind();
                case 11 -> pushbuf();
                default -> nvif();
            }
        }

        private int anObject() {
            return 1 + random.nextInt(12);
        }

        private int aChannel() {
            List<Integer> all = new ArrayList<>(channels);
            return all.isEmpty() || random.nextInt(4) == 0
                    ? random.nextInt(3000) - 5
                    : all.get(random.nextInt(all.size()));
        }

        private static void check(String what, Optional<Errno> got, Optional<Errno> due) {
            assertThat(got).as(what).isEqualTo(due);
        }

        private static Optional<Errno> none() {
            return Optional.empty();
        }

        private void getParam() {
            int param = random.nextInt(23);
            if (param != 14) {
                Optional<Errno> due = PARAMS.contains(param) ? none() : Optional.of(Errno.EINVAL);
                check("GETPARAM " + param, client.ioctl(0, TestClient.words(param, 0, 0, 0)), due);
            }
        }

        private void vmInit() {
            boolean good = random.nextBoolean();
            Optional<Errno> due;
            if (!good) {
                due = Optional.of(Errno.EINVAL);
            } else if (mode == Mode.OPEN) {
                due = none();
            } else {
                due = Optional.of(mode == Mode.DRIVER ? Errno.ENOSYS : Errno.EBUSY);
            }
            check("VM_INIT", client.vmInit(1L << 38, good ? 1L << 38 : 1L << 47), due);
            if (due.isEmpty()) {
                mode = Mode.CLIENT;
            }
        }

        private void driverManages() {
            if (mode == Mode.OPEN) {
                mode = Mode.DRIVER;
            }
        }

        private void create() {
            long[] sizes = {0, 1, PAGE, 5000, 8 * PAGE, -1, 1L << 45};
            int[] kinds = {0, 0, 0, 6, 7, 16};
            long bytes = sizes[random.nextInt(sizes.length)];
            int kind = kinds[random.nextInt(kinds.length)];
            MemorySegment info = TestClient.gemInfo(bytes, random.nextInt(64), kind);
            Optional<Errno> due = none();
            if (bytes == 0 || kind == 7 || kind == 16) {
                due = Optional.of(Errno.EINVAL);
            } else if (bytes < 0 || bytes > 1L << 40) {
                due = Optional.of(Errno.ENOMEM);
            }
            check("GEM_NEW " + bytes + " " + kind, client.gemNew(info), due);
            driverManages();
            if (due.isEmpty()) {
                objects.put(TestClient.word(info, 0), bytes + PAGE - 1 & -PAGE);
            }
        }

        private void close() {
            int handle = anObject();
            if (objects.remove(handle) != null) {
                client.file().gems().remove(handle);
            }
        }

        private void lookAt() {
            int handle = anObject();
            Optional<Errno> due = objects.containsKey(handle) ? none() : Optional.of(Errno.ENOENT);
            MemorySegment info = TestClient.bytes(40);
            MemorySegment.copy(TestClient.words(handle), 0, info, 0, 4);
            check("GEM_INFO", client.ioctl(0x44, info), due);
            check("GEM_CPU_PREP", client.cpuPrep(handle, random.nextInt(8)), due);
            check("GEM_CPU_FINI", client.ioctl(0x43, TestClient.words(handle)), due);
            if (due.isEmpty()) {
                assertThat(TestClient.longAt(info, 8)).isEqualTo(objects.get(handle));
            }
        }

        private void makeChannel() {
            int[] engines = {TestClient.ENGINE_GR, TestClient.ENGINE_CE, 2, 4, 8, 3, 0x31};
            int engine = engines[random.nextInt(engines.length)];
            MemorySegment arg = TestClient.channelRequest(engine);
            Optional<Errno> due = switch (engine) {
                case TestClient.ENGINE_GR, TestClient.ENGINE_CE -> none();
                case 2, 4, 8 -> Optional.of(Errno.EINVAL);
                default -> Optional.of(Errno.ENOSYS);
            };
            check("CHANNEL_ALLOC " + engine, client.channelAlloc(arg), due);
            driverManages();
            if (due.isEmpty()) {
                channels.add(TestClient.word(arg, 8));
                objects.put(TestClient.word(arg, 16), PAGE);
            }
        }

        private void freeChannel() {
            int channel = aChannel();
            Optional<Errno> due = channels.remove(channel) ? none() : Optional.of(Errno.ENOENT);
            check("CHANNEL_FREE", client.channelFree(channel), due);
        }

        private void exec() {
            int channel = aChannel();
            int kind = random.nextInt(7);
            MemorySegment nothing = TestClient.push(HERE, 0);
            List<MemorySegment> pushes = kind == 0 ? List.of(TestClient.push(HERE + 2, 8)) : List.of(nothing);
            List<MemorySegment> waits = switch (kind) {
                case 1 -> List.of(TestClient.binary(empty));
                case 2 -> List.of(TestClient.binary(77));
                case 3 -> List.of(TestClient.words(5, full, 0, 0));
                default -> List.of(TestClient.binary(full));
            };
            List<MemorySegment> signals =
                    kind == 4 ? List.of(TestClient.words(5, full, 0, 0)) : List.of(TestClient.binary(full));
            Optional<Errno> due;
            if (mode != Mode.CLIENT) {
                due = Optional.of(Errno.ENOSYS);
            } else if (!channels.contains(channel)) {
                due = Optional.of(Errno.ENOENT);
            } else {
                due = switch (kind) {
                    case 0, 1, 4 -> Optional.of(Errno.EINVAL);
                    case 2 -> Optional.of(Errno.ENOENT);
                    case 3 -> Optional.of(Errno.EOPNOTSUPP);
                    default -> none();
                };
            }
            check("EXEC " + kind, client.exec(channel, pushes, waits, signals), due);
        }

        private void bind() {
            int first = random.nextInt(PAGES);
            int count = 1 + random.nextInt(8);
            int object = anObject();
            int what = random.nextInt(5);
            long offset = random.nextInt(3) * PAGE;
            long address = HERE + first * PAGE + (random.nextInt(10) == 0 ? 1 : 0);
            int flags = what >= 2 && what < 4 ? SPARSE : 0;
            MemorySegment op = what % 2 == 0
                    ? TestClient.mapOp(object, address, count * PAGE, offset, flags)
                    : TestClient.unmapOp(address, count * PAGE, flags);
            boolean isMap = what == 0 || what == 4;
            Long bytes = objects.get(object);
            Optional<Errno> due = none();
            if (mode != Mode.CLIENT) {
                due = Optional.of(Errno.ENOSYS);
            } else if (isMap && bytes == null) {
                due = Optional.of(Errno.ENOENT);
            } else if (address % PAGE != 0 || (isMap && bytes != null && offset + count * PAGE > bytes)) {
                due = Optional.of(Errno.EINVAL);
            } else if (isMap && overlapsSparse(first, count) && !isInsideSparse(first, count)) {
                due = Optional.of(Errno.ENOSPC);
            } else if (what == 2 && (overlapsSparse(first, count) || overlapsMapped(first, count))) {
                due = Optional.of(Errno.ENOSPC);
            } else if (what == 3 && !Integer.valueOf(count).equals(sparse.get(first))) {
                due = Optional.of(Errno.ENOENT);
            }
            check("VM_BIND " + what, client.bind(op), due);
            if (due.isEmpty()) {
                apply(what, first, count);
            }
        }

        private void apply(int what, int first, int count) {
            switch (what) {
                case 0, 4 -> mapped.set(first, first + count);
                case 2 -> sparse.put(first, count);
                default -> {
                    mapped.clear(first, first + count);
                    if (what == 3) {
                        sparse.remove(first);
                    }
                }
            }
        }

        private boolean overlapsSparse(int first, int count) {
            Map.Entry<Integer, Integer> below = sparse.lowerEntry(first + count);
            return below != null && below.getKey() + below.getValue() > first;
        }

        private boolean isInsideSparse(int first, int count) {
            Map.Entry<Integer, Integer> at = sparse.floorEntry(first);
            return at != null && at.getKey() + at.getValue() >= first + count;
        }

        private boolean overlapsMapped(int first, int count) {
            int next = mapped.nextSetBit(first);
            return next >= 0 && next < first + count;
        }

        private void pushbuf() {
            int channel = aChannel();
            boolean good = random.nextBoolean();
            MemorySegment arg = TestClient.bytes(64);
            MemorySegment.copy(TestClient.words(channel, 0, 0, 0, 0, good ? 0 : 513), 0, arg, 0, 24);
            Optional<Errno> due = good ? none() : Optional.of(Errno.EINVAL);
            if (mode == Mode.CLIENT) {
                due = Optional.of(Errno.ENOSYS);
            } else if (!channels.contains(channel)) {
                due = Optional.of(Errno.ENOENT);
            }
            check("GEM_PUSHBUF", client.ioctl(0x41, arg), due);
        }

        private void nvif() {
            long name = random.nextInt(20);
            boolean deletes = random.nextBoolean();
            MemorySegment header =
                    TestClient.words((deletes ? 3 : 2) << 8, 0xff << 16, 0, 0, deletes ? (int) name : 0, 0);
            MemorySegment device = TestClient.words(0, 0, 0, 0, (int) name, 0, 0, 0x80);
            if (deletes) {
                check("NVIF DEL", client.ioctl(0x07, header), none());
                names.remove(name);
            } else {
                Optional<Errno> due = names.add(name) ? none() : Optional.of(Errno.EEXIST);
                check("NVIF NEW", client.ioctl(0x07, TestClient.join(header, device)), due);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void everyIoctl_endsAsTheModelSays(long seed) {
        Random random = new Random(seed);
        try (Rig rig = new Rig();
                TestClient witness = rig.client()) {
            long used = witness.param(19);
            for (int done = 0; done < STEPS; done += STEPS_PER_CLIENT) {
                try (TestClient client = rig.client()) {
                    Model model = new Model(client, random);
                    if (random.nextInt(3) > 0) {
                        client.nvk();
                        model.mode = Mode.CLIENT;
                    }
                    for (int step = 0; step < STEPS_PER_CLIENT; step++) {
                        model.step();
                    }
                }
            }
            assertThat(witness.param(19)).isEqualTo(used);
        }
    }
}
