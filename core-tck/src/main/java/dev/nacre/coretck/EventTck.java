package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.CeChannel;
import dev.nacre.core.ClientKind;
import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.EventKind;
import dev.nacre.core.FbRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What clients are told, in what order, and by whom. */
@Needs(Capability.PF_EVENT_DELIVERY)
abstract class EventTck extends TckGroup {
    private static final int PATIENCE_SECONDS = 60;

    @Test
    @Covers({"Core.attach", "Attachment.close", "event DRIVER_START", "event DRIVER_END"})
    void startIsToldBeforeAttachReturnsAndEndBeforeDetachDoes() {
        EventLog log = new EventLog();

        Attachment attachment = attach(core(), log);
        assertThat(log.kinds()).containsExactly(EventKind.DRIVER_START);
        attachment.close();
        assertThat(log.kinds()).containsExactly(EventKind.DRIVER_START, EventKind.DRIVER_END);
        attachment.close();

        assertThat(log.all()).hasSize(2);
    }

    @Test
    @Covers({"event DRIVER_START", "event DRIVER_END"})
    void startAndEndAreToldToTheirOwnClientOnly() {
        EventLog log = new EventLog();
        try (Attachment ignored = attach(core(), log)) {
            attach().close();
            attach().close();

            assertThat(log.kinds()).containsExactly(EventKind.DRIVER_START);
        }
    }

    @Test
    @Needs(Capability.CE_CHAN_ALLOC)
    @Covers({"event CHANNEL_START", "event CHANNEL_END", "Attachment.allocCeChannel", "CeChannel.close"})
    void everyClientIsToldOfEveryChannelInOrder() {
        EventLog own = new EventLog();
        EventLog others = new EventLog();
        try (Attachment attachment = attach(core(), own);
                Attachment ignored = attach(core(), others)) {
            CeChannel channel = attachment.allocCeChannel(Optional.empty(), 0);
            int id = channel.id();
            channel.close();

            for (EventLog log : List.of(own, others)) {
                log.await(CoreEvent.ChannelEnd.class);
                assertThat(log.all())
                        .containsExactly(
                                new CoreEvent.DriverStart(),
                                new CoreEvent.ChannelStart(id),
                                new CoreEvent.ChannelEnd(id));
            }
        }
    }

    @Test
    @Needs(Capability.CE_CHAN_ALLOC)
    @Covers({"Attachment.close", "event CHANNEL_END", "event DRIVER_END"})
    void channelsOfAClientEndBeforeIt() {
        EventLog own = new EventLog();
        EventLog others = new EventLog();
        try (Attachment ignored = attach(core(), others)) {
            Attachment attachment = attach(core(), own);
            int id = attachment.allocCeChannel(Optional.empty(), 0).id();

            attachment.close();

            assertThat(own.all().getLast()).isEqualTo(new CoreEvent.DriverEnd());
            assertThat(others.await(CoreEvent.ChannelEnd.class).channelId()).isEqualTo(id);
        }
    }

    @Test
    @Covers({"Core.configureVirtualFunctions", "event SRIOV_CONFIGURE"})
    void numberOfVirtualFunctionsIsToldToEveryClient() {
        EventLog one = new EventLog();
        EventLog other = new EventLog();
        try (Attachment first = attach(core(), one);
                Attachment second = attach(core(), other)) {
            core().configureVirtualFunctions(0);

            assertThat(one.await(CoreEvent.SriovConfigure.class).count()).isZero();
            assertThat(other.await(CoreEvent.SriovConfigure.class).count()).isZero();
            assertThat(first.version()).isEqualTo(second.version());
        }
    }

    @Test
    @Covers("Core.configureVirtualFunctions")
    void numberBelowNoneIsRefused() {
        assertError(CoreError.INVALID_ARGUMENT, () -> core().configureVirtualFunctions(-1));
    }

    @Test
    @Needs(Capability.CE_CHAN_ALLOC)
    @Covers({"event CHANNEL_START", "event CHANNEL_END"})
    void listenersAreCalledOneAtATime() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        EventLog log = new EventLog();
        try (Attachment one = attach(core(), event -> enter(inside, most));
                Attachment two = attach(core(), event -> enter(inside, most));
                Attachment last = attach(core(), log)) {
            for (int i = 0; i < 10; i++) {
                one.allocCeChannel(Optional.empty(), 0).close();
                two.allocCeChannel(Optional.empty(), 0).close();
            }
            log.awaitUntil(
                    "told of 20 channels",
                    () -> log.kinds().stream()
                                    .filter(EventKind.CHANNEL_END::equals)
                                    .count()
                            == 20);
            assertThat(last.version()).isPositive();
        }

        assertThat(most.get()).isEqualTo(1);
    }

    private static void enter(AtomicInteger inside, AtomicInteger most) {
        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
        awaitQuietly(new CountDownLatch(0));
        inside.decrementAndGet();
    }

    @Test
    @Needs(Capability.CE_CHAN_ALLOC)
    @Covers({"event CHANNEL_START", "event CHANNEL_END"})
    void listenerThatThrowsHarmsNobody() {
        EventLog log = new EventLog();
        try (Attachment thrower = attach(core(), event -> {
                    if (event instanceof CoreEvent.ChannelStart) {
                        throw new IllegalStateException("A listener of the kit's that fails on purpose");
                    }
                });
                Attachment ignored = attach(core(), log)) {
            thrower.allocCeChannel(Optional.empty(), 0).close();

            log.await(CoreEvent.ChannelStart.class);
            log.await(CoreEvent.ChannelEnd.class);
        }
    }

    @Test
    @Needs({Capability.CE_CHAN_ALLOC, Capability.FB_MEM_ALLOC})
    @Covers({"event CHANNEL_START", "Attachment.allocFbMemory", "Core.owner"})
    void listenerMayCallWhateverItLikes() {
        AtomicReference<@Nullable Attachment> attached = new AtomicReference<>();
        EventLog log = new EventLog();
        Core core = core();
        try (Attachment attachment = attach(core, event -> {
            Attachment own = attached.get();
            if (event instanceof CoreEvent.ChannelStart && own != null) {
                own.allocFbMemory(FbRequest.of(4096)).close();
                own.allocCeChannel(Optional.empty(), 0);
                attached.set(null);
                assertThat(core.owner()).contains(ClientKind.TOOL);
            }
            log.accept(event);
        })) {
            attached.set(attachment);
            attachment.allocCeChannel(Optional.empty(), 0);

            log.awaitUntil(
                    "told of both channels",
                    () -> log.kinds().stream()
                                    .filter(EventKind.CHANNEL_START::equals)
                                    .count()
                            == 2);
        }
    }

    @Test
    @Needs(Capability.CE_CHAN_ALLOC)
    @Covers({"Attachment.close", "event DRIVER_END"})
    void listenerMayDetachItself() {
        AtomicReference<@Nullable Attachment> attached = new AtomicReference<>();
        EventLog log = new EventLog();
        Attachment attachment = attach(core(), event -> {
            log.accept(event);
            Attachment own = attached.get();
            if (event instanceof CoreEvent.ChannelEnd && own != null) {
                own.close();
            }
        });
        attached.set(attachment);
        attachment.allocCeChannel(Optional.empty(), 0).close();

        log.await(CoreEvent.DriverEnd.class);

        assertThat(log.all().getLast()).isEqualTo(new CoreEvent.DriverEnd());
        assertError(CoreError.STALE, attachment::allocGspClient);
        attachment.close();
        assertThat(core().owner()).isEmpty();
    }

    @Test
    @Needs(Capability.CE_CHAN_ALLOC)
    @Covers("Attachment.close")
    void detachReturnsWhenTheListenerDoesNotRunAnyMore() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        EventLog log = new EventLog();
        Attachment slow = attach(core(), event -> {
            if (event instanceof CoreEvent.ChannelStart) {
                entered.countDown();
                awaitQuietly(leave);
            }
            log.accept(event);
        });
        Thread maker = Thread.ofPlatform().start(() -> {
            try (Attachment other = attach()) {
                other.allocCeChannel(Optional.empty(), 0);
            }
        });
        assertThat(entered.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        Thread closer = Thread.ofPlatform().start(slow::close);

        assertThat(closer.join(Duration.ofMillis(100))).as("waits").isFalse();
        leave.countDown();

        assertThat(closer.join(Duration.ofSeconds(PATIENCE_SECONDS))).isTrue();
        int told = log.all().size();
        assertThat(log.all().getLast()).isEqualTo(new CoreEvent.DriverEnd());
        assertThat(maker.join(Duration.ofSeconds(PATIENCE_SECONDS))).isTrue();
        assertThat(log.all()).hasSize(told);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
