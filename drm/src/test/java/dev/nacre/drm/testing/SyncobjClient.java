package dev.nacre.drm.testing;

import static org.assertj.core.api.Assertions.assertThat;

/** Syncobj ioctls of a client, by what they mean. */
public final class SyncobjClient {
    /** Wait flags. */
    public static final int ALL = 1;

    /** Wait flags. */
    public static final int FOR_SUBMIT = 2;

    /** Wait flags. */
    public static final int AVAILABLE = 4;

    private final LocalClient client;

    /** Of a client. */
    public SyncobjClient(LocalClient client) {
        this.client = client;
    }

    /** Makes one. */
    public int create(boolean signalled) {
        Arg arg = Arg.of(8).u32(4, signalled ? 1 : 0);
        assertThat(client.ioctl(arg.iowr(0xbf), arg)).isZero();
        return arg.u32(0);
    }

    /** Destroys one. */
    public int destroy(int handle) {
        Arg arg = Arg.of(8).u32(0, handle);
        return client.ioctl(arg.iowr(0xc0), arg);
    }

    /** Resets or signals some. */
    private int array(int nr, int... handles) {
        Arg arg = Arg.of(16).u64(0, client.ints(handles)).u32(8, handles.length);
        return client.ioctl(arg.iowr(nr), arg);
    }

    /** Resets some. */
    public int reset(int... handles) {
        return array(0xc4, handles);
    }

    /** Signals some. */
    public int signal(int... handles) {
        return array(0xc5, handles);
    }

    /** Waits. */
    public int await(int flags, long timeoutNs, Arg result, int... handles) {
        result.u64(0, client.ints(handles))
                .u64(8, timeoutNs)
                .u32(16, handles.length)
                .u32(20, flags);
        return client.ioctl(result.iowr(0xc3), result);
    }

    /** Looks whether some have ended. */
    public int look(int flags, int... handles) {
        return await(flags, 0, Arg.of(32), handles);
    }

    /** Waits for a point. */
    public int awaitPoint(int flags, long timeoutNs, int handle, long point) {
        Arg arg = Arg.of(40)
                .u64(0, client.ints(handle))
                .u64(8, client.longs(point))
                .u64(16, timeoutNs)
                .u32(24, 1)
                .u32(28, flags);
        return client.ioctl(arg.iowr(0xca), arg);
    }

    /** Signals a point. */
    public int signalPoint(int handle, long point) {
        Arg arg = Arg.of(24)
                .u64(0, client.ints(handle))
                .u64(8, client.longs(point))
                .u32(16, 1);
        return client.ioctl(arg.iowr(0xcd), arg);
    }

    /** The point that is reached, or submitted. */
    public long query(int handle, int flags) {
        long points = client.longs(99);
        Arg arg =
                Arg.of(24).u64(0, client.ints(handle)).u64(8, points).u32(16, 1).u32(20, flags);
        assertThat(client.ioctl(arg.iowr(0xcb), arg)).isZero();
        return client.at(points).u64(0);
    }

    /** Transfers. */
    public int transfer(int from, long fromPoint, int to, long toPoint, int flags) {
        Arg arg = Arg.of(32)
                .u32(0, from)
                .u32(4, to)
                .u64(8, fromPoint)
                .u64(16, toPoint)
                .u32(24, flags);
        return client.ioctl(arg.iowr(0xcc), arg);
    }

    /** Makes a descriptor; its number is in the argument at 8. */
    public int handleToFd(int handle, int flags, Arg arg) {
        arg.u32(0, handle).u32(4, flags);
        return client.ioctl(arg.iowr(0xc1), arg);
    }

    /** Takes a descriptor; the handle is in the argument at 0. */
    public int fdToHandle(int fd, int flags, Arg arg) {
        arg.u32(4, flags).u32(8, fd);
        return client.ioctl(arg.iowr(0xc2), arg);
    }

    /** Has an eventfd signalled. */
    public int eventfd(int handle, long point, int flags, int fd) {
        Arg arg = Arg.of(24).u32(0, handle).u32(4, flags).u64(8, point).u32(16, fd);
        return client.ioctl(arg.iowr(0xcf), arg);
    }
}
