package dev.nacre.pci;

import static dev.nacre.pci.InterruptKind.ERR;
import static dev.nacre.pci.InterruptKind.INTX;
import static dev.nacre.pci.InterruptKind.MSI;
import static dev.nacre.pci.InterruptKind.MSIX;
import static dev.nacre.pci.InterruptKind.REQ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
final class InterruptsTest {
    private final Interrupts interrupts = new Interrupts(1, 4, 2048, 1, 1);
    private final CountingSink sink = new CountingSink();
    private final CountingSink other = new CountingSink();

    @Test
    void kindsHaveVfiosIndices() {
        assertThat(InterruptKind.values()).containsExactly(INTX, MSI, MSIX, ERR, REQ);
        assertThat(InterruptKind.values()).extracting(InterruptKind::index).containsExactly(0, 1, 2, 3, 4);
        assertThat(InterruptKind.values())
                .allSatisfy(kind -> assertThat(InterruptKind.of(kind.index())).isEqualTo(kind));
        assertThat(InterruptKind.of(5)).isNull();
        assertThat(InterruptKind.of(-1)).isNull();
    }

    @Test
    void countsAndFlagsAreTheKernels() {
        assertThat(interrupts.count(MSIX)).isEqualTo(2048);
        assertThat(interrupts.flags(INTX)).isEqualTo(7);
        assertThat(interrupts.flags(MSI)).isEqualTo(9);
        assertThat(interrupts.flags(MSIX)).isEqualTo(9);
        assertThat(interrupts.flags(ERR)).isEqualTo(1);
        assertThat(interrupts.flags(REQ)).isEqualTo(1);
        Interrupts none = new Interrupts();
        assertThat(none.count(INTX)).isZero();
        assertThat(none.flags(INTX)).isZero();
    }

    @Test
    void impossibleCountsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Interrupts(2, 0, 0, 0, 0))
                .withMessage("INTx vector count is not 0 to 1: 2");
        assertThatIllegalArgumentException().isThrownBy(() -> new Interrupts(0, 3, 0, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Interrupts(0, 64, 0, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Interrupts(0, 0, 2049, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Interrupts(0, 0, 0, -1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Interrupts(0, 0, 0, 0, 2));
    }

    @Test
    void vectorsThatDoNotExistAreRefusedOrIgnored() {
        assertThatThrownBy(() -> interrupts.bind(MSI, 4, sink)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> interrupts.mask(MSIX, 2048, true)).isInstanceOf(IndexOutOfBoundsException.class);
        interrupts.bind(MSI, 3, sink);

        interrupts.message(4);
        interrupts.message(-1);
        interrupts.message(Integer.MAX_VALUE);

        assertThat(interrupts.trigger(MSI, 4)).isFalse();
        assertThat(interrupts.trigger(MSI, -1)).isFalse();
        assertThat(interrupts.pending(MSIX, -1)).isFalse();
        assertThat(interrupts.pending(MSIX, 2048)).isFalse();
        assertThat(sink.signals()).isZero();
    }

    @Test
    void messageGoesToMsiWhenOnlyMsiIsBound() {
        interrupts.bind(MSI, 1, sink);

        interrupts.message(1);
        interrupts.message(0);

        assertThat(sink.signals()).isEqualTo(1);
        assertThat(interrupts.messagesEnabled()).isTrue();
    }

    @Test
    void messageGoesToMsixWhenBothAreBound() {
        interrupts.bind(MSI, 0, sink);
        interrupts.bind(MSIX, 0, other);

        interrupts.message(0);

        assertThat(sink.signals()).isZero();
        assertThat(other.signals()).isEqualTo(1);
    }

    @Test
    void messageIsDroppedWhenNeitherIsEnabled() {
        interrupts.bind(INTX, 0, sink);

        interrupts.message(0);
        interrupts.bind(MSIX, 0, other);

        assertThat(interrupts.messagesEnabled()).isTrue();
        assertThat(sink.signals()).isZero();
        assertThat(other.signals()).isZero();
    }

    @Test
    void messageForUnboundMsiVectorIsDropped() {
        interrupts.bind(MSI, 0, sink);

        interrupts.message(1);
        interrupts.bind(MSI, 1, other);

        assertThat(interrupts.pending(MSI, 1)).isFalse();
        assertThat(other.signals()).isZero();
    }

    @Test
    void messageForUnboundMsixVectorWaitsUntilItIsBound() {
        interrupts.bind(MSIX, 0, sink);

        interrupts.message(5);
        interrupts.message(5);
        boolean waited = interrupts.pending(MSIX, 5);
        interrupts.bind(MSIX, 5, other);

        assertThat(waited).isTrue();
        assertThat(interrupts.pending(MSIX, 5)).isFalse();
        assertThat(other.signals()).isEqualTo(1);
    }

    @Test
    void messageForMaskedVectorIsDeliveredOnceWhenUnmasked() {
        interrupts.bind(MSIX, 2047, sink);
        interrupts.mask(MSIX, 2047, true);

        interrupts.message(2047);
        interrupts.message(2047);
        int whileMasked = sink.signals();
        boolean pending = interrupts.pending(MSIX, 2047);
        interrupts.mask(MSIX, 2047, false);
        interrupts.mask(MSIX, 2047, false);

        assertThat(whileMasked).isZero();
        assertThat(pending).isTrue();
        assertThat(sink.signals()).isEqualTo(1);
        assertThat(interrupts.pending(MSIX, 2047)).isFalse();
    }

    @Test
    void masksOfHostAndRegistersMustBothBeLifted() {
        interrupts.bind(MSI, 0, sink);
        interrupts.mask(MSI, 0, true);
        interrupts.maskByRegisters(MSI, 0, true);
        interrupts.message(0);

        interrupts.mask(MSI, 0, false);
        int afterHost = sink.signals();
        interrupts.maskByRegisters(MSI, 0, false);

        assertThat(afterHost).isZero();
        assertThat(sink.signals()).isEqualTo(1);
    }

    @Test
    void functionMaskHoldsAllVectorsUntilLifted() {
        interrupts.bind(MSIX, 0, sink);
        interrupts.bind(MSIX, 9, other);
        interrupts.enable(MSIX, 2048, true);

        interrupts.message(0);
        interrupts.message(9);
        int whileMasked = sink.signals() + other.signals();
        interrupts.enable(MSIX, 2048, false);

        assertThat(whileMasked).isZero();
        assertThat(sink.signals()).isEqualTo(1);
        assertThat(other.signals()).isEqualTo(1);
    }

    @Test
    void enableBitAloneKeepsMsixMessagesForLaterBinding() {
        interrupts.enable(MSIX, 2048, false);

        interrupts.message(3);
        interrupts.bind(MSIX, 3, sink);

        assertThat(sink.signals()).isEqualTo(1);
    }

    @Test
    void clearingTheEnableBitForgetsPendingMessages() {
        interrupts.enable(MSIX, 2048, true);
        interrupts.message(3);

        interrupts.enable(MSIX, 0, false);
        interrupts.enable(MSIX, 2048, false);
        interrupts.bind(MSIX, 3, sink);

        assertThat(sink.signals()).isZero();
    }

    @Test
    void higherMsiVectorsShareTheEnabledOnes() {
        interrupts.bind(MSI, 0, sink);
        interrupts.bind(MSI, 1, other);
        interrupts.enable(MSI, 2, false);

        interrupts.message(2);
        interrupts.message(3);
        interrupts.message(1);

        assertThat(sink.signals()).isEqualTo(1);
        assertThat(other.signals()).isEqualTo(2);
    }

    @Test
    void replacingASinkClosesTheFormerOnce() {
        interrupts.bind(MSIX, 1, sink);
        interrupts.bind(MSIX, 1, other);

        interrupts.message(1);

        assertThat(sink.closes()).isEqualTo(1);
        assertThat(sink.signals()).isZero();
        assertThat(other.signals()).isEqualTo(1);
        assertThat(other.closes()).isZero();
    }

    @Test
    void unbindingOneVectorLeavesTheOthers() {
        interrupts.bind(MSIX, 2, sink);
        interrupts.bind(MSIX, 3, other);

        interrupts.bind(MSIX, 3, null);
        interrupts.bind(MSIX, 3, null);
        interrupts.message(2);
        interrupts.message(3);

        assertThat(other.closes()).isEqualTo(1);
        assertThat(other.signals()).isZero();
        assertThat(interrupts.trigger(MSIX, 3)).isFalse();
        assertThat(sink.signals()).isEqualTo(1);
    }

    @Test
    void disableClosesAllAndForgetsMasksAndPendingOfThatKindOnly() {
        interrupts.bind(MSIX, 0, sink);
        interrupts.bind(ERR, 0, other);
        interrupts.mask(MSIX, 0, true);
        interrupts.message(0);

        interrupts.disable(MSIX);
        CountingSink fresh = new CountingSink();
        interrupts.bind(MSIX, 0, fresh);
        interrupts.message(0);

        assertThat(sink.closes()).isEqualTo(1);
        assertThat(fresh.signals()).isEqualTo(1);
        assertThat(other.closes()).isZero();
    }

    @Test
    void clearClosesEverySinkOfEveryKind() {
        CountingSink err = new CountingSink();
        interrupts.bind(INTX, 0, sink);
        interrupts.bind(MSI, 0, other);
        interrupts.bind(ERR, 0, err);

        interrupts.clear();
        interrupts.clear();
        interrupts.message(0);
        interrupts.line(true);

        assertThat(sink.closes()).isEqualTo(1);
        assertThat(other.closes()).isEqualTo(1);
        assertThat(err.closes()).isEqualTo(1);
        assertThat(interrupts.trigger(ERR, 0)).isFalse();
        assertThat(interrupts.messagesEnabled()).isFalse();
    }

    @Test
    void triggerSignalsWhateverTheMasks() {
        interrupts.bind(MSIX, 0, sink);
        interrupts.mask(MSIX, 0, true);

        boolean heard = interrupts.trigger(MSIX, 0);

        assertThat(heard).isTrue();
        assertThat(sink.signals()).isEqualTo(1);
        assertThat(interrupts.pending(MSIX, 0)).isFalse();
    }

    @Test
    void lineSignalsOnceUntilUnmasked() {
        interrupts.bind(INTX, 0, sink);

        interrupts.line(true);
        interrupts.line(true);
        interrupts.line(false);
        interrupts.line(true);

        assertThat(sink.signals()).isEqualTo(1);
    }

    @Test
    void lineStillAssertedAtUnmaskSignalsAgain() {
        interrupts.bind(INTX, 0, sink);
        interrupts.line(true);

        interrupts.mask(INTX, 0, false);
        interrupts.mask(INTX, 0, false);

        assertThat(sink.signals()).isEqualTo(3);
    }

    @Test
    void lineDeassertedAtUnmaskStaysSilentUntilAssertedAgain() {
        interrupts.bind(INTX, 0, sink);
        interrupts.line(true);
        interrupts.line(false);

        interrupts.mask(INTX, 0, false);
        int afterUnmask = sink.signals();
        interrupts.line(true);

        assertThat(afterUnmask).isEqualTo(1);
        assertThat(sink.signals()).isEqualTo(2);
    }

    @Test
    void maskedLineSignalsAtUnmaskOnlyIfAsserted() {
        interrupts.bind(INTX, 0, sink);
        interrupts.mask(INTX, 0, true);
        interrupts.line(true);
        int whileMasked = sink.signals();

        interrupts.mask(INTX, 0, false);

        assertThat(whileMasked).isZero();
        assertThat(sink.signals()).isEqualTo(1);
        assertThat(interrupts.lineAsserted()).isTrue();
    }

    @Test
    void lineAssertedBeforeBindingSignalsAtBinding() {
        interrupts.line(true);

        interrupts.bind(INTX, 0, sink);

        assertThat(sink.signals()).isEqualTo(1);
    }

    @Test
    void exchangedLineSinkKeepsTheAutomask() {
        interrupts.bind(INTX, 0, sink);
        interrupts.line(true);

        interrupts.bind(INTX, 0, other);
        int beforeUnmask = other.signals();
        interrupts.mask(INTX, 0, false);

        assertThat(beforeUnmask).isZero();
        assertThat(other.signals()).isEqualTo(1);
    }

    @Test
    void lineBoundAgainAfterDisableStartsUnmasked() {
        interrupts.bind(INTX, 0, sink);
        interrupts.line(true);
        interrupts.disable(INTX);

        interrupts.bind(INTX, 0, other);

        assertThat(sink.signals()).isEqualTo(1);
        assertThat(sink.closes()).isEqualTo(1);
        assertThat(other.signals()).isEqualTo(1);
    }

    @Test
    void interruptDisableSilencesTheLineUntilCleared() {
        interrupts.bind(INTX, 0, sink);
        interrupts.disableLine(true);
        interrupts.line(true);
        int whileDisabled = sink.signals();

        interrupts.disableLine(false);

        assertThat(whileDisabled).isZero();
        assertThat(sink.signals()).isEqualTo(1);
    }

    @Test
    void lineIsSilentWhileMessagesAreEnabled() {
        interrupts.bind(INTX, 0, sink);
        interrupts.enable(MSI, 1, false);
        interrupts.line(true);
        int whileEnabled = sink.signals();

        interrupts.enable(MSI, 0, false);

        assertThat(whileEnabled).isZero();
        assertThat(sink.signals()).isEqualTo(1);
    }

    @Test
    void lineWithoutPinIsRememberedAndSilent() {
        Interrupts pinless = new Interrupts(0, 1, 0, 0, 0);

        pinless.line(true);

        assertThat(pinless.lineAsserted()).isTrue();
    }

    /** Blocks in signal until released. */
    private static final class SlowSink implements InterruptSink {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);
        private final CountDownLatch closed = new CountDownLatch(1);
        private volatile boolean closedWhileSignalling;
        private volatile boolean signalling;

        @Override
        public void signal() {
            signalling = true;
            entered.countDown();
            await(release);
            signalling = false;
        }

        @Override
        public void close() {
            closedWhileSignalling = signalling;
            closed.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void slowSinkDelaysNobodyElseAndIsClosedAfterItsSignal() throws Exception {
        SlowSink slow = new SlowSink();
        interrupts.bind(MSIX, 0, slow);
        interrupts.bind(MSIX, 1, sink);
        Thread raiser = Thread.ofPlatform().start(() -> interrupts.message(0));
        await(slow.entered);

        interrupts.message(1);
        interrupts.mask(MSIX, 0, true);
        interrupts.bind(MSIX, 0, other);
        interrupts.mask(MSIX, 0, false);
        interrupts.message(0);
        long closesWhileSlow = slow.closed.getCount();
        slow.release.countDown();
        await(slow.closed);
        raiser.join();

        assertThat(sink.signals()).isEqualTo(1);
        assertThat(other.signals()).isEqualTo(1);
        assertThat(closesWhileSlow).isEqualTo(1);
        assertThat(slow.closedWhileSignalling).isFalse();
    }

    @Test
    void sinkMayBindAndRaiseFromItsSignal() {
        interrupts.bind(MSIX, 1, sink);
        interrupts.bind(MSIX, 0, new InterruptSink() {
            @Override
            public void signal() {
                interrupts.message(1);
                interrupts.bind(MSIX, 0, other);
            }

            @Override
            public void close() {
                interrupts.message(0);
            }
        });

        interrupts.message(0);

        assertThat(sink.signals()).isEqualTo(1);
        assertThat(other.signals()).isEqualTo(1);
    }

    /** Fails the test if it is signalled after being closed, or closed twice. */
    private static final class StrictSink implements InterruptSink {
        private final AtomicInteger users = new AtomicInteger();
        private final AtomicInteger errors;

        StrictSink(AtomicInteger errors) {
            this.errors = errors;
        }

        @Override
        public void signal() {
            if (users.getAndIncrement() < 0) {
                errors.incrementAndGet();
            }
            users.getAndDecrement();
        }

        @Override
        public void close() {
            if (!users.compareAndSet(0, Integer.MIN_VALUE / 2)) {
                errors.incrementAndGet();
            }
        }
    }

    @Test
    void sinksAreNeverUsedAfterCloseWhileRaisedFromManyThreads() throws Exception {
        AtomicInteger errors = new AtomicInteger();
        Thread[] raisers = new Thread[3];
        for (int i = 0; i < raisers.length; i++) {
            raisers[i] = Thread.ofPlatform().start(() -> {
                for (int n = 0; n < 20_000; n++) {
                    interrupts.message(n & 3);
                    interrupts.line((n & 1) == 0);
                }
            });
        }
        for (int n = 0; n < 5_000; n++) {
            interrupts.bind(MSIX, n & 3, new StrictSink(errors));
            interrupts.mask(MSIX, n & 3, (n & 4) == 0);
            interrupts.bind(INTX, 0, new StrictSink(errors));
            if ((n & 63) == 0) {
                interrupts.disable(MSI);
                interrupts.bind(MSIX, n & 3, null);
            }
        }
        for (Thread raiser : raisers) {
            raiser.join();
        }
        interrupts.clear();

        assertThat(errors).hasValue(0);
    }
}
