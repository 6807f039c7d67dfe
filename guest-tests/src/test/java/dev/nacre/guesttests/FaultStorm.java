package dev.nacre.guesttests;

import dev.nacre.core.Attachment;
import dev.nacre.core.CeChannel;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.Core;
import dev.nacre.core.CoreEvent;
import dev.nacre.corejava.JavaCoreProvider;
import dev.nacre.hw.copy.Nvc7b5;
import dev.nacre.hw.host.PushHeader;
import dev.nacre.vfiouser.ClientOptions;
import dev.nacre.vfiouser.VfioUserClient;
import dev.nacre.vfiouser.VfioUserFunction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A client of a GPU whose every copy reaches for memory that is not there, in channel after channel, until it is ended. */
final class FaultStorm implements AutoCloseable {
    private static final long NOWHERE = 0x40_1234_5000L;
    private static final int BYTES = 1 << 20;

    // HW: where nouveau has the copy engine
    private static final int SUBCHANNEL = 4;

    // TIMEOUT: a fault takes milliseconds; beside guests on a busy machine some more.
    private static final int PATIENCE_SECONDS = 60;

    private static final ClientOptions PATIENT =
            ClientOptions.DEFAULT.withPatience(Duration.ofSeconds(PATIENCE_SECONDS));

    /** The core's, which would tell of every fault. Held, so that it stays silent. */
    private static final Logger FAULTS = Logger.getLogger("dev.nacre.corejava.intr.GpuInterrupts");

    private final Semaphore faults = new Semaphore(0);
    private final CompletableFuture<Integer> seen;
    private volatile boolean over;

    /** Drives the GPU behind a socket from now on. */
    FaultStorm(Path socket) {
        FAULTS.setLevel(Level.SEVERE);
        seen = CompletableFuture.supplyAsync(() -> rage(socket));
    }

    /** Ends it. @return how many faults there were */
    int end() throws Exception {
        over = true;
        return seen.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private int rage(Path socket) {
        int count = 0;
        try (VfioUserFunction function = new VfioUserFunction(VfioUserClient.connect(socket, PATIENT));
                Core core = new JavaCoreProvider().open(function, SharedBoard.coreConfig());
                Attachment attachment = core.attach(Client.of("storm", ClientKind.TOOL, Set.of(), this::hear))) {
            while (!over) {
                try (CeChannel channel = attachment.allocCeChannel(Optional.empty(), 0)) {
                    submit(channel);
                    if (!faults.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                        throw new IllegalStateException("No fault was told");
                    }
                    count++;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return count;
    }

    private void hear(CoreEvent event) {
        if (event instanceof CoreEvent.Fault) {
            faults.release();
        }
    }

    private static void submit(CeChannel channel) {
        channel.begin(32);
        method(channel, 0, channel.engineObject());
        method(channel, Nvc7b5.OFFSET_IN_UPPER.offset(), (int) (NOWHERE >>> 32), (int) NOWHERE);
        method(channel, Nvc7b5.OFFSET_OUT_UPPER.offset(), (int) (NOWHERE >>> 32), (int) NOWHERE + BYTES);
        method(channel, Nvc7b5.PITCH_IN.offset(), BYTES, BYTES, BYTES, 1);
        int launch = Nvc7b5.LAUNCH_DMA_DATA_TRANSFER_TYPE.set(0, 2);
        launch = Nvc7b5.LAUNCH_DMA_SRC_MEMORY_LAYOUT_PITCH.set(launch, true);
        method(channel, Nvc7b5.LAUNCH_DMA.offset(), Nvc7b5.LAUNCH_DMA_DST_MEMORY_LAYOUT_PITCH.set(launch, true));
        channel.submit();
    }

    private static void method(CeChannel channel, int address, int... data) {
        int header = PushHeader.SEC_OP.set(0, PushHeader.SEC_OP_INC_METHOD);
        header = PushHeader.METHOD_COUNT.set(header, data.length);
        header = PushHeader.METHOD_SUBCHANNEL.set(header, SUBCHANNEL);
        channel.emit(PushHeader.METHOD_ADDRESS.set(header, address / 4));
        for (int datum : data) {
            channel.emit(datum);
        }
    }

    @Override
    public void close() {
        over = true;
        FAULTS.setLevel(null);
    }
}
