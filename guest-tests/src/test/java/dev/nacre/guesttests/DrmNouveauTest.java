package dev.nacre.guesttests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.daemon.host.HeadView;
import dev.nacre.display.Frame;
import dev.nacre.testsupport.guest.KitPart;
import dev.nacre.testsupport.guest.host.HostCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unmodified programs of this host use a board by the uAPI of nouveau. */
class DrmNouveauTest {
    private static final int PROCESSES = 8;
    private static final Pattern LISTED =
            Pattern.compile("(?s)\\n(\\d+)\\s+\\d+\\s+connected\\s.*?#0 (\\d+x\\d+) .*\\nCRTCs:\\n[^\\n]*\\n(\\d+)\\s.*"
                    + "\\nPlanes:\\n[^\\n]*\\n(\\d+)\\s");

    private static DrmHost host;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws IOException {
        host = new DrmHost("nouveau");
        assertThat(vulkaninfo().ok()).isTrue();
        host.takeForGranted();
    }

    @AfterEach
    void nothingIsLeft() {
        host.assertNothingIsLeft();
    }

    @AfterAll
    static void stop() throws IOException {
        host.close();
    }

    @Test
    void drmdeviceFindsBothNodesOfTheDevice() {
        HostCommand.Result result = host.run(DrmHost.fromKit(KitPart.DRM_TOOLS, "drmdevice"));

        assertThat(result.ok()).as(result.errors()).isTrue();
        assertThat(result.text())
                .contains("Devices reported 1", "nodes[0] /dev/dri/card0", "nodes[2] /dev/dri/renderD128")
                .containsPattern("vendor_id +10de")
                .containsPattern("device_id +26b5");
    }

    @Test
    void modetestListsWhatTheDisplayHas() {
        HostCommand.Result result = host.run(DrmHost.fromKit(KitPart.DRM_TOOLS, "modetest", "-M", "nouveau"));

        assertThat(result.ok()).as(result.errors()).isTrue();
        assertThat(result.text())
                .contains("Encoders:", "Connectors:", "CRTCs:", "Planes:")
                .containsPattern(LISTED);
    }

    @Test
    void modetestShowsItsPatternOnAHead() throws IOException, InterruptedException {
        Matcher found = listed();

        assertPatternIsShown("-s", found.group(1) + ":#0");
    }

    @Test
    void modetestShowsItsPatternByAnAtomicCommit() throws IOException, InterruptedException {
        Matcher found = listed();
        String crtc = found.group(3);

        assertPatternIsShown(
                "-a",
                "-s",
                found.group(1) + "@" + crtc + ":#0",
                "-P",
                found.group(4) + "@" + crtc + ":" + found.group(2));
    }

    /** The connected connector, its first mode, the first CRTC and the first plane. */
    private static Matcher listed() {
        Matcher found = LISTED.matcher(host.run(DrmHost.fromKit(KitPart.DRM_TOOLS, "modetest", "-M", "nouveau"))
                .text());
        assertThat(found.find()).isTrue();
        return found;
    }

    private static void assertPatternIsShown(String... how) throws IOException, InterruptedException {
        List<String> words = DrmHost.fromKit(KitPart.DRM_TOOLS, "modetest", "-M", "nouveau");
        words.addAll(List.of(how));
        Process modetest = host.start(words);
        try {
            DrmHost.await("a head shows the pattern", DrmNouveauTest::patternIsShown);
        } finally {
            // It ends when it reads a line.
            modetest.getOutputStream().close();
            assertThat(modetest.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(modetest.exitValue()).isZero();
        DrmHost.await("all heads are off", () -> shown().isEmpty());
    }

    /** What the API shows of the first head that is on. */
    private static Optional<Frame> shown() {
        return host.service().board(host.board().name()).heads().stream()
                .filter(HeadView::active)
                .findFirst()
                .flatMap(head -> host.service()
                        .boardScreenshot(host.board().name(), head.index())
                        .map(Frame::whole)
                        .filter(it -> it.width() == head.width() && it.height() == head.height()));
    }

    private static boolean patternIsShown() {
        return shown().filter(it -> Arrays.equals(it.pixels(), SmpteBars.pixels(it.width(), it.height())))
                .isPresent();
    }

    private static HostCommand.Result vulkaninfo() {
        Path icd = Guests.root(KitPart.VULKAN).resolve("usr/share/vulkan/icd.d/nouveau_icd.json");
        return host.run(
                DrmHost.fromKit(KitPart.VULKAN, "vulkaninfo"),
                Map.of("VK_DRIVER_FILES", icd.toString(), "VK_LOADER_LAYERS_DISABLE", "~implicit~"));
    }

    @Test
    void vulkaninfoNamesTheBoard() {
        HostCommand.Result result = vulkaninfo();

        assertThat(result.ok()).as(result.errors()).isTrue();
        assertThat(result.text())
                .containsPattern("deviceName +=.*NVIDIA L40 \\(NVK AD102\\)")
                .containsPattern("vendorID +=.*0x10de")
                .containsPattern("maxImageDimension2D +=.*32768")
                .containsPattern("memoryHeaps\\[0\\]:\\s+size += 84494\\d+ .*7.87 GiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce-exec", "ce-pushbuf", "fault-exec", "fault-pushbuf"})
    void programOfTheGuestsRunsHere(String name) throws IOException {
        Path program = new HostPrograms(folder).ofGuests(name);

        HostCommand.Result result = host.run(List.of(program.toString()));

        assertThat(result.text()).as(result.errors()).contains("NACRE-TEST " + name + " PASS");
    }

    @Test
    void eightProcessesCopyAtOnce() throws IOException, InterruptedException {
        Path program = new HostPrograms(folder).ofGuests("ce-exec");
        List<Process> all = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            all.add(host.start(List.of(program.toString())));
        }

        for (Process process : all) {
            assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("PASS");
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    void programsThatAreKilledLeaveNothingAndHarmNobody() throws IOException, InterruptedException {
        Path program = new HostPrograms(folder).ofGuests("ce-exec");
        Random random = new Random(7);
        for (int round = 0; round < PROCESSES; round++) {
            Process victim = host.start(List.of(program.toString()));
            Process survivor = host.start(List.of(program.toString()));
            if (victim.waitFor(random.nextInt(30), TimeUnit.MILLISECONDS)) {
                assertThat(victim.exitValue()).isZero();
            }
            victim.destroyForcibly().waitFor();
            assertThat(new String(survivor.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("PASS");
            assertThat(survivor.waitFor()).isZero();
        }
    }

    @Test
    void faultOfOneProgramEndsNoOther() throws IOException, InterruptedException {
        HostPrograms programs = new HostPrograms(folder);
        Process faulty = host.start(List.of(programs.ofGuests("fault-exec").toString()));
        Process other = host.start(List.of(programs.ofGuests("ce-exec").toString()));

        assertThat(other.waitFor()).isZero();
        assertThat(faulty.waitFor()).isZero();
    }
}
