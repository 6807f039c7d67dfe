package dev.nacre.drm.nova;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.Credentials;
import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.DrmNode;
import dev.nacre.drm.testing.Arg;
import dev.nacre.drm.testing.LocalClient;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Memfd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What clients of the driver should see, kept beside what they see. */
final class NovaModel implements AutoCloseable {
    private static final int OK = 0;
    private static final int MOST_CLIENTS = 5;

    /** An object, equal to itself only. */
    private static final class Thing {
        final long bytes;
        final ModelClient owner;
        int handles;
        boolean freed;

        Thing(long bytes, ModelClient owner) {
            this.bytes = bytes;
            this.owner = owner;
        }
    }

    /** A client, and what it should have. */
    private static final class ModelClient {
        final LocalClient client;
        final boolean root;
        final TreeMap<Integer, Thing> handles = new TreeMap<>();
        final IdentityHashMap<Thing, Integer> primeHandles = new IdentityHashMap<>();
        final Map<Integer, Thing> fds = new HashMap<>();
        boolean authenticated;
        boolean wasMaster;
        long left;

        ModelClient(LocalClient client, boolean root, long left) {
            this.client = client;
            this.root = root;
            this.left = left;
        }

        int lowestFree() {
            int id = 1;
            while (handles.containsKey(id)) {
                id++;
            }
            return id;
        }
    }

    private final DrmDevice device;
    private final Random random;
    private final long windowBytes;
    private final long memoryBytes;
    private final List<ModelClient> clients = new ArrayList<>();
    private final TreeMap<Integer, Thing> names = new TreeMap<>();
    private final Set<Integer> covered = new TreeSet<>();

    /** Things that live by descriptors only, besides those with handles. */
    private final IdentityHashMap<Thing, Integer> descriptors = new IdentityHashMap<>();

    private @Nullable ModelClient master;
    private int nextPid = 100;

    NovaModel(DrmDevice device, Random random, long windowBytes, long memoryBytes) {
        this.device = device;
        this.random = random;
        this.windowBytes = windowBytes;
        this.memoryBytes = memoryBytes;
    }

    /** The errnos that have been expected. */
    Set<Integer> covered() {
        return covered;
    }

    /** One operation of some client. */
    void step() {
        if (clients.isEmpty() || (clients.size() < MOST_CLIENTS && random.nextInt(200) == 0)) {
            open();
            return;
        }
        ModelClient who = clients.get(random.nextInt(clients.size()));
        switch (random.nextInt(20)) {
            case 0, 1, 2 -> create(who);
            case 3, 4 -> info(who);
            case 5, 6 -> closeHandle(who);
            case 7 -> name(who);
            case 8 -> openName(who);
            case 9 -> export(who);
            case 10 -> importAny(who);
            case 11 -> parameter(who);
            case 12 -> version(who);
            case 13 -> capability(who);
            case 14 -> absent(who);
            case 15 -> unknown(who);
            case 16 -> setMaster(who);
            case 17 -> dropMaster(who);
            case 18 -> shortArgument(who);
            default -> closeSometimes(who);
        }
    }

    private void expect(int errno, int seen) {
        covered.add(errno);
        assertThat(Errno.nameOf(seen)).isEqualTo(Errno.nameOf(errno));
    }

    private void open() {
        boolean root = random.nextInt(3) == 0;
        Credentials who = new Credentials(nextPid++, root ? 0 : 1000, 1000);
        ModelClient opened = new ModelClient(new LocalClient(device, DrmNode.PRIMARY, who), root, memoryBytes);
        opened.authenticated = root;
        if (master == null) {
            makeMaster(opened);
        }
        clients.add(opened);
    }

    private void makeMaster(ModelClient who) {
        master = who;
        who.wasMaster = true;
        who.authenticated = true;
    }

    private void create(ModelClient who) {
        long[] sizes = {0, 1, 4096, 5000, 1 << 20, memoryBytes / 3, memoryBytes + 1, -1, Long.MIN_VALUE, Long.MAX_VALUE
        };
        long bytes = sizes[random.nextInt(sizes.length)];
        Arg arg = Arg.of(16).u64(8, bytes);
        int seen = who.client.ioctl(arg.iowr(0x41), arg);
        if (!who.authenticated) {
            expect(Errno.EACCES.number(), seen);
        } else if (bytes <= 0 || bytes > Long.MAX_VALUE - 4096) {
            expect(Errno.EINVAL.number(), seen);
        } else if (whole(bytes) > who.left) {
            expect(Errno.ENOMEM.number(), seen);
        } else {
            expect(OK, seen);
            Thing made = new Thing(whole(bytes), who);
            who.left -= made.bytes;
            added(who, made, arg.u32(0));
        }
    }

    private static long whole(long bytes) {
        return (bytes + 4095) / 4096 * 4096;
    }

    private static void added(ModelClient who, Thing thing, int handle) {
        assertThat(handle).isEqualTo(who.lowestFree());
        who.handles.put(handle, thing);
        thing.handles++;
    }

    /** A handle that exists, mostly. */
    private int handle(ModelClient who) {
        if (who.handles.isEmpty() || random.nextInt(4) == 0) {
            return random.nextInt(5) == 0 ? random.nextInt() : random.nextInt(20);
        }
        return List.copyOf(who.handles.keySet()).get(random.nextInt(who.handles.size()));
    }

    private void info(ModelClient who) {
        Arg arg = Arg.of(16).u32(0, handle(who)).u64(8, -1);
        Thing thing = who.handles.get(arg.u32(0));
        int seen = who.client.ioctl(arg.iowr(0x42), arg);
        if (!who.authenticated) {
            expect(Errno.EACCES.number(), seen);
        } else if (thing == null) {
            expect(Errno.ENOENT.number(), seen);
        } else {
            expect(OK, seen);
            assertThat(arg.u64(8)).isEqualTo(thing.bytes);
        }
    }

    private void closeHandle(ModelClient who) {
        Arg arg = Arg.of(8).u32(0, handle(who));
        int seen = who.client.ioctl(arg.iow(0x09), arg);
        expect(who.handles.containsKey(arg.u32(0)) ? OK : Errno.EINVAL.number(), seen);
        forgetHandle(who, arg.u32(0));
    }

    private void forgetHandle(ModelClient who, int handle) {
        Thing thing = who.handles.remove(handle);
        if (thing == null) {
            return;
        }
        thing.handles--;
        boolean _ = who.primeHandles.remove(thing, handle);
        if (thing.handles == 0) {
            names.values().remove(thing);
            free(thing);
        }
    }

    /** Gives a thing's memory back to who made it, if nothing keeps it any more. */
    private void free(Thing thing) {
        if (thing.handles == 0 && !descriptors.containsKey(thing) && !thing.freed) {
            thing.freed = true;
            thing.owner.left += thing.bytes;
        }
    }

    private void name(ModelClient who) {
        Arg arg = Arg.of(8).u32(0, handle(who));
        Thing thing = who.handles.get(arg.u32(0));
        int seen = who.client.ioctl(arg.iowr(0x0a), arg);
        if (!who.authenticated) {
            expect(Errno.EACCES.number(), seen);
        } else if (thing == null) {
            expect(Errno.ENOENT.number(), seen);
        } else {
            expect(OK, seen);
            if (names.containsValue(thing)) {
                assertThat(names.get(arg.u32(4))).isSameAs(thing);
            } else {
                assertThat(names.putIfAbsent(arg.u32(4), thing)).isNull();
            }
        }
    }

    private void openName(ModelClient who) {
        Arg arg = Arg.of(16).u32(0, random.nextInt(12));
        Thing thing = names.get(arg.u32(0));
        int seen = who.client.ioctl(arg.iowr(0x0b), arg);
        if (!who.authenticated) {
            expect(Errno.EACCES.number(), seen);
        } else if (thing == null) {
            expect(Errno.ENOENT.number(), seen);
        } else {
            expect(OK, seen);
            assertThat(arg.u64(8)).isEqualTo(thing.bytes);
            added(who, thing, arg.u32(4));
        }
    }

    private void export(ModelClient who) {
        int[] flags = {0, 2, 0x80000, 0x80002, 1, -1};
        Arg arg = Arg.of(12).u32(0, handle(who)).u32(4, flags[random.nextInt(flags.length)]);
        Thing thing = who.handles.get(arg.u32(0));
        int seen = who.client.ioctl(arg.iowr(0x2d), arg);
        if ((arg.u32(4) & ~0x80002) != 0) {
            expect(Errno.EINVAL.number(), seen);
        } else if (thing == null) {
            expect(Errno.ENOENT.number(), seen);
        } else {
            expect(OK, seen);
            who.fds.put(arg.u32(8), thing);
            boolean _ = descriptors.merge(thing, 1, Integer::sum) > 0;
            Integer _ = who.primeHandles.putIfAbsent(thing, arg.u32(0));
        }
    }

    private void importAny(ModelClient who) {
        if (random.nextInt(8) == 0) {
            Arg foreign = Arg.of(12).u32(8, who.client.add(Memfd.ofFixedSize("nacre-test", 4096)));
            expect(Errno.EINVAL.number(), who.client.ioctl(foreign.iowr(0x2e), foreign));
            return;
        }
        ModelClient from = clients.get(random.nextInt(clients.size()));
        if (from.fds.isEmpty()) {
            Arg closed = Arg.of(12).u32(8, 1 << 20);
            expect(Errno.EBADF.number(), who.client.ioctl(closed.iowr(0x2e), closed));
            return;
        }
        int number = List.copyOf(from.fds.keySet()).get(random.nextInt(from.fds.size()));
        Thing thing = from.fds.get(number);
        assertThat(thing).isNotNull();
        Arg arg = Arg.of(12).u32(8, who.client.add(from.client.fd(number).duplicate()));
        expect(OK, who.client.ioctl(arg.iowr(0x2e), arg));
        who.client.fd(arg.u32(8)).close();
        Integer known = who.primeHandles.get(thing);
        if (known != null) {
            assertThat(arg.u32(0)).isEqualTo(known);
        } else if (thing != null) {
            added(who, thing, arg.u32(0));
            who.primeHandles.put(thing, arg.u32(0));
        }
    }

    private void parameter(ModelClient who) {
        Arg arg = Arg.of(16).u64(0, random.nextInt(3));
        int seen = who.client.ioctl(arg.iowr(0x40), arg);
        expect(arg.u64(0) == 1 ? OK : Errno.EINVAL.number(), seen);
        assertThat(arg.u64(8)).isEqualTo(arg.u64(0) == 1 ? windowBytes : 0);
    }

    private void version(ModelClient who) {
        boolean bad = random.nextBoolean();
        int room = random.nextInt(6);
        Arg arg = Arg.of(64).u64(16, room).u64(24, bad ? 16 : who.client.bytes(new byte[room]));
        expect(bad && room > 0 ? Errno.EFAULT.number() : OK, who.client.ioctl(arg.iowr(0x00), arg));
        assertThat(arg.u64(16)).isEqualTo(4);
    }

    private void capability(ModelClient who) {
        long cap = random.nextInt(24);
        Arg arg = Arg.of(16).u64(0, cap).u64(8, 77);
        int seen = who.client.ioctl(arg.iowr(0x0c), arg);
        if (cap == 5 || cap == 6 || cap == 0x13 || cap == 0x14) {
            expect(OK, seen);
            assertThat(arg.u64(8)).isEqualTo(cap == 5 ? 3 : cap == 6 ? 1 : 0);
        } else {
            expect(Errno.EOPNOTSUPP.number(), seen);
        }
    }

    private void absent(ModelClient who) {
        int[] anyone = {0xa0, 0xa7, 0xae, 0xb8, 0x3a, 0xbf, 0xc3, 0xca, 0xcf};
        int[] masters = {0xa2, 0xb0, 0xbc, 0xa3};
        int[] dumb = {0xb2, 0xb3, 0xb4};
        Arg arg = Arg.of(64);
        switch (random.nextInt(3)) {
            case 0 ->
                expect(
                        Errno.EOPNOTSUPP.number(),
                        who.client.ioctl(arg.iowr(anyone[random.nextInt(anyone.length)]), arg));
            case 1 ->
                expect(
                        who == master ? Errno.EOPNOTSUPP.number() : Errno.EACCES.number(),
                        who.client.ioctl(arg.iowr(masters[random.nextInt(masters.length)]), arg));
            default ->
                expect(Errno.ENOSYS.number(), who.client.ioctl(arg.iowr(dumb[random.nextInt(dumb.length)]), arg));
        }
    }

    private void unknown(ModelClient who) {
        int[] none = {0x03, 0x04, 0x08, 0x14, 0x20, 0x43, 0x9f, 0xe0, 0xff};
        Arg arg = Arg.of(random.nextInt(200));
        expect(Errno.EINVAL.number(), who.client.ioctl(arg.iowr(none[random.nextInt(none.length)]), arg));
    }

    private void setMaster(ModelClient who) {
        int seen = who.client.ioctl(0x641e, Arg.of(0));
        if (!who.root && !who.wasMaster) {
            expect(Errno.EACCES.number(), seen);
        } else if (master != null && master != who) {
            expect(Errno.EBUSY.number(), seen);
        } else {
            expect(OK, seen);
            makeMaster(who);
        }
    }

    private void dropMaster(ModelClient who) {
        int seen = who.client.ioctl(0x641f, Arg.of(0));
        if (!who.root && !who.wasMaster) {
            expect(Errno.EACCES.number(), seen);
        } else if (master != who) {
            expect(Errno.EINVAL.number(), seen);
        } else {
            expect(OK, seen);
            master = null;
        }
    }

    /** What is not passed is zero, and comes back only as far as it was passed. */
    private void shortArgument(ModelClient who) {
        Arg arg = Arg.of(8).u32(0, 1);
        expect(OK, who.client.ioctl(arg.iowr(0x40), arg));
        assertThat(arg.u64(0)).isEqualTo(1);
        Arg written = Arg.of(16).u64(0, 1).u64(8, 5);
        expect(OK, who.client.ioctl(written.iow(0x40), written));
        assertThat(written.u64(8)).isEqualTo(5);
    }

    private void closeSometimes(ModelClient who) {
        if (random.nextInt(6) == 0) {
            close(who);
        }
    }

    private void close(ModelClient who) {
        who.client.close();
        clients.remove(who);
        if (master == who) {
            master = null;
        }
        for (Thing thing : who.fds.values()) {
            descriptors.computeIfPresent(thing, (_, count) -> count == 1 ? null : count - 1);
        }
        device.sweep();
        List.copyOf(who.handles.keySet()).forEach(handle -> forgetHandle(who, handle));
        who.fds.values().stream().distinct().filter(thing -> thing.handles == 0).forEach(thing -> {
            names.values().remove(thing);
            free(thing);
        });
    }

    /** All clients go. */
    void closeAll() {
        List.copyOf(clients).forEach(this::close);
    }

    @Override
    public void close() {
        closeAll();
    }
}
