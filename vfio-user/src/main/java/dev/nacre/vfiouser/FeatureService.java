package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.transport.MessageWriter;
import dev.nacre.vfiouser.wire.DeviceFeature;
import dev.nacre.vfiouser.wire.DmaLoggingRange;
import dev.nacre.vfiouser.wire.DmaLoggingReport;
import dev.nacre.vfiouser.wire.DmaLoggingStart;
import dev.nacre.vfiouser.wire.Le;
import dev.nacre.vfiouser.wire.MigDeviceState;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * DEVICE_FEATURE. Every device logs its DMA; the features of migration are there if the device can migrate. The reply to
 * PROBE and SET repeats the request. Each method returns the reply's size or a negative errno.
 */
final class FeatureService {
    private static final int OPERATIONS = DeviceFeature.GET | DeviceFeature.SET;

    private final MigrationService migration;
    private final DmaLoggingService logging;

    FeatureService(MigrationService migration, DmaLoggingService logging) {
        this.migration = migration;
        this.logging = logging;
    }

    /**
     * Serves the command.
     *
     * @param maxDataBytes most bytes of a bitmap that the client takes
     */
    int serve(MessageReader request, MessageWriter reply, int maxDataBytes) {
        if (request.bodySize() < DeviceFeature.SIZE) {
            return -Errno.EINVAL.number();
        }
        DeviceFeature asked = DeviceFeature.read(request.segment(), request.body());
        int feature = asked.flags() & DeviceFeature.FEATURE_MASK;
        int operation = asked.flags() & OPERATIONS;
        boolean isKnown = (asked.flags() & ~(DeviceFeature.FEATURE_MASK | OPERATIONS | DeviceFeature.PROBE)) == 0;
        int supported = operations(feature);
        if (!isKnown || supported == 0 || (operation & ~supported) != 0 || asked.argsz() < request.bodySize()) {
            return -Errno.EINVAL.number();
        }
        if ((asked.flags() & DeviceFeature.PROBE) != 0) {
            return repeat(request, reply);
        }
        return switch (operation) {
            case DeviceFeature.GET -> get(feature, asked, request, reply, maxDataBytes);
            case DeviceFeature.SET -> set(feature, request, reply);
            default -> -Errno.EINVAL.number();
        };
    }

    /** The operations that a feature takes; none for a feature that is not there. */
    private int operations(int feature) {
        return switch (feature) {
            case DeviceFeature.MIGRATION -> migration.isOffered() ? DeviceFeature.GET : 0;
            case DeviceFeature.MIG_DEVICE_STATE -> migration.isOffered() ? OPERATIONS : 0;
            case DeviceFeature.DMA_LOGGING_START, DeviceFeature.DMA_LOGGING_STOP -> DeviceFeature.SET;
            case DeviceFeature.DMA_LOGGING_REPORT -> DeviceFeature.GET;
            default -> 0;
        };
    }

    private int get(int feature, DeviceFeature asked, MessageReader request, MessageWriter reply, int maxDataBytes) {
        MemorySegment out = reply.segment();
        long at = reply.body() + DeviceFeature.SIZE;
        long room = asked.argsz() - DeviceFeature.SIZE;
        int result = -Errno.EINVAL.number();
        switch (feature) {
            case DeviceFeature.MIGRATION -> {
                if (room >= DeviceFeature.MIGRATION_SIZE) {
                    Le.putU64(out, at, migration.flags());
                    result = DeviceFeature.MIGRATION_SIZE;
                }
            }
            case DeviceFeature.MIG_DEVICE_STATE -> {
                if (room >= MigDeviceState.SIZE) {
                    new MigDeviceState(migration.state().number()).write(out, at);
                    result = MigDeviceState.SIZE;
                }
            }
            default -> {
                if (dataSize(request) >= DmaLoggingReport.SIZE) {
                    result = report(request, reply, Math.min(room - DmaLoggingReport.SIZE, maxDataBytes));
                }
            }
        }
        if (result < 0) {
            return result;
        }
        new DeviceFeature(DeviceFeature.SIZE + result, asked.flags()).write(out, reply.body());
        return DeviceFeature.SIZE + result;
    }

    private int report(MessageReader request, MessageWriter reply, long maxBytes) {
        DmaLoggingReport asked = DmaLoggingReport.read(request.segment(), request.body() + DeviceFeature.SIZE);
        long at = reply.body() + DeviceFeature.SIZE;
        int bitmap = logging.report(asked, maxBytes, reply.segment(), at + DmaLoggingReport.SIZE);
        asked.write(reply.segment(), at);
        return bitmap < 0 ? bitmap : DmaLoggingReport.SIZE + bitmap;
    }

    private int set(int feature, MessageReader request, MessageWriter reply) {
        return switch (feature) {
            case DeviceFeature.MIG_DEVICE_STATE -> setState(request, reply);
            case DeviceFeature.DMA_LOGGING_START -> startLogging(request, reply);
            default -> {
                logging.stop();
                yield repeat(request, reply);
            }
        };
    }

    private int setState(MessageReader request, MessageWriter reply) {
        if (dataSize(request) < MigDeviceState.SIZE) {
            return -Errno.EINVAL.number();
        }
        MigDeviceState wanted = MigDeviceState.read(request.segment(), request.body() + DeviceFeature.SIZE);
        int result = migration.move(wanted.state());
        return result < 0 ? result : repeat(request, reply);
    }

    /** The reply has the page size of the log in place of the wanted one. */
    private int startLogging(MessageReader request, MessageWriter reply) {
        MemorySegment in = request.segment();
        long at = request.body() + DeviceFeature.SIZE;
        if (dataSize(request) < DmaLoggingStart.SIZE) {
            return -Errno.EINVAL.number();
        }
        DmaLoggingStart wanted = DmaLoggingStart.read(in, at);
        if (wanted.ranges() > (dataSize(request) - DmaLoggingStart.SIZE) / DmaLoggingRange.SIZE) {
            return -Errno.EINVAL.number();
        }
        List<DmaLoggingRange> ranges = new ArrayList<>();
        for (int i = 0; i < wanted.ranges(); i++) {
            ranges.add(DmaLoggingRange.read(in, at + DmaLoggingStart.SIZE + (long) i * DmaLoggingRange.SIZE));
        }
        long pageBytes = logging.start(wanted.pageSize(), ranges);
        if (pageBytes < 0) {
            // CAST: an errno
            return (int) pageBytes;
        }
        int size = repeat(request, reply);
        new DmaLoggingStart(pageBytes, wanted.ranges()).write(reply.segment(), reply.body() + DeviceFeature.SIZE);
        return size;
    }

    private static int dataSize(MessageReader request) {
        return request.bodySize() - DeviceFeature.SIZE;
    }

    private static int repeat(MessageReader request, MessageWriter reply) {
        MemorySegment.copy(request.segment(), request.body(), reply.segment(), reply.body(), request.bodySize());
        return request.bodySize();
    }
}
