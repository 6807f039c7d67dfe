package dev.nacre.daemon.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateFileTest {
    private static final VgpuDefinition A = new VgpuDefinition("a", new UUID(1, 2), "gpu0", "L40-2Q", 4);
    private static final VgpuDefinition B = new VgpuDefinition("b-1.x", new UUID(3, 4), "gpu1", "Ours-5Q", 0);

    @TempDir
    Path temp;

    private Path folder() {
        return temp.resolve("state");
    }

    private Path file() {
        return folder().resolve(StateFile.NAME);
    }

    @Test
    void nothingIsThereAtFirst() {
        assertThat(StateFile.in(folder()).load()).isEmpty();
    }

    @Test
    void whatIsSavedIsLoaded() {
        StateFile.in(folder()).save(List.of(A, B));

        assertThat(StateFile.in(folder()).load()).containsExactly(A, B);
    }

    @Test
    void savingReplacesEverythingAndLeavesNothingElse() throws IOException {
        StateFile state = StateFile.in(folder());
        state.save(List.of(A, B));
        state.save(List.of(B));

        assertThat(state.load()).containsExactly(B);
        try (Stream<Path> files = Files.list(folder())) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void onlyTheOwnerCanReadIt() throws IOException {
        StateFile.in(folder()).save(List.of(A));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())))
                .isEqualTo("rwx------");
    }

    @Test
    void unfinishedChangeIsForgotten() throws IOException {
        StateFile.in(folder()).save(List.of(A));
        Path unfinished = Files.writeString(folder().resolve(StateFile.NAME + ".new"), "nacre-sta");

        assertThat(StateFile.in(folder()).load()).containsExactly(A);
        assertThat(unfinished).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 70, 100, 150})
    void everyDamageIsRefusedAndTheFileKept(int at) throws IOException {
        StateFile state = StateFile.in(folder());
        state.save(List.of(A, B));
        byte[] bytes = Files.readAllBytes(file());
        bytes[at] ^= 1;
        Files.write(file(), bytes);

        assertThatThrownBy(state::load)
                .isInstanceOf(StateException.class)
                .hasMessageContaining("file=" + file() + "; it was left as it is");
        assertThat(file()).hasBinaryContent(bytes);
    }

    @Test
    void fileThatWasCutOffIsRefused() throws IOException {
        StateFile state = StateFile.in(folder());
        state.save(List.of(A, B));
        String text = Files.readString(file());
        Files.writeString(file(), text.substring(0, text.length() - 1));

        assertThatThrownBy(state::load).hasMessageContaining("State file is damaged, its checksum is wrong");
    }

    @Test
    void emptyFileIsRefused() throws IOException {
        StateFile state = StateFile.in(folder());
        Files.writeString(file(), "");

        assertThatThrownBy(state::load).hasMessageContaining("State file does not begin as one");
    }

    @Test
    void laterVersionIsRefusedAndTheFileKept() throws IOException {
        StateFile state = StateFile.in(folder());
        String later = "nacre-state version=2\nsomething new\n";
        Files.writeString(file(), later);

        assertThatThrownBy(state::load).hasMessageContaining("is of another version of Nacre: version=2 known=1");
        assertThat(file()).hasContent(later);
    }

    @Test
    void saveThatFailsLeavesWhatWasThere() throws IOException {
        StateFile state = StateFile.in(folder());
        state.save(List.of(A));
        Files.createDirectories(folder().resolve(StateFile.NAME + ".new").resolve("in-the-way"));

        assertThatThrownBy(() -> state.save(List.of(B))).isInstanceOf(StateException.class);
        Files.delete(folder().resolve(StateFile.NAME + ".new").resolve("in-the-way"));
        assertThat(state.load()).containsExactly(A);
    }
}
