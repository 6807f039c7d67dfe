package dev.nacre.daemon.config;

import dev.nacre.daemon.config.NacreConfig.Api;
import dev.nacre.daemon.config.NacreConfig.BoardSettings;
import dev.nacre.daemon.config.NacreConfig.SocketSettings;
import dev.nacre.daemon.config.NacreConfig.Tcp;
import dev.nacre.linux.FileStat;
import dev.nacre.linux.SocketOwner;
import dev.nacre.linux.UnixSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/** Reads a configuration file. Relative paths in it begin at its folder, those of sockets at the runtime folder. */
public final class ConfigReader {
    private static final int MOST_FILE_BYTES = 1 << 20;
    private static final int API_MODE = 0660;
    private static final int OTHERS = 0007;
    private static final Path DEFAULT_RUNTIME = Path.of("/run/nacre");
    private static final Path DEFAULT_STATE = Path.of("/var/lib/nacre");
    private static final List<String> TCP_KEYS = List.of("listen", "certificate", "key", "token-file");

    // A host of any kind, or an IPv6 address in brackets, and a port.
    private static final Pattern LISTEN = Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9.-]+)):([0-9]{1,5})");

    private final ConfigErrors errors;
    private final Path base;

    private ConfigReader(ConfigErrors errors, Path base) {
        this.errors = errors;
        this.base = base;
    }

    /**
     * Reads a file.
     *
     * @throws ConfigException with everything that is wrong
     */
    public static NacreConfig read(Path file) {
        String text;
        try {
            if (Files.size(file) > MOST_FILE_BYTES) {
                throw new IOException("it is larger than " + MOST_FILE_BYTES + " bytes");
            }
            text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ConfigException("Cannot read " + file + ": " + e, e);
        }
        ConfigErrors errors = new ConfigErrors(file.toString());
        TomlParseResult root = Toml.parse(text);
        for (TomlParseError error : root.errors()) {
            errors.add(error.position(), "", "is no TOML: " + error.getMessage(), "");
        }
        errors.throwIfAny();
        Path folder = file.toAbsolutePath().normalize().getParent();
        NacreConfig config = new ConfigReader(errors, folder == null ? Path.of("/") : folder)
                .config(new ConfigTable(root, null, "", errors));
        errors.throwIfAny();
        return config;
    }

    private NacreConfig config(ConfigTable root) {
        root.allow("runtime", "state", "types", "api", "metrics", "board");
        Path runtime = path(root, "runtime").orElse(DEFAULT_RUNTIME);
        ConfigTable types = root.table("types").allow("folder");
        return new NacreConfig(
                runtime,
                path(root, "state").orElse(DEFAULT_STATE),
                folder(types, "folder"),
                api(root.table("api"), runtime),
                root.table("metrics").allow("enabled").flag("enabled").orElse(true),
                boards(root, runtime));
    }

    private Api api(ConfigTable api, Path runtime) {
        api.allow("socket", "socket-mode", "socket-owner", "tcp");
        Path socket = runtime.resolve(api.text("socket").orElse("nacred.sock")).normalize();
        requireShort(api, "socket", socket.toString());
        SocketSettings settings = new SocketSettings(
                socket,
                api.mode("socket-mode").orElse(API_MODE),
                api.owner("socket-owner").orElse(new SocketOwner(SocketOwner.UNCHANGED, SocketOwner.UNCHANGED)));
        return new Api(settings, api.optionalTable("tcp").flatMap(tcp -> tcp(api, tcp)));
    }

    /** TCP is never open by accident: it takes all of its keys. */
    private Optional<Tcp> tcp(ConfigTable api, ConfigTable tcp) {
        tcp.allow(TCP_KEYS.toArray(String[]::new));
        List<String> missing = TCP_KEYS.stream().filter(key -> !tcp.has(key)).toList();
        if (!missing.isEmpty()) {
            api.refuse("tcp", "is not complete, missing: " + String.join(", ", missing), String.join(", ", TCP_KEYS));
        }
        Optional<Matcher> listen = tcp.meaning(
                "listen",
                text -> {
                    Matcher parts = LISTEN.matcher(text);
                    return parts.matches() && isPort(parts.group(3)) ? Optional.of(parts) : Optional.empty();
                },
                "\"HOST:PORT\", such as \"127.0.0.1:8443\" or \"[::1]:8443\", the port 1 to 65535");
        Optional<Path> certificate = file(tcp, "certificate");
        Optional<Path> key = secret(tcp, "key");
        Optional<Path> token = secret(tcp, "token-file");
        if (listen.isEmpty() || certificate.isEmpty() || key.isEmpty() || token.isEmpty()) {
            return Optional.empty();
        }
        Matcher parts = listen.get();
        String host = parts.group(1) != null ? parts.group(1) : parts.group(2);
        return Optional.of(new Tcp(host, Integer.parseInt(parts.group(3)), certificate.get(), key.get(), token.get()));
    }

    private static boolean isPort(String digits) {
        int port = Integer.parseInt(digits);
        return port >= 1 && port <= 65535;
    }

    private List<BoardSettings> boards(ConfigTable root, Path runtime) {
        List<BoardSettings> boards = new ArrayList<>();
        List<ConfigTable> tables = root.tables("board");
        if (tables.isEmpty() && !root.has("board")) {
            root.refuse("board", "there is none", "one or more tables [[board]]");
        }
        Set<String> names = new TreeSet<>();
        for (ConfigTable table : tables) {
            int before = errors.count();
            Optional<BoardSettings> board = new BoardReader(table, this, runtime).read();
            table.text("name")
                    .filter(name -> !names.add(name))
                    .ifPresent(name ->
                            table.refuse("name", "is the name of another board too: " + name, "a name of its own"));
            board.filter(it -> errors.count() == before).ifPresent(boards::add);
        }
        return boards;
    }

    /** A path that begins at the file's folder. */
    Optional<Path> path(ConfigTable table, String key) {
        return table.text(key).map(text -> base.resolve(text).normalize());
    }

    /** A folder that is there. */
    Optional<Path> folder(ConfigTable table, String key) {
        return path(table, key).filter(path -> {
            if (!Files.isDirectory(path)) {
                table.refuse(key, "is no folder: " + path, "a folder that is there");
                return false;
            }
            return true;
        });
    }

    private Optional<Path> file(ConfigTable table, String key) {
        return path(table, key).filter(path -> {
            if (!Files.isReadable(path) || !Files.isRegularFile(path)) {
                table.refuse(key, "cannot be read: " + path, "a file that is there");
                return false;
            }
            return true;
        });
    }

    private Optional<Path> secret(ConfigTable table, String key) {
        return file(table, key).filter(path -> {
            boolean open =
                    FileStat.of(path).filter(it -> (it.mode() & OTHERS) != 0).isPresent();
            if (open) {
                table.refuse(key, "is open to everybody: " + path, "a file that others may not read");
            }
            return !open;
        });
    }

    /** Sockets in a folder, or one. */
    Optional<SocketSettings> sockets(ConfigTable table, Path runtime, String otherwise, int mode) {
        table.allow("folder", "mode", "owner");
        Path folder = runtime.resolve(table.text("folder").orElse(otherwise)).normalize();
        // The longest name, a head, and what names end with.
        requireShort(table, "folder", folder + "/" + "x".repeat(32 + ".sock".length()));
        return Optional.of(new SocketSettings(
                folder,
                table.mode("mode").orElse(mode),
                table.owner("owner").orElse(new SocketOwner(SocketOwner.UNCHANGED, SocketOwner.UNCHANGED))));
    }

    private static void requireShort(ConfigTable table, String key, String socket) {
        int bytes = socket.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > UnixSocket.MAX_PATH_BYTES) {
            table.refuse(
                    key,
                    "makes a socket's path too long: " + bytes + " bytes",
                    UnixSocket.MAX_PATH_BYTES + " bytes at the most");
        }
    }
}
