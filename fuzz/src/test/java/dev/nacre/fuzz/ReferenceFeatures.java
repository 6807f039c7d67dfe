package dev.nacre.fuzz;

import dev.nacre.fuzz.ReferenceMemory.Span;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** What DEVICE_FEATURE must be answered with, written down apart from the code under test. */
final class ReferenceFeatures {
    private static final int FIXED = 8;
    private static final int SPAN = 16;
    private static final int START = 16;
    private static final int REPORT = 24;

    private final ReferenceMigration migration;
    private final ReferenceMemory memory;
    private final int maxData;

    /**
     * Makes it.
     *
     * @param maxData most data bytes that the client takes
     */
    ReferenceFeatures(ReferenceMigration migration, ReferenceMemory memory, int maxData) {
        this.migration = migration;
        this.memory = memory;
        this.maxData = maxData;
    }

    /**
     * A request.
     *
     * @param argsz unsigned
     * @param data what follows the fixed part
     */
    Answer serve(long argsz, int flags, byte[] data) {
        int operations = flags & (Wire.GET | Wire.SET);
        int rest = flags & ~(0xffff | Wire.GET | Wire.SET | Wire.PROBE);
        int known = operations(flags & 0xffff);
        if (rest != 0 || known == 0 || (operations & ~known) != 0 || argsz < FIXED + data.length) {
            return Answer.plain(Wire.EINVAL);
        }
        if ((flags & Wire.PROBE) != 0) {
            return repeated(argsz, flags, data);
        }
        return switch (operations) {
            case Wire.GET -> get(argsz, flags, data);
            case Wire.SET -> set(argsz, flags, data);
            default -> Answer.plain(Wire.EINVAL);
        };
    }

    private int operations(int feature) {
        return switch (feature) {
            case Wire.MIGRATION -> migration.isOffered() ? Wire.GET : 0;
            case Wire.STATE -> migration.isOffered() ? Wire.GET | Wire.SET : 0;
            case Wire.LOG_START, Wire.LOG_STOP -> Wire.SET;
            case Wire.LOG_REPORT -> Wire.GET;
            default -> 0;
        };
    }

    private Answer get(long argsz, int flags, byte[] data) {
        byte[] answer = Bytes.of().u64(migration.flags()).get();
        if ((flags & 0xffff) == Wire.STATE) {
            answer = Bytes.of().u32(migration.state(), 0).get();
        } else if ((flags & 0xffff) == Wire.LOG_REPORT) {
            if (data.length < REPORT) {
                return Answer.plain(Wire.EINVAL);
            }
            ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
            long room = Math.min(maxData, argsz - FIXED - REPORT);
            Answer report = memory.report(new Span(in.getLong(0), in.getLong(8)), in.getLong(16), room);
            if (report.errno != 0) {
                return report;
            }
            answer = Bytes.of()
                    .u64(in.getLong(0))
                    .u64(in.getLong(8))
                    .u64(in.getLong(16))
                    .raw(report.body)
                    .get();
        }
        return argsz < FIXED + answer.length
                ? Answer.plain(Wire.EINVAL)
                : Answer.of(
                        Bytes.of().u32(FIXED + answer.length, flags).raw(answer).get());
    }

    private Answer set(long argsz, int flags, byte[] data) {
        return switch (flags & 0xffff) {
            case Wire.STATE -> {
                int errno = data.length < 8
                        ? Wire.EINVAL
                        : migration.move(ByteBuffer.wrap(data)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getInt(0));
                yield errno == 0 ? repeated(argsz, flags, data) : Answer.plain(errno);
            }
            case Wire.LOG_START -> start(argsz, flags, data);
            default -> {
                memory.stop();
                yield repeated(argsz, flags, data);
            }
        };
    }

    private Answer start(long argsz, int flags, byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        if (data.length < START || Integer.toUnsignedLong(in.getInt(8)) > (data.length - START) / SPAN) {
            return Answer.plain(Wire.EINVAL);
        }
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < in.getInt(8); i++) {
            spans.add(new Span(in.getLong(START + i * SPAN), in.getLong(START + i * SPAN + 8)));
        }
        long pageBytes = memory.start(in.getLong(0), spans);
        if (pageBytes < 0) {
            // CAST: an errno
            return Answer.plain((int) -pageBytes);
        }
        in.putLong(0, pageBytes).putInt(12, 0);
        return repeated(argsz, flags, in.array());
    }

    private static Answer repeated(long argsz, int flags, byte[] data) {
        return Answer.of(Bytes.of().u32(argsz, flags).raw(data).get());
    }
}
