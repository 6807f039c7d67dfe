package dev.nacre.daemon.state;

import dev.nacre.linux.NativeException;
import dev.nacre.linux.SocketOwner;
import dev.nacre.linux.UnixSocket;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of the daemon's sockets, which one daemon has at a time: it is locked from {@link #open} to {@link #close}, or
 * to the process's end, however that comes.
 */
public final class RuntimeFolder implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RuntimeFolder.class.getName());
    private static final String MODE = "rwxr-x---";
    private static final String LOCK = "lock";
    private static final int MOST_PID_BYTES = 20;

    private final Path path;
    private final FileChannel lock;

    private RuntimeFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes the folder if need be, and takes it.
     *
     * @throws StateException if it cannot be made, is not safe, or another daemon has it
     */
    public static RuntimeFolder open(Path path) {
        Folders.require(path, MODE);
        RuntimeFolder folder = new RuntimeFolder(path, take(path));
        try {
            folder.tidy();
            return folder;
        } catch (IOException e) {
            folder.close();
            throw new StateException("Runtime folder cannot be used: folder=" + path + ": " + e, e);
        }
    }

    /** Removes what a former life has left: dead sockets, and hidden folders in which sockets were being made. */
    private void tidy() throws IOException {
        removeStale(path);
        List<Path> hidden;
        try (Stream<Path> list = Files.list(path)) {
            hidden = list.filter(it -> it.getFileName().toString().startsWith(".") && Files.isDirectory(it))
                    .toList();
        }
        for (Path folder : hidden) {
            removeStale(folder);
            try {
                Files.delete(folder);
            } catch (DirectoryNotEmptyException e) {
                LOG.log(Level.WARNING, "Not removed, there is something in it: " + folder);
            }
        }
    }

    private static FileChannel take(Path path) {
        Path file = path.resolve(LOCK);
        try {
            FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
            FileLock taken;
            try {
                taken = tryLock(channel);
            } catch (OverlappingFileLockException e) {
                // Closing any channel of the file would end this process's lock, so this one stays open.
                throw new StateException("This process has the runtime folder already: folder=" + path, e);
            }
            if (taken == null) {
                String holder = holder(channel);
                channel.close();
                throw new StateException("Another daemon has the runtime folder: folder=" + path + " pid=" + holder);
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            return channel;
        } catch (IOException e) {
            throw new StateException("Runtime folder cannot be locked: file=" + file + ": " + e, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        return channel.tryLock();
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MOST_PID_BYTES);
        channel.read(bytes, 0);
        String pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
        return pid.isEmpty() ? "unknown" : pid;
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /**
     * Makes a folder for sockets, or takes the one that is there, and removes sockets of a former life from it: those that
     * nobody listens on any more.
     *
     * @param folder in this one or elsewhere
     * @param owner whose group may enter a folder that is made in here
     * @throws StateException if it cannot be made, or is not safe
     */
    public void prepare(Path folder, SocketOwner owner) {
        boolean make = !Files.exists(folder);
        Folders.require(folder, MODE);
        try {
            if (make && owner.gid() != SocketOwner.UNCHANGED) {
                Files.setAttribute(folder, "unix:gid", owner.gid());
            }
            removeStale(folder);
        } catch (IOException e) {
            throw new StateException("Folder of sockets cannot be used: folder=" + folder + ": " + e, e);
        }
    }

    private static void removeStale(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> list = Files.list(folder)) {
            files = list.toList();
        }
        for (Path file : files) {
            try {
                if (UnixSocket.removeStale(file)) {
                    LOG.log(Level.INFO, "Removed a socket that nobody listened on: " + file);
                }
            } catch (NativeException | IllegalArgumentException e) {
                LOG.log(Level.WARNING, "Not removed: " + file + ": " + e.getMessage());
            }
        }
    }

    /** Lets it go. Idempotent. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Lock of " + path + " could not be closed", e);
        }
    }
}
