package dev.nacre.corejava;

import static dev.nacre.corejava.AttachTest.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.Scanout;
import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.Core;
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
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.corejava.boot.BoardUnderTest;
import dev.nacre.corejava.boot.BoardUnderTest.Transport;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.gsp.GspVersion;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The display of the core on a board: what is committed is what the board's heads show. */
class DisplayTest {
    private static final DisplayMode XGA =
            new DisplayMode(65_000, 1024, 1048, 1184, 1344, 768, 771, 777, 806, false, false);
    private static final int PITCH = 1024 * 4;
    private static final int RED = 0xffff0000;
    private static final int BLUE = 0xff0000ff;

    /** A board with a core, a client and its display. */
    private static final class Rig implements AutoCloseable {
        final BoardUnderTest board;
        final Core core;
        final Attachment attachment;
        final BlockingQueue<String> told = new LinkedBlockingQueue<>();
        final Display display;

        Rig() {
            this(Chip.AD102, Transport.LOCAL, GspVersion.R570_144);
        }

        Rig(Chip chip, Transport transport, GspVersion version) {
            board = new BoardUnderTest(chip, transport);
            core = CoreProvider.named("java")
                    .open(board.function(), CoreConfig.of(BoardUnderTest.firmware(chip, version)));
            attachment = new RecordingClient().attach(core);
            display = attachment.openDisplay(listener());
        }

        DisplayListener listener() {
            return new DisplayListener() {
                @Override
                public void vblank(int head, long timeNs) {
                    told.add("vblank " + head);
                }

                @Override
                public void hotplug() {
                    told.add("hotplug");
                }
            };
        }

        String next() throws InterruptedException {
            // TIMEOUT: events take a frame; a busy machine may be much slower.
            String event = told.poll(30, TimeUnit.SECONDS);
            return event == null ? "nothing" : event;
        }

        /** A surface of one colour, of as many lines as the mode. */
        DisplaySurface surface(Placement placement, int colour) {
            return surface(placement, 1024, 768, colour);
        }

        DisplaySurface surface(Placement placement, int width, int height, int colour) {
            int pitch = width * 4;
            long bytes = ((long) pitch * height + 4095) / 4096 * 4096;
            MemoryObject memory = attachment.createMemory(bytes, placement);
            int[] line = new int[width * height];
            Arrays.fill(line, colour);
            memory.write(0, MemorySegment.ofArray(line), 0, line.length * 4);
            return new DisplaySurface(
                    memory, 0, width, height, pitch, DisplayFormat.A8R8G8B8, DisplaySurface.PITCH_LINEAR);
        }

        void show(WindowState... windows) {
            display.commit(Map.of(0, head(windows)), false);
        }

        Scanout scanout() {
            return board.board().scanout(0).orElseThrow();
        }

        int pixel(int x, int y) {
            Scanout shown = scanout();
            return shown.pixels()[y * shown.width() + x];
        }

        @Override
        public void close() {
            core.close();
            board.close();
        }
    }

    private static HeadState head(WindowState... windows) {
        return new HeadState(
                Optional.of(new HeadState.Output(0, XGA)),
                Arrays.stream(windows).map(Optional::of).toList(),
                Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "AD102,LOCAL,R570_144,VRAM",
        "AD102,SOCKET,R535_113_01,SYSTEM",
        "GA102,LOCAL,R535_113_01,VRAM",
        "GB202,LOCAL,R570_144,VRAM",
        "GB202,LOCAL,R570_144,SYSTEM"
    })
    void pictureOfAHead_isTheSurface(Chip chip, Transport transport, GspVersion version, Placement placement) {
        try (Rig rig = new Rig(chip, transport, version)) {
            DisplaySurface surface = rig.surface(placement, RED);
            int[] line = new int[1024];
            Arrays.setAll(line, x -> 0xff000000 | x * 0x101);
            surface.memory().write(5L * PITCH, MemorySegment.ofArray(line), 0, PITCH);

            rig.show(WindowState.of(surface));

            Scanout shown = rig.scanout();
            assertThat(shown.width()).isEqualTo(1024);
            assertThat(shown.height()).isEqualTo(768);
            assertThat(Arrays.copyOfRange(shown.pixels(), 5 * 1024, 6 * 1024)).isEqualTo(line);
            assertThat(shown.pixels()[4 * 1024 + 7]).isEqualTo(RED);
            assertThat(rig.board.board().faults()).containsEntry("defects", 0L);
        }
    }

    @Test
    void flip_showsTheNextSurfaceAndReleasesTheLast() {
        try (Rig rig = new Rig()) {
            DisplaySurface first = rig.surface(Placement.SYSTEM, RED);
            DisplaySurface second = rig.surface(Placement.VRAM, BLUE);
            rig.show(WindowState.of(first));
            assertError(CoreError.BUSY, first.memory()::close);

            rig.show(WindowState.of(second));

            assertThat(rig.pixel(9, 9)).isEqualTo(BLUE);
            first.memory().close();
            rig.display.commit(Map.of(0, head(WindowState.of(rig.surface(Placement.SYSTEM, RED)))), true);
            assertThat(rig.pixel(9, 9)).isEqualTo(RED);
            second.memory().close();
        }
    }

    @Test
    void manyFlips_goThroughOnePushBuffer() {
        try (Rig rig = new Rig()) {
            DisplaySurface red = rig.surface(Placement.SYSTEM, RED);
            DisplaySurface blue = rig.surface(Placement.SYSTEM, BLUE);
            rig.show(WindowState.of(red));

            for (int i = 0; i < 100; i++) {
                DisplaySurface next = i % 2 == 0 ? blue : red;
                rig.display.commit(Map.of(0, head(WindowState.of(next))), true);
            }

            assertThat(rig.pixel(0, 0)).isEqualTo(RED);
        }
    }

    @Test
    void windows_areComposedByDepthAlphaAndPlace() {
        try (Rig rig = new Rig()) {
            DisplaySurface back = rig.surface(Placement.SYSTEM, RED);
            DisplaySurface front = rig.surface(Placement.VRAM, 64, 64, 0x80000080);
            WindowState over =
                    new WindowState(front, 0, 0, 64, 32, 100, 200, 254, 255, WindowState.Blend.PREMULTIPLIED);

            rig.show(WindowState.of(back), over);

            assertThat(rig.pixel(99, 200)).isEqualTo(RED);
            assertThat(rig.pixel(100, 200)).isEqualTo(0xff7f0080);
            assertThat(rig.pixel(163, 231)).isEqualTo(0xff7f0080);
            assertThat(rig.pixel(100, 232)).isEqualTo(RED);
            rig.show(WindowState.of(back));
            assertThat(rig.pixel(100, 200)).isEqualTo(RED);
        }
    }

    @Test
    void cursor_isShownMovedAndTakenAway() {
        try (Rig rig = new Rig()) {
            HeadState bare = head(WindowState.of(rig.surface(Placement.SYSTEM, RED)));
            CursorState cursor = new CursorState(rig.surface(Placement.SYSTEM, 64, 64, BLUE), 10, 20);

            rig.display.commit(Map.of(0, new HeadState(bare.output(), bare.windows(), Optional.of(cursor))), false);

            assertThat(rig.pixel(10, 20)).isEqualTo(BLUE);
            assertThat(rig.pixel(9, 20)).isEqualTo(RED);
            rig.display.moveCursor(0, -60, 300);
            assertThat(rig.pixel(3, 300)).isEqualTo(BLUE);
            assertThat(rig.pixel(4, 300)).isEqualTo(RED);
            rig.display.commit(Map.of(0, bare), false);
            assertThat(rig.pixel(3, 300)).isEqualTo(RED);
        }
    }

    @Test
    void headThatIsTurnedOff_showsNothing() {
        try (Rig rig = new Rig()) {
            rig.show(WindowState.of(rig.surface(Placement.SYSTEM, RED)));

            rig.display.commit(Map.of(0, HeadState.OFF), false);

            assertThat(rig.board.board().scanout(0)).isEmpty();
        }
    }

    @Test
    void closedDisplay_isOffAndFreeForTheNext() {
        try (Rig rig = new Rig()) {
            DisplaySurface surface = rig.surface(Placement.VRAM, RED);
            rig.show(WindowState.of(surface));
            assertError(CoreError.BUSY, () -> rig.attachment.openDisplay(rig.listener()));
            assertError(CoreError.BUSY, rig.core::suspend);

            rig.display.close();

            assertThat(rig.board.board().scanout(0)).isEmpty();
            assertError(CoreError.STALE, () -> rig.display.commit(Map.of(), true));
            surface.memory().close();
            Display again = rig.attachment.openDisplay(rig.listener());
            again.commit(Map.of(0, head(WindowState.of(rig.surface(Placement.SYSTEM, BLUE)))), false);
            assertThat(rig.pixel(1, 1)).isEqualTo(BLUE);
            again.close();
            rig.core.suspend();
            rig.core.resume();
        }
    }

    @Test
    void detachedClient_leavesTheHeadsOff() {
        try (Rig rig = new Rig()) {
            rig.show(WindowState.of(rig.surface(Placement.VRAM, RED)));

            rig.attachment.close();

            assertThat(rig.board.board().scanout(0)).isEmpty();
            JavaCore core = (JavaCore) rig.core;
            Attachment next = new RecordingClient().attach(core);
            next.openDisplay(rig.listener()).close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Chip.class,
            names = {"AD102", "GB202"})
    void vblanks_areToldWhileTheyAreWanted(Chip chip) throws InterruptedException {
        try (Rig rig = new Rig(chip, Transport.LOCAL, GspVersion.R570_144)) {
            rig.show(WindowState.of(rig.surface(Placement.SYSTEM, RED)));

            rig.display.vblankEvents(0, true);

            assertThat(rig.next()).isEqualTo("vblank 0");
            assertThat(rig.next()).isEqualTo("vblank 0");
            rig.display.vblankEvents(0, false);
        }
    }

    @Test
    void monitorThatIsUnplugged_isToldAndHasNoEdid() throws InterruptedException {
        try (Rig rig = new Rig()) {
            assertThat(rig.display.connectors())
                    .containsExactly(new DisplayConnector(0, DisplayConnector.Type.DVI_D, 1));
            assertThat(rig.display.edid(0)).hasSize(128).startsWith(0, 0xff, 0xff);

            rig.board.board().plug(0, false);

            assertThat(rig.next()).isEqualTo("hotplug");
            assertThat(rig.display.edid(0)).isEmpty();
        }
    }

    @Test
    void impossibleStates_areRefusedAndChangeNothing() {
        try (Rig rig = new Rig()) {
            DisplaySurface surface = rig.surface(Placement.SYSTEM, RED);
            rig.show(WindowState.of(surface));
            WindowState outside = new WindowState(surface, 0, 0, 1024, 768, 1, 0, 1, 255, WindowState.Blend.NONE);
            HeadState elsewhere = new HeadState(Optional.of(new HeadState.Output(1, XGA)), List.of(), Optional.empty());

            assertError(CoreError.INVALID_ARGUMENT, () -> rig.show(outside));
            assertError(CoreError.INVALID_ARGUMENT, () -> rig.display.commit(Map.of(0, elsewhere), false));
            assertError(CoreError.INVALID_ARGUMENT, () -> rig.display.commit(Map.of(1, HeadState.OFF), false));
            assertError(CoreError.INVALID_ARGUMENT, () -> rig.display.edid(1));
            assertError(CoreError.INVALID_ARGUMENT, () -> rig.display.vblankEvents(-1, true));
            assertError(CoreError.INVALID_ARGUMENT, () -> rig.display.moveCursor(1, 0, 0));
            assertError(
                    CoreError.INVALID_ARGUMENT,
                    () -> new DisplaySurface(
                            surface.memory(),
                            256,
                            1024,
                            768,
                            PITCH,
                            DisplayFormat.A8R8G8B8,
                            DisplaySurface.PITCH_LINEAR));

            assertThat(rig.pixel(0, 0)).isEqualTo(RED);
        }
    }

    @Test
    void blockLinearSurface_isShownByItsBlocks() {
        try (Rig rig = new Rig()) {
            // One block of 64 bytes x 8 lines: 16 x 8 pixels; bytes 0 to 15 of line 1 lie at 16.
            MemoryObject memory = rig.attachment.createMemory(4096, Placement.SYSTEM);
            memory.write(16, MemorySegment.ofArray(new int[] {BLUE, BLUE, BLUE, BLUE}), 0, 16);
            DisplaySurface surface = new DisplaySurface(memory, 0, 16, 8, 64, DisplayFormat.X8R8G8B8, 0);

            rig.show(new WindowState(surface, 0, 0, 16, 8, 0, 0, 1, 255, WindowState.Blend.NONE));

            assertThat(rig.pixel(0, 1)).isEqualTo(BLUE);
            assertThat(rig.pixel(3, 1)).isEqualTo(BLUE);
            assertThat(rig.pixel(0, 0)).isEqualTo(0xff000000);
        }
    }

    @Test
    void boardWithoutHeads_hasNoDisplay() {
        try (BoardUnderTest board = new BoardUnderTest(Chip.GH100, Transport.LOCAL);
                Core core = CoreProvider.named("java")
                        .open(
                                board.function(),
                                CoreConfig.of(BoardUnderTest.firmware(Chip.GH100, GspVersion.R570_144)))) {
            assertThat(core.capabilities()).doesNotContain(Capability.DISPLAY);
            Attachment attachment = new RecordingClient().attach(core);
            assertError(
                    CoreError.NOT_SUPPORTED,
                    () -> attachment.openDisplay(new DisplayListener() {
                        @Override
                        public void vblank(int head, long timeNs) {}

                        @Override
                        public void hotplug() {}
                    }));
        }
    }
}
