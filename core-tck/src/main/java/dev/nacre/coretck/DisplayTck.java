package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.CoreError;
import dev.nacre.core.CursorState;
import dev.nacre.core.Display;
import dev.nacre.core.DisplayConnector;
import dev.nacre.core.DisplayFormat;
import dev.nacre.core.DisplayListener;
import dev.nacre.core.DisplayMode;
import dev.nacre.core.DisplaySurface;
import dev.nacre.core.HeadState;
import dev.nacre.core.MemoryObject;
import dev.nacre.core.Placement;
import dev.nacre.core.WindowState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Heads, and what they show. */
@Needs({Capability.DISPLAY, Capability.MEMORY_OBJECTS})
abstract class DisplayTck extends TckGroup {
    // HW: VESA DMT, 640x480 at 60 Hz
    private static final DisplayMode MODE =
            new DisplayMode(25_175, 640, 656, 752, 800, 480, 490, 492, 525, false, false);
    private static final int PITCH = 640 * 4;
    private static final long BYTES = (long) PITCH * 480;

    /** Listens to nothing. */
    static final class Deaf implements DisplayListener {
        @Override
        public void vblank(int head, long timeNs) {}

        @Override
        public void hotplug() {}
    }

    private static HeadState head(MemoryObject memory) {
        return new HeadState(
                Optional.of(new HeadState.Output(0, MODE)),
                List.of(Optional.of(WindowState.of(surface(memory)))),
                Optional.empty());
    }

    private static DisplaySurface surface(MemoryObject memory) {
        return new DisplaySurface(memory, 0, 640, 480, PITCH, DisplayFormat.X8R8G8B8, DisplaySurface.PITCH_LINEAR);
    }

    @Test
    @Covers({"Attachment.openDisplay", "Display.heads", "Display.windowsPerHead", "Display.connectors", "Display.edid"})
    void headsAndConnectorsAreTold() {
        try (Attachment attachment = attach();
                Display display = attachment.openDisplay(new Deaf())) {
            assertThat(display.heads()).isPositive();
            assertThat(display.windowsPerHead()).isPositive();
            assertThat(display.connectors()).isNotEmpty();
            for (DisplayConnector connector : display.connectors()) {
                assertThat(connector.heads()).isNotZero();
                assertThat(display.edid(connector.index()).length % 128).isZero();
            }
            assertError(
                    CoreError.INVALID_ARGUMENT,
                    () -> display.edid(display.connectors().size()));
            assertError(CoreError.INVALID_ARGUMENT, () -> display.edid(-1));
        }
    }

    @Test
    @Covers({"Display.commit", "Display.close", "Display.moveCursor"})
    void surfacesOfEitherPlaceAreShownUntilOthersAre() {
        try (Attachment attachment = attach();
                Display display = attachment.openDisplay(new Deaf())) {
            for (Placement placement : Placement.values()) {
                MemoryObject memory = attachment.createMemory(BYTES, placement);
                MemoryObject cursor = attachment.createMemory(64 * 64 * 4, placement);
                DisplaySurface image =
                        new DisplaySurface(cursor, 0, 64, 64, 256, DisplayFormat.A8R8G8B8, DisplaySurface.PITCH_LINEAR);
                HeadState bare = head(memory);
                display.commit(
                        Map.of(
                                0,
                                new HeadState(
                                        bare.output(), bare.windows(), Optional.of(new CursorState(image, 3, -3)))),
                        false);
                display.moveCursor(0, -20, 40);
                assertError(CoreError.BUSY, memory::close);
                assertError(CoreError.BUSY, cursor::close);

                display.commit(Map.of(0, bare), true);
                cursor.close();
                display.commit(Map.of(0, HeadState.OFF), true);
                memory.close();
            }
            display.close();
            assertError(CoreError.STALE, () -> display.commit(Map.of(), false));
        }
    }

    @Test
    @Covers("Display.commit")
    void headsThatDoNotExistAreRefused() {
        try (Attachment attachment = attach();
                Display display = attachment.openDisplay(new Deaf())) {
            MemoryObject memory = attachment.createMemory(BYTES, Placement.SYSTEM);

            assertError(CoreError.INVALID_ARGUMENT, () -> display.commit(Map.of(display.heads(), head(memory)), false));
            assertError(CoreError.INVALID_ARGUMENT, () -> display.moveCursor(-1, 0, 0));
            assertError(CoreError.INVALID_ARGUMENT, () -> display.vblankEvents(display.heads(), true));
            memory.close();
        }
    }

    @Test
    @Covers("Display.vblankEvents")
    void vblanksComeWhileTheyAreWanted() throws InterruptedException {
        CountDownLatch two = new CountDownLatch(2);
        DisplayListener listener = new DisplayListener() {
            @Override
            public void vblank(int head, long timeNs) {
                two.countDown();
            }

            @Override
            public void hotplug() {}
        };
        try (Attachment attachment = attach();
                Display display = attachment.openDisplay(listener)) {
            display.commit(Map.of(0, head(attachment.createMemory(BYTES, Placement.SYSTEM))), false);

            display.vblankEvents(0, true);

            // TIMEOUT: two frames; a busy machine may be much slower.
            assertThat(two.await(60, TimeUnit.SECONDS)).isTrue();
            display.vblankEvents(0, false);
        }
    }

    @Test
    @Covers({"Attachment.openDisplay", "Display.close", "Core.suspend"})
    void displayBelongsToOneAndKeepsTheCoreAwake() {
        try (Attachment first = attach();
                Attachment second = attach()) {
            Display display = first.openDisplay(new Deaf());
            assertError(CoreError.BUSY, () -> second.openDisplay(new Deaf()));
            assumeTrue(has(core(), Capability.SUSPEND), "no " + Capability.SUSPEND);
            assertError(CoreError.BUSY, core()::suspend);

            display.close();
            display.close();

            second.openDisplay(new Deaf());
            second.close();
            first.openDisplay(new Deaf()).close();
            core().suspend();
            core().resume();
        }
    }
}
