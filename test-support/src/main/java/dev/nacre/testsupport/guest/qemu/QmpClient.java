package dev.nacre.testsupport.guest.qemu;

import io.avaje.json.JsonException;
import io.avaje.json.mapper.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * QEMU's machine protocol: one JSON object a line over a UNIX socket, commands with numbered answers, and events in
 * between. Any thread may use it.
 */
public final class QmpClient implements AutoCloseable {
    // TIMEOUT: QEMU answers between two translated blocks; a starved host may need seconds.
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(30);
    private static final long CONNECT_POLL_NS = 10_000_000;

    private final SocketChannel channel;
    private final JsonMapper json = JsonMapper.builder().build();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Long, Map<String, Object>> answers = new HashMap<>();
    private final List<Map<String, Object>> events = new ArrayList<>();
    private boolean greeted;
    private boolean ended;
    private long lastId;

    private QmpClient(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Connects, waiting for the socket to appear, and leaves the negotiation mode.
     *
     * @param socket the monitor's socket
     * @param bound how long to wait for it
     * @param serverAlive false ends the wait early
     * @throws GuestException if there is no monitor within the bound
     */
    public static QmpClient connect(Path socket, Duration bound, BooleanSupplier serverAlive) {
        QmpClient client = new QmpClient(open(socket, bound, serverAlive));
        Thread.ofPlatform().daemon().name("nacre-qmp").start(client::read);
        try {
            client.await(() -> client.greeted, ANSWER_BOUND, "greeting");
            client.execute("qmp_capabilities", Map.of());
            return client;
        } catch (GuestException e) {
            client.close();
            throw e;
        }
    }

    private static SocketChannel open(Path socket, Duration bound, BooleanSupplier serverAlive) {
        long endNs = System.nanoTime() + bound.toNanos();
        while (true) {
            try {
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                try {
                    channel.connect(UnixDomainSocketAddress.of(socket));
                    return channel;
                } catch (IOException notYet) {
                    channel.close();
                    if (!serverAlive.getAsBoolean() || System.nanoTime() - endNs > 0 || Thread.interrupted()) {
                        throw new GuestException("No QEMU monitor at " + socket, notYet);
                    }
                }
            } catch (IOException e) {
                throw new GuestException("Cannot open a UNIX socket: " + e.getMessage(), e);
            }
            LockSupport.parkNanos(CONNECT_POLL_NS);
        }
    }

    private void read() {
        try (BufferedReader in = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                accept(json.fromJsonObject(line));
            }
        } catch (IOException | JsonException connectionLost) {
            // Waiting threads learn it by the flag.
            System.getLogger(QmpClient.class.getName()).log(System.Logger.Level.DEBUG, "QMP ended", connectionLost);
        } finally {
            signal(() -> ended = true);
        }
    }

    private void accept(Map<String, Object> message) {
        signal(() -> {
            if (message.containsKey("QMP")) {
                greeted = true;
            } else if (message.containsKey("event")) {
                events.add(message);
            } else if (message.get("id") instanceof Number id) {
                answers.put(id.longValue(), message);
            }
        });
    }

    private void signal(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Executes a command.
     *
     * @param command its name
     * @param arguments its arguments
     * @return what the answer's {@code return} holds
     * @throws GuestException if QEMU refuses it, ends, or does not answer
     */
    public Object execute(String command, Map<String, ?> arguments) {
        long id = send(command, arguments);
        await(() -> answers.containsKey(id), ANSWER_BOUND, "answer to " + command);
        return result(command, id);
    }

    private long send(String command, Map<String, ?> arguments) {
        lock.lock();
        try {
            long id = ++lastId;
            Map<String, Object> request = new LinkedHashMap<>();
            request.put("execute", command);
            request.put("arguments", arguments);
            request.put("id", id);
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(json.toJson(request) + "\n");
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return id;
        } catch (IOException e) {
            throw new GuestException("Cannot send " + command + " to QEMU: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private Object result(String command, long id) {
        lock.lock();
        try {
            Map<String, Object> answer = Optional.ofNullable(answers.remove(id)).orElseThrow();
            if (answer.get("error") instanceof Map<?, ?> error) {
                throw new GuestException("QEMU refused " + command + ": " + error.get("desc"));
            }
            return Optional.ofNullable(answer.get("return")).orElse(Map.of());
        } finally {
            lock.unlock();
        }
    }

    /** Plugs a device in, behind the root port that its slot names. */
    public void plug(GpuSlot slot, QemuProgram qemu) {
        execute("device_add", slot.properties(qemu));
    }

    /**
     * Unplugs a device and waits until the guest has let go of it.
     *
     * @param slot the device
     * @param bound how long the guest may take
     */
    public void unplug(GpuSlot slot, Duration bound) {
        execute("device_del", Map.of("id", slot.identifier()));
        awaitEvent("DEVICE_DELETED", bound);
    }

    /** Resets the machine as its reset button does. */
    public void reset() {
        execute("system_reset", Map.of());
    }

    /** Presses the machine's power button. */
    public void pressPower() {
        execute("system_powerdown", Map.of());
    }

    /** Ends QEMU without asking the guest. */
    public void quit() {
        long id = send("quit", Map.of());
        // QEMU may be gone before its answer is.
        await(() -> ended || answers.containsKey(id), ANSWER_BOUND, "answer to quit");
    }

    /**
     * Waits for an event, among those that have come already and those to come.
     *
     * @param name the event's name, such as {@code RESET}
     * @param bound how long to wait
     * @return its data, empty if it has none
     * @throws GuestException if it does not come
     */
    public Map<?, ?> awaitEvent(String name, Duration bound) {
        await(() -> event(name).isPresent(), bound, "event " + name);
        lock.lock();
        try {
            return event(name).orElseThrow().get("data") instanceof Map<?, ?> data ? data : Map.of();
        } finally {
            lock.unlock();
        }
    }

    private Optional<Map<String, Object>> event(String name) {
        return events.stream().filter(e -> name.equals(e.get("event"))).findFirst();
    }

    private void await(BooleanSupplier condition, Duration bound, String what) {
        long remainingNs = bound.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (ended || remainingNs <= 0) {
                    throw new GuestException("No %s from QEMU: %s"
                            .formatted(what, ended ? "its monitor closed" : bound.toSeconds() + " s were over"));
                }
                remainingNs = changed.awaitNanos(remainingNs);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuestException("Interrupted while waiting for the " + what + " from QEMU", e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new GuestException("Cannot close QEMU's monitor: " + e.getMessage(), e);
        }
    }
}
