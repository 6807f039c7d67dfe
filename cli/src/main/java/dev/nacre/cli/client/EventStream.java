package dev.nacre.cli.client;

import dev.nacre.daemon.api.json.EventJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The events of a daemon as they come. For one thread. */
public final class EventStream implements AutoCloseable {
    // TIMEOUT: the daemon sends a line every 15 s at the latest.
    static final Duration PATIENCE = Duration.ofMinutes(1);

    /**
     * One of them.
     *
     * @param json as the daemon wrote it
     * @param event what it says
     */
    public record Item(String json, EventJson event) {}

    private final BufferedReader lines;
    private final Json json;
    private final ApiClient client;
    private @Nullable String lastId;

    EventStream(InputStream in, Json json, ApiClient client) {
        this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        this.json = json;
        this.client = client;
    }

    /** Waits for the next; empty if the daemon has ended the stream. */
    public Optional<Item> next() throws IOException {
        String data = null;
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id:")) {
                    lastId = line.substring(3).strip();
                } else if (line.startsWith("data:")) {
                    data = line.substring(5).strip();
                } else if (line.isEmpty() && data != null) {
                    return Optional.of(new Item(data, json.read(EventJson.class, data)));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw client.unreachable(e);
        }
    }

    /** What the daemon is to be told to go on from here; empty if nothing has come. */
    public Optional<String> lastId() {
        return Optional.ofNullable(lastId);
    }

    @Override
    public void close() {
        client.close();
    }
}
