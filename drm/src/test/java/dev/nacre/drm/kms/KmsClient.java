package dev.nacre.drm.kms;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.Credentials;
import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.DrmNode;
import dev.nacre.drm.NumberPlace;
import dev.nacre.drm.UserMemory;
import dev.nacre.drm.gem.GemObject;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of the display's ioctls, as libdrm is: its memory is a megabyte from address 0x10000 on. */
final class KmsClient implements UserMemory, AutoCloseable {
    static final int RED = 0xffff0000;
    static final int GREEN = 0xff00ff00;
    static final int BLUE = 0xff0000ff;
    private static final long BASE = 0x10000;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    final DrmFile file;
    private final DrmDevice device;
    private final BlockingQueue<byte[]> events = new LinkedBlockingQueue<>();
    private final MemorySegment memory = MemorySegment.ofArray(new long[1 << 17]);
    private final MemorySegment buffer = MemorySegment.ofArray(new long[2048]);
    private final Map<Integer, Fd> fds = new HashMap<>();
    private volatile Callable<?> beforeCopyIn = () -> BASE;
    private long used = BASE;

    /** An argument, or an array in the client's memory. */
    record Words(MemorySegment bytes, long address) {
        Words put(long at, long value) {
            bytes.set(INT, at, (int) value);
            return this;
        }

        Words putLong(long at, long value) {
            bytes.set(LONG, at, value);
            return this;
        }

        int get(long at) {
            return bytes.get(INT, at);
        }

        long getLong(long at) {
            return bytes.get(LONG, at);
        }
    }

    /** A frame buffer and its memory. */
    record Picture(int fb, int handle, int pitch, GemObject object) {}

    KmsClient(DrmDevice device) {
        this.device = device;
        this.file = device.open(DrmNode.PRIMARY, new Credentials(1, 0, 0), event -> events.add(event));
    }

    static Words arg(int bytes) {
        return new Words(MemorySegment.ofArray(new byte[bytes]), 0);
    }

    /** Room in the client's memory. */
    Words array(int bytes) {
        Words array = new Words(memory.asSlice(used - BASE, bytes), used);
        used += (bytes + 7L) / 8 * 8;
        return array;
    }

    Words ints(int... values) {
        Words array = array(Math.max(4, 4 * values.length));
        for (int i = 0; i < values.length; i++) {
            array.put(4L * i, values[i]);
        }
        return array;
    }

    /** Calls an ioctl that goes both ways. @return 0 or the errno */
    int call(int nr, Words arg) {
        int bytes = (int) arg.bytes().byteSize();
        buffer.fill((byte) 0xee);
        buffer.asSlice(0, bytes).copyFrom(arg.bytes());
        DrmDevice.Outcome outcome =
                device.ioctl(file, 0xc000_6400 | bytes << 16 | nr, buffer, new Credentials(1, 0, 0), this);
        arg.bytes().asSlice(0, outcome.outBytes()).copyFrom(buffer.asSlice(0, outcome.outBytes()));
        return outcome.errno();
    }

    /** Calls one that succeeds. */
    Words ok(int nr, Words arg) {
        assertThat(call(nr, arg)).as("errno of 0x" + Integer.toHexString(nr)).isZero();
        return arg;
    }

    /** Calls one that is refused. */
    void refused(Errno errno, int nr, Words arg) {
        assertThat(call(nr, arg)).as("errno of 0x" + Integer.toHexString(nr)).isEqualTo(errno.number());
    }

    void cap(int number) {
        Words cap = arg(16).putLong(0, number).putLong(8, 1);
        int bytes = 16;
        buffer.asSlice(0, bytes).copyFrom(cap.bytes());
        assertThat(device.ioctl(file, 0x4000_6400 | bytes << 16 | 0x0d, buffer, new Credentials(1, 0, 0), this)
                        .errno())
                .isZero();
    }

    /** Becomes one that knows atomic commits and all planes. */
    KmsClient atomic() {
        cap(2);
        cap(3);
        return this;
    }

    byte[] event() throws InterruptedException {
        // TIMEOUT: events take a frame; a busy machine may be much slower.
        byte[] event = events.poll(30, TimeUnit.SECONDS);
        return event == null ? new byte[0] : event;
    }

    boolean hasEvent() {
        return !events.isEmpty();
    }

    // What there is.

    private List<Integer> resources(int pointerAt, int countAt) {
        Words count = ok(0xa0, arg(64));
        int n = count.get(countAt);
        Words ids = array(Math.max(4, 4 * n));
        ok(0xa0, arg(64).putLong(pointerAt, ids.address()).put(countAt, n));
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            all.add(ids.get(4L * i));
        }
        return all;
    }

    List<Integer> frameBuffers() {
        return resources(0, 32);
    }

    List<Integer> crtcs() {
        return resources(8, 36);
    }

    List<Integer> connectors() {
        return resources(16, 40);
    }

    List<Integer> planes() {
        int n = ok(0xb5, arg(16)).get(8);
        Words ids = array(Math.max(4, 4 * n));
        ok(0xb5, arg(16).putLong(0, ids.address()).put(8, n));
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            all.add(ids.get(4L * i));
        }
        return all;
    }

    /** The modes of a connector, 68 bytes each. */
    List<MemorySegment> modes(int connector) {
        int n = ok(0xa7, arg(80).put(48, connector)).get(32);
        Words modes = array(Math.max(4, 68 * n));
        ok(0xa7, arg(80).put(48, connector).putLong(8, modes.address()).put(32, n));
        List<MemorySegment> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            all.add(modes.bytes().asSlice(68L * i, 68));
        }
        return all;
    }

    /** The properties of an object by their names: number and value. */
    Map<String, long[]> properties(int object) {
        int n = ok(0xb9, arg(32).put(20, object)).get(16);
        Words ids = array(4 * n);
        Words values = array(8 * n);
        ok(
                0xb9,
                arg(32).putLong(0, ids.address())
                        .putLong(8, values.address())
                        .put(16, n)
                        .put(20, object));
        Map<String, long[]> all = new HashMap<>();
        for (int i = 0; i < n; i++) {
            Words property = ok(0xaa, arg(64).put(16, ids.get(4L * i)));
            byte[] name = property.bytes().asSlice(24, 32).toArray(ValueLayout.JAVA_BYTE);
            String text = new String(name, StandardCharsets.US_ASCII).replaceAll("\0.*", "");
            all.put(text, new long[] {ids.get(4L * i), values.getLong(8L * i)});
        }
        return all;
    }

    int property(int object, String name) {
        return (int) requireNonNull(properties(object).get(name))[0];
    }

    long value(int object, String name) {
        return requireNonNull(properties(object).get(name))[1];
    }

    byte[] blob(int id) {
        int bytes = ok(0xac, arg(16).put(0, id)).get(4);
        Words content = array(Math.max(8, bytes));
        ok(0xac, arg(16).put(0, id).put(4, bytes).putLong(8, content.address()));
        return content.bytes().asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
    }

    int createBlob(MemorySegment content) {
        Words copy = array((int) content.byteSize());
        copy.bytes().copyFrom(content);
        return ok(0xbd, arg(16).putLong(0, copy.address()).put(8, content.byteSize()))
                .get(12);
    }

    // Pictures.

    /** A frame buffer of one colour. */
    Picture picture(int width, int height, int colour) {
        Words dumb = ok(0xb2, arg(32).put(0, height).put(4, width).put(8, 32));
        int handle = dumb.get(16);
        int pitch = dumb.get(20);
        GemObject object = file.gems().lookup(handle);
        int[] pixels = new int[pitch / 4 * height];
        Arrays.fill(pixels, colour);
        object.memory().write(0, MemorySegment.ofArray(pixels), 0, pixels.length * 4);
        object.close();
        Words fb = arg(104).put(4, width)
                .put(8, height)
                .put(12, 0x34325258)
                .put(20, handle)
                .put(36, pitch);
        return new Picture(ok(0xb8, fb).get(0), handle, pitch, object);
    }

    /** Shows a picture in the preferred mode of a connector. */
    void show(int connector, int crtc, Picture picture) {
        ok(0xa2, setCrtc(connector, crtc, picture.fb()));
    }

    Words setCrtc(int connector, int crtc, int fb) {
        Words set = arg(104).putLong(0, ints(connector).address())
                .put(8, 1)
                .put(12, crtc)
                .put(16, fb)
                .put(32, 1);
        set.bytes().asSlice(36, 68).copyFrom(modes(connector).getFirst());
        return set;
    }

    Words flip(int crtc, Picture to, int flags, long userData) {
        return arg(24).put(0, crtc).put(4, to.fb()).put(8, flags).putLong(16, userData);
    }

    // Atomic commits.

    /** Properties of objects to be set. */
    final class Atomic {
        private final Map<Integer, List<long[]>> settings = new LinkedHashMap<>();

        Atomic set(int object, String name, long value) {
            settings.computeIfAbsent(object, _ -> new ArrayList<>()).add(new long[] {property(object, name), value});
            return this;
        }

        Words arg(int flags, long userData) {
            int total = settings.values().stream().mapToInt(List::size).sum();
            Words objects = array(4 * settings.size() + 4);
            Words counts = array(4 * settings.size() + 4);
            Words properties = array(4 * total + 4);
            Words values = array(8 * total + 8);
            int object = 0;
            int at = 0;
            for (Map.Entry<Integer, List<long[]>> entry : settings.entrySet()) {
                objects.put(4L * object, entry.getKey());
                counts.put(4L * object++, entry.getValue().size());
                for (long[] setting : entry.getValue()) {
                    properties.put(4L * at, setting[0]);
                    values.putLong(8L * at++, setting[1]);
                }
            }
            return KmsClient.arg(56)
                    .put(0, flags)
                    .put(4, settings.size())
                    .putLong(8, objects.address())
                    .putLong(16, counts.address())
                    .putLong(24, properties.address())
                    .putLong(32, values.address())
                    .putLong(48, userData);
        }
    }

    Atomic commit() {
        return new Atomic();
    }

    /** A commit that has a plane show all of a picture. */
    Atomic plane(Atomic commit, int plane, int crtc, Picture picture, int width, int height) {
        return commit.set(plane, "FB_ID", picture.fb())
                .set(plane, "CRTC_ID", crtc)
                .set(plane, "CRTC_W", width)
                .set(plane, "CRTC_H", height)
                .set(plane, "SRC_W", (long) width << 16)
                .set(plane, "SRC_H", (long) height << 16);
    }

    int fd(Fd fd) {
        int number = 100 + fds.size();
        fds.put(number, fd);
        return number;
    }

    Fd fd(int number) {
        return Objects.requireNonNull(fds.get(number));
    }

    /** Has something happen whenever the client is asked for its memory. */
    void beforeCopyIn(Callable<?> action) {
        beforeCopyIn = action;
    }

    @Override
    public void copyIn(long address, MemorySegment dst) {
        try {
            Object _ = beforeCopyIn.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        dst.copyFrom(part(address, dst.byteSize()));
    }

    @Override
    public void copyOut(long address, MemorySegment src) {
        part(address, src.byteSize()).copyFrom(src);
    }

    private MemorySegment part(long address, long bytes) {
        if (address < BASE || address - BASE > memory.byteSize() - bytes) {
            throw new DrmException(Errno.EFAULT);
        }
        return memory.asSlice(address - BASE, bytes);
    }

    @Override
    public Fd takeFd(int number) {
        Fd fd = fds.get(number);
        if (fd == null) {
            throw new DrmException(Errno.EBADF);
        }
        return fd.duplicate();
    }

    @Override
    public void giveFd(Fd fd, boolean cloexec, NumberPlace where) {
        if (where instanceof NumberPlace.At(long address)) {
            part(address, 4).set(INT, 0, fd(fd));
        }
    }

    @Override
    public void close() {
        file.close();
        fds.values().forEach(Fd::close);
    }
}
