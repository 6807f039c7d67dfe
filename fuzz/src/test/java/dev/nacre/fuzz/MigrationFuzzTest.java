package dev.nacre.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nacre.fuzz.ModelFunction.Migrates;
import dev.nacre.fuzz.ModelMigration.Call;
import dev.nacre.fuzz.ModelMigration.Failure;
import dev.nacre.fuzz.Peer.Reply;
import dev.nacre.fuzz.ReferenceMemory.Mapping;
import dev.nacre.fuzz.ReferenceMemory.Span;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Migration states, the stream of a device's state, and the log of what it writes, as the script decides: each reply
 * against two models, and the device's methods called in the order that it was promised. Devices with and without
 * migration; some fail when asked to.
 */
final class MigrationFuzzTest {
    private static final int MAX_OPERATIONS = 200;
    private static final long PAGE = 4096;
    private static final int FILE_PAGES = 64;
    private static final List<Call> CALLS = List.of(Call.values());
    private static final List<Errno> REFUSALS = List.of(Errno.EBUSY, Errno.EPERM, Errno.ENODEV);

    /** Kept, so that it stays silent: the device fails often. */
    private static final Logger GUARD = Logger.getLogger("dev.nacre.vfiouser.ModelGuard");

    private static @Nullable Fd file;

    /** A server, and its client, which stays from one input to the next unless the script says that it leaves. */
    private static final class Setting {
        private final Migrates migrates;
        private final int maxData;
        private @Nullable Serving serving;
        private @Nullable Peer client;
        private long defects;

        /**
         * Makes it.
         *
         * @param maxData most data bytes that the client takes
         */
        Setting(Migrates migrates, int maxData) {
            this.migrates = migrates;
            this.maxData = maxData;
        }

        Serving serving() {
            serving = serving == null ? new Serving("mig-" + migrates + "-" + maxData, migrates) : serving;
            return serving;
        }

        Peer client() {
            if (client == null) {
                client = serving().connect();
                defects = 0;
                String json = "{\"capabilities\":{\"max_data_xfer_size\":" + maxData + "}}\0";
                client.send(Bytes.message(0, Wire.VERSION, 0, Wire.version(0, json)), List.of());
                assertThat(client.receive().errno()).isZero();
            }
            return client;
        }

        void leave() {
            if (client != null) {
                client.close();
                client = null;
            }
        }
    }

    private static final List<Setting> SETTINGS = List.of(
            new Setting(Migrates.ALSO_RUNNING, 1 << 20),
            new Setting(Migrates.STOPPED, 4096),
            new Setting(Migrates.ALSO_RUNNING, 100),
            new Setting(Migrates.STOPPED, 8),
            new Setting(Migrates.NOT, 1 << 20),
            new Setting(Migrates.ALSO_RUNNING, 0));

    @FuzzTest
    void anyMigration(byte[] input) throws Exception {
        GUARD.setLevel(Level.OFF);
        file = file == null ? Memfd.ofFixedSize("nacre-fuzz", FILE_PAGES * PAGE) : file;
        Script script = new Script(input);
        Setting setting = SETTINGS.get(script.below(SETTINGS.size()));
        // Seldom: a new connection takes longer than all else.
        boolean leaves = script.u8() == 0xff;
        boolean succeeded = false;
        try {
            Session session = new Session(script, setting, file);
            session.run();
            if (!leaves) {
                session.tidyUp();
            }
            setting.defects += session.migration.defects();
            succeeded = true;
        } finally {
            if (leaves || !succeeded) {
                setting.leave();
            }
            if (!succeeded) {
                setting.serving().forgetEnded();
            }
        }
        if (leaves) {
            setting.serving().assertEnded(setting.defects);
        } else {
            setting.serving().assertUnbroken();
        }
    }

    /** One input's run. */
    private static final class Session {
        private final Script script;
        private final Peer peer;
        private final @Nullable ModelMigration device;
        private final Fd file;
        private final ReferenceMemory memory = new ReferenceMemory();
        private final ReferenceMigration migration;
        private final ReferenceFeatures features;
        private final int maxData;

        /** What the register that copies holds. */
        private long copied;

        private boolean copyWaits;
        private boolean settled;
        private int nextId;

        Session(Script script, Setting setting, Fd file) {
            this.script = script;
            this.file = file;
            peer = setting.client();
            device = setting.serving().function.model();
            maxData = setting.maxData;
            migration = new ReferenceMigration(setting.migrates, this::started);
            features = new ReferenceFeatures(migration, memory, maxData);
        }

        void run() {
            for (int i = 0; i < MAX_OPERATIONS && script.hasMore(); i++) {
                operation();
            }
            settle();
            arm(null);
        }

        /** Makes everything as it was, so that the next input can begin. */
        void tidyUp() {
            feature(
                    Wire.STATE | Wire.SET,
                    0,
                    Bytes.of().u32(ReferenceMigration.RUNNING, 0).get());
            feature(Wire.LOG_STOP | Wire.SET, 0, new byte[0]);
            memory.unmapAll();
            byte[] all = Bytes.of().u32(24, 2).u64(0).u64(0).get();
            say(Wire.DMA_UNMAP, all, List.of(), Answer.of(all), false);
            assertThat(migration.permitsReset()).isTrue();
            say(Wire.RESET, new byte[0], List.of(), Answer.plain(resetNow()), false);
            assertThat(migration.state()).isEqualTo(ReferenceMigration.RUNNING);
            assertThat(device == null ? List.of() : device.violations())
                    .as("calls out of order")
                    .isEmpty();
        }

        private void operation() {
            switch (script.below(16)) {
                case 0 -> move(script.u8());
                case 1 -> feature(Wire.STATE | Wire.GET, 8, new byte[0]);
                case 2 -> anyFeature();
                case 3 -> read();
                case 4 -> write(script.take(script.u8()));
                case 5 -> writeStream();
                case 6 -> writeState();
                case 7 -> readState();
                case 8 -> copy();
                case 9 -> map();
                case 10 -> unmap();
                case 11 -> startLog();
                case 12 -> feature(Wire.LOG_STOP | Wire.SET, 0, new byte[0]);
                case 13 -> report();
                case 14 -> reset();
                default -> fail();
            }
        }

        private void move(int choice) {
            long goal = choice == 0xff ? Integer.toUnsignedLong(script.i32()) : choice % 10;
            feature(Wire.STATE | Wire.SET, 0, Bytes.of().u32(goal, script.u8()).get());
        }

        /** A feature that need not make sense. */
        private void anyFeature() {
            int number = script.below(10);
            int operations = script.below(8) << 16;
            int bits = script.u8() == 0xff ? script.i32() : 0;
            int argsz = script.u8() - 8;
            feature(number | operations | bits, argsz, script.take(script.below(64)));
        }

        private void feature(int flags, int room, byte[] data) {
            long argsz = 8L + data.length + room;
            byte[] body = Bytes.of().u32(argsz, flags).raw(data).get();
            say(Wire.FEATURE, body, features.serve(argsz & 0xffff_ffffL, flags, data));
        }

        private void read() {
            int choice = script.u8();
            long size = choice == 0xff ? Integer.toUnsignedLong(script.i32()) : choice;
            long argsz = 8 + size - (script.u8() == 0xff ? 1 : 0);
            byte[] excess = new byte[script.u8() == 0xff ? 1 : 0];
            boolean sound = excess.length == 0 && size <= maxData && (argsz & 0xffff_ffffL) >= 8 + size;
            byte[] body = Bytes.of().u32(argsz, size).raw(excess).get();
            say(Wire.MIG_READ, body, sound ? migration.read((int) size) : Answer.plain(Wire.EINVAL));
        }

        private void writeStream() {
            byte[] state = new byte[ModelMigration.STATE_SIZE];
            Arrays.fill(state, (byte) script.u8());
            byte[] stream = Bytes.of().raw(ModelMigration.MARK).raw(state).get();
            int piece = Math.max(1, Math.min(maxData, stream.length - script.u8()));
            for (int at = 0; at < stream.length; at += piece) {
                write(Arrays.copyOfRange(stream, at, Math.min(stream.length, at + piece)));
            }
        }

        private void write(byte[] data) {
            int choice = script.u8();
            long size = choice == 0xff ? script.u8() : data.length;
            long argsz = 8L + data.length - (choice == 0xfe ? 1 : 0);
            boolean sound = size == data.length && argsz >= 8L + data.length && size <= maxData;
            byte[] body = Bytes.of().u32(argsz, size).raw(data).get();
            say(Wire.MIG_WRITE, body, Answer.plain(sound ? migration.write(data) : Wire.EINVAL));
        }

        private void writeState() {
            int offset = script.u8();
            byte[] data = script.take(Math.min(script.below(17), ModelMigration.STATE_SIZE - offset));
            byte[] fixed = access(ModelFunction.MEMORY, offset, data.length);
            if (migration.isOffered()) {
                System.arraycopy(data, 0, migration.device(), offset, data.length);
                say(Wire.REGION_WRITE, Bytes.of().raw(fixed).raw(data).get(), Answer.of(fixed));
            }
        }

        private void readState() {
            byte[] state = access(ModelFunction.MEMORY, 0, ModelMigration.STATE_SIZE);
            byte[] held = Bytes.of().raw(state).raw(migration.device()).get();
            say(Wire.REGION_READ, state, Answer.of(held));
            byte[] register = access(ModelFunction.REGISTERS, ModelFunction.COPY, Long.BYTES);
            say(
                    Wire.REGION_READ,
                    register,
                    Answer.of(Bytes.of().raw(register).u64(copied).get()));
        }

        private void copy() {
            int page = script.u8();
            long iova = page == 0xff ? script.i64() : PAGE * (page % FILE_PAGES) + script.u8() * 16L;
            byte[] fixed = access(ModelFunction.REGISTERS, ModelFunction.COPY, Long.BYTES);
            copied = iova;
            copyWaits = !migration.isRunning();
            if (!copyWaits) {
                copyNow();
            }
            say(Wire.REGION_WRITE, Bytes.of().raw(fixed).u64(iova).get(), Answer.of(fixed));
        }

        private void started() {
            if (copyWaits) {
                copyWaits = false;
                copyNow();
            }
        }

        private void copyNow() {
            copied = memory.copy(copied) ? copied : -1;
        }

        private void map() {
            int flags = script.below(4);
            boolean hasFile = script.u8() % 4 != 3;
            Span span = pages();
            long offset = PAGE * script.below(FILE_PAGES / 2);
            byte[] body = Bytes.of()
                    .u32(32, flags)
                    .u64(offset)
                    .u64(span.iova())
                    .u64(span.size())
                    .get();
            int errno = memory.map(new Mapping(span, flags, offset, hasFile));
            say(Wire.DMA_MAP, body, hasFile ? List.of(file) : List.of(), Answer.plain(errno));
        }

        private Span pages() {
            return new Span(PAGE * script.below(FILE_PAGES), PAGE * (1 + script.below(FILE_PAGES / 2)));
        }

        private void unmap() {
            boolean all = script.u8() == 0xff;
            Span span = all ? new Span(0, 0) : pages();
            byte[] body = Bytes.of()
                    .u32(24, all ? 2 : 0)
                    .u64(span.iova())
                    .u64(span.size())
                    .get();
            int errno = 0;
            if (all) {
                memory.unmapAll();
            } else {
                errno = memory.unmap(span);
            }
            say(Wire.DMA_UNMAP, body, errno == 0 ? Answer.of(body) : Answer.plain(errno));
        }

        private void startLog() {
            long pageBytes = pageBytes();
            int choice = script.u8();
            int count = choice == 0xff ? 255 + script.below(3) : choice % 4;
            Bytes data = Bytes.of().u64(pageBytes).u32(script.u8() == 0xff ? count + 1 : count, script.u8());
            for (int i = 0; i < count; i++) {
                Span span = span();
                data.u64(span.iova()).u64(span.size());
            }
            feature(Wire.LOG_START | Wire.SET, 0, data.get());
        }

        private void report() {
            Span span = span();
            long pageBytes = pageBytes();
            byte[] data =
                    Bytes.of().u64(span.iova()).u64(span.size()).u64(pageBytes).get();
            int choice = script.u8();
            feature(Wire.LOG_REPORT | Wire.GET, choice == 0 ? 1 << 20 : choice, data);
        }

        /** Mostly a power of two that is about a page. */
        private long pageBytes() {
            int choice = script.u8();
            return choice == 0xff ? script.i64() : 1L << (choice + 12) % 64;
        }

        private Span span() {
            int choice = script.u8();
            if (choice == 0xff) {
                return new Span(script.i64(), script.i64());
            }
            int unit = choice % 2 == 0 ? 4096 : 512;
            return new Span((long) script.below(FILE_PAGES) * unit, (long) script.below(FILE_PAGES) * unit);
        }

        private void reset() {
            byte[] body = new byte[script.u8() == 0xff ? 1 : 0];
            boolean permitted = body.length == 0 && migration.permitsReset();
            say(Wire.RESET, body, Answer.plain(permitted ? resetNow() : Wire.EINVAL));
        }

        private int resetNow() {
            copied = 0;
            copyWaits = false;
            return migration.reset();
        }

        private void fail() {
            int choice = script.u8();
            Call call = CALLS.get(choice % CALLS.size());
            settle();
            arm(new Failure(call, choice < 0x80 ? REFUSALS.get(choice % REFUSALS.size()) : null));
        }

        private void arm(@Nullable Failure failure) {
            if (device != null) {
                device.failNext(failure);
                migration.failNext(failure);
            }
        }

        /** Sees to it that the server has nothing left to do. */
        private void settle() {
            if (!settled) {
                say(Wire.FEATURE, new byte[0], List.of(), Answer.plain(Wire.EINVAL), false);
            }
        }

        private static byte[] access(int region, long offset, int count) {
            return Bytes.of().u64(offset).u32(region, count).get();
        }

        private void say(int command, byte[] body, Answer expected) {
            say(command, body, List.of(), expected);
        }

        private void say(int command, byte[] body, List<Fd> fds, Answer expected) {
            say(command, body, fds, expected, script.u8() % 8 == 7);
        }

        private void say(int command, byte[] body, List<Fd> fds, Answer expected, boolean posted) {
            int id = nextId++ & 0xffff;
            assertThat(peer.send(Bytes.message(id, command, posted ? Wire.NO_REPLY : 0, body), fds))
                    .isTrue();
            settled = !posted;
            if (posted) {
                return;
            }
            Reply reply = peer.receive();
            assertThat(reply.id()).isEqualTo(id);
            assertThat(reply.command()).isEqualTo(command);
            assertThat(reply.errno()).as("errno of command " + command).isEqualTo(expected.errno);
            assertThat(Arrays.equals(reply.body(), expected.body))
                    .as("the reply to command " + command)
                    .isTrue();
        }
    }
}
