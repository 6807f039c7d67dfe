package dev.nacre.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.fuzz.ModelFunction.Migrates;
import dev.nacre.linux.UnixSocket;
import dev.nacre.vfiouser.ConnectionCounts;
import dev.nacre.vfiouser.ServerListener;
import dev.nacre.vfiouser.VfioUserServer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server of the model function that stays for all inputs of a target, and what it has said. */
final class Serving {
    // TIMEOUT: a connection's end takes milliseconds.
    private static final int PATIENCE_S = 60;

    final ModelFunction function;
    private final List<String> broken = new CopyOnWriteArrayList<>();
    private final BlockingQueue<ConnectionCounts> ended = new LinkedBlockingQueue<>();
    private final Path path;

    /**
     * Starts a server.
     *
     * @param name tells it from other targets' servers
     * @param migrates whether its function can migrate
     */
    Serving(String name, Migrates migrates) {
        function = new ModelFunction(migrates);
        // A relative path below the build's folder: short enough for a socket wherever the sources are.
        path = Path.of("target", name + "-" + ProcessHandle.current().pid() + ".sock");
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> broken.add(thread.getName() + ": " + e));
        VfioUserServer server = VfioUserServer.builder(function)
                .socketPath(path)
                .name(name)
                .writeMultiple(true)
                .listener(new ServerListener() {
                    @Override
                    public void disconnected(ConnectionCounts counts) {
                        ended.add(counts);
                    }

                    @Override
                    public void warning(String text) {
                        if (text.contains("broke") || text.contains("connect")) {
                            broken.add(text);
                        }
                    }
                })
                .build();
        server.start();
        path.toFile().deleteOnExit();
    }

    /** A new client. */
    Peer connect() {
        return new Peer(UnixSocket.connect(path));
    }

    /**
     * Waits for the end of the one connection that there was; it must have harmed nothing.
     *
     * @param failures how often the function must have thrown
     */
    void assertEnded(long failures) throws InterruptedException {
        ConnectionCounts counts = ended.poll(PATIENCE_S, TimeUnit.SECONDS);
        assertThat(counts).as("the connection's end").isNotNull();
        assertThat(counts.modelFailures()).as("exceptions").isEqualTo(failures);
        ModelMigration migration = function.model();
        assertThat(migration == null ? List.of() : migration.violations())
                .as("calls out of order")
                .isEmpty();
        assertUnbroken();
    }

    /** Waits for the end of a connection of which nothing is expected any more, so that the next is not taken for it. */
    void forgetEnded() throws InterruptedException {
        ended.poll(PATIENCE_S, TimeUnit.SECONDS);
    }

    /** That no thread has died and no call to the system has failed. */
    void assertUnbroken() {
        assertThat(broken).isEmpty();
    }
}
