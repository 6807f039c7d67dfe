package dev.nacre.drm;

import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.FileStat;
import dev.nacre.linux.Memfd;
import dev.nacre.linux.NativeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Things that clients have by descriptors of memory files, and that live as long as those are in use. Any thread may call.
 *
 * @param <T> the things
 */
public final class LentFiles<T> {
    private record Id(long device, long inode) {
        static Id of(Fd fd) {
            FileStat stat = FileStat.of(fd);
            return new Id(stat.device(), stat.inode());
        }
    }

    private final int most;
    private final Function<T, Fd> file;
    private final Consumer<T> ended;

    // Guarded by this.
    private final Map<Id, T> lent = new HashMap<>();

    /**
     * Nothing is lent.
     *
     * @param most how many things can be lent at a time
     * @param file the memory file of a thing
     * @param ended is told when the last descriptor of a thing has gone, under no lock
     */
    public LentFiles(int most, Function<T, Fd> file, Consumer<T> ended) {
        this.most = most;
        this.file = file;
        this.ended = ended;
    }

    /**
     * Makes a descriptor to give away.
     *
     * @param thing the same as before, if its file was lent before
     * @param writable whether who gets it can write
     * @param first told if the thing was not lent before
     * @throws DrmException with ENFILE if too many are lent; with EMFILE if this process has no descriptor left;
     *     with EBUSY if a client has locked the file
     */
    public synchronized Fd lend(T thing, boolean writable, Runnable first) {
        Id id = Id.of(file.apply(thing));
        boolean isNew = !lent.containsKey(id);
        if (isNew && lent.size() >= most) {
            throw new DrmException(Errno.ENFILE, "Too many descriptors are in use: most=" + most);
        }
        try {
            Fd made = Memfd.lend(file.apply(thing), writable);
            if (isNew) {
                lent.put(id, thing);
                first.run();
            }
            return made;
        } catch (NativeException e) {
            // Not EAGAIN, by which clients would try for ever: a client can lock a file that it has.
            Errno errno = e.is(Errno.EAGAIN) ? Errno.EBUSY : Errno.of(e.errno()).orElse(Errno.EMFILE);
            throw new DrmException(errno, String.valueOf(e.getMessage()));
        }
    }

    /** The thing that a client's descriptor stands for; null if it stands for none. */
    public synchronized @Nullable T find(Fd given) {
        return lent.get(Id.of(given));
    }

    /** How many things are lent. */
    public synchronized int count() {
        return lent.size();
    }

    /** Looks whose descriptors have gone. */
    public void sweep() {
        release(false);
    }

    /** Takes all back, whatever clients still have. */
    public void close() {
        release(true);
    }

    private void release(boolean all) {
        List<T> gone = new ArrayList<>();
        synchronized (this) {
            lent.values().removeIf(thing -> {
                if (all || !Memfd.isLent(file.apply(thing))) {
                    gone.add(thing);
                    return true;
                }
                return false;
            });
        }
        gone.forEach(ended);
    }
}
