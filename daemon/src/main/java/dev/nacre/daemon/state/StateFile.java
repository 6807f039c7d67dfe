package dev.nacre.daemon.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Virtual GPUs in a file: a line that says what the file is, with the checksum of the rest, and a line for each. It is
 * replaced as a whole, so that whoever finds it, also after a loss of power, finds it as it was before or after a change.
 */
public final class StateFile implements DefinitionStore {
    /** The file's name in its folder. */
    public static final String NAME = "vgpus.state";

    private static final int VERSION = 1;
    private static final int MOST_BYTES = 1 << 20;
    private static final String FOLDER_MODE = "rwx------";
    private static final String FILE_MODE = "rw-------";

    private static final Pattern HEAD = Pattern.compile("nacre-state version=([0-9]{1,9})(?: sha256=([0-9a-f]{64}))?");
    private static final Pattern LINE = Pattern.compile(
            "vgpu name=(\\S+) uuid=([0-9a-f-]{36}) board=(\\S+) type=(\\S+)" + " placement=([0-9]{1,9})");

    private final Path file;
    private final Path next;

    private StateFile(Path folder) {
        this.file = folder.resolve(NAME);
        this.next = folder.resolve(NAME + ".new");
    }

    /**
     * The file of a folder, which is made if need be.
     *
     * @throws StateException if the folder cannot be made or is not safe
     */
    public static StateFile in(Path folder) {
        Folders.require(folder, FOLDER_MODE);
        return new StateFile(folder);
    }

    /**
     * What the file holds; nothing if there is no file.
     *
     * @throws StateException if it cannot be read, is damaged, or is of another version; it stays as it is
     */
    public List<VgpuDefinition> load() {
        try {
            // Of a change that was never finished, and so never told to anybody.
            Files.deleteIfExists(next);
            if (Files.exists(file) && Files.size(file) > MOST_BYTES) {
                throw refusal("is larger than " + MOST_BYTES + " bytes");
            }
            return parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new StateException("State file cannot be read: file=" + file + ": " + e, e);
        }
    }

    private List<VgpuDefinition> parse(String text) {
        int end = text.indexOf('\n');
        Matcher head = HEAD.matcher(end < 0 ? text : text.substring(0, end));
        if (!head.matches()) {
            throw refusal("does not begin as one");
        }
        int version = Integer.parseInt(head.group(1));
        if (version != VERSION) {
            throw refusal("is of another version of Nacre: version=" + version + " known=" + VERSION);
        }
        String body = text.substring(end + 1);
        String checksum = checksum(body);
        if (!checksum.equals(head.group(2))) {
            throw refusal("is damaged, its checksum is wrong: sha256=" + head.group(2) + " computed=" + checksum);
        }
        List<VgpuDefinition> definitions = new ArrayList<>();
        int number = 1;
        for (String line : body.lines().toList()) {
            number++;
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                throw refusal("is damaged: line=" + number + " text=" + line);
            }
            definitions.add(new VgpuDefinition(
                    parts.group(1),
                    UUID.fromString(parts.group(2)),
                    parts.group(3),
                    parts.group(4),
                    Integer.parseInt(parts.group(5))));
        }
        return definitions;
    }

    private StateException refusal(String problem) {
        return new StateException(
                "State file " + problem + ": file=" + file
                        + "; it was left as it is: put a good copy in its place, or move it away to start without virtual GPUs");
    }

    @Override
    public void save(List<VgpuDefinition> definitions) {
        StringBuilder body = new StringBuilder();
        for (VgpuDefinition it : definitions) {
            body.append("vgpu name=")
                    .append(it.name())
                    .append(" uuid=")
                    .append(it.uuid())
                    .append(" board=")
                    .append(it.board())
                    .append(" type=")
                    .append(it.type())
                    .append(" placement=")
                    .append(it.placement())
                    .append('\n');
        }
        String text = "nacre-state version=" + VERSION + " sha256=" + checksum(body.toString()) + "\n" + body;
        try {
            write(text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            // ORDERING: the file's content was safe before its name, which is safe after this.
            try (FileChannel folder = FileChannel.open(file.resolveSibling("."), StandardOpenOption.READ)) {
                folder.force(true);
            }
        } catch (IOException e) {
            throw new StateException("State file cannot be written: file=" + file + ": " + e, e);
        }
    }

    private void write(String text) throws IOException {
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(
                next, options, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(FILE_MODE)))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private static String checksum(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
