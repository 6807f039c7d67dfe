package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.CoreException;
import java.util.Set;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of operations that belong together. */
@ExtendWith(TckExtension.class)
abstract class TckGroup {
    private @Nullable Bench bench;

    final void on(Bench chosen) {
        bench = chosen;
    }

    final Bench bench() {
        if (bench == null) {
            throw new IllegalStateException("Not run by the kit's extension");
        }
        return bench;
    }

    /** The core that tests share: it is left without attachments. */
    final Core core() {
        return bench().core();
    }

    /** Attaches a tool to the shared core. */
    final Attachment attach() {
        return attach(core(), event -> {});
    }

    static Attachment attach(Core core, Consumer<CoreEvent> listener) {
        return core.attach(client("tck", ClientKind.TOOL, listener));
    }

    static Client client(String name, ClientKind kind, Consumer<CoreEvent> listener) {
        return Client.of(name, kind, Set.of(), listener);
    }

    /** Fails unless the call does, with that error; gives the message. */
    static String assertError(CoreError error, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).as("refused with " + error).isInstanceOf(CoreException.class);
        CoreException failure = (CoreException) thrown;
        assertThat(failure.error()).as(failure.getMessage()).isEqualTo(error);
        assertThat(failure).as("says why").message().isNotBlank();
        return String.valueOf(failure.getMessage());
    }

    /** As {@link #assertError}, where any of several errors is right. */
    static void assertOneOf(Set<CoreError> errors, ThrowingCallable call) {
        assertThat(catchThrowable(call))
                .isInstanceOfSatisfying(
                        CoreException.class,
                        failure -> assertThat(failure.error())
                                .as(failure.getMessage())
                                .isIn(errors));
    }

    static boolean has(Core core, Capability... capabilities) {
        return core.capabilities().containsAll(Set.of(capabilities));
    }
}
