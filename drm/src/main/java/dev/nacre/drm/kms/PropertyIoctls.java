package dev.nacre.drm.kms;

import dev.nacre.drm.Access;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.IoctlCall;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;

/** Properties and blobs. HW: structures of {@code drm_mode.h}. */
final class PropertyIoctls {
    private static final int NAME_BYTES = 32;
    private static final int ENUM_BYTES = 40;
    private static final long MOST_BLOB_BYTES_PER_FILE = 16L << 20;

    private final KmsDevice device;

    /** Where an argument has the pointers to properties and to their values, and their count. */
    record Places(long properties, long values, long count) {}

    PropertyIoctls(KmsDevice device) {
        this.device = device;
    }

    List<Ioctl> ioctls() {
        return List.of(
                new Ioctl(0xaa, "DRM_IOCTL_MODE_GETPROPERTY", 64, Set.of(), device.locked(this::property)),
                new Ioctl(0xab, "DRM_IOCTL_MODE_SETPROPERTY", 16, Set.of(Access.MASTER), this::setOfConnector),
                new Ioctl(0xac, "DRM_IOCTL_MODE_GETPROPBLOB", 16, Set.of(), device.locked(this::blob)),
                new Ioctl(0xb9, "DRM_IOCTL_MODE_OBJ_GETPROPERTIES", 32, Set.of(), device.locked(this::ofObject)),
                new Ioctl(0xba, "DRM_IOCTL_MODE_OBJ_SETPROPERTY", 24, Set.of(Access.MASTER), this::setOfObject),
                new Ioctl(0xbd, "DRM_IOCTL_MODE_CREATEPROPBLOB", 16, Set.of(), this::createBlob),
                new Ioctl(0xbe, "DRM_IOCTL_MODE_DESTROYPROPBLOB", 4, Set.of(), device.locked(this::destroyBlob)));
    }

    /** Tells properties and their values, as many as there is room for, and how many there are. */
    static void tell(IoctlCall call, Places places, List<PropertyValues.Value> all) {
        MemorySegment arg = call.arg();
        int told = (int) Math.min(Args.u32(arg, places.count), all.size());
        if (told > 0) {
            MemorySegment ids = Args.of(4 * told);
            MemorySegment values = Args.of(8 * told);
            for (int i = 0; i < told; i++) {
                Args.put32(ids, 4L * i, all.get(i).property().id());
                Args.put64(values, 8L * i, all.get(i).value());
            }
            call.user().copyOut(Args.i64(arg, places.properties), ids);
            call.user().copyOut(Args.i64(arg, places.values), values);
        }
        Args.put32(arg, places.count, all.size());
    }

    private void property(IoctlCall call) {
        MemorySegment arg = call.arg();
        Property property = device.objects().require(Args.i32(arg, 16), Property.class);
        Args.put32(arg, 20, property.flags());
        arg.asSlice(24, NAME_BYTES).fill((byte) 0);
        Args.putText(arg, 24, property.key().label(), NAME_BYTES);
        List<Long> values = property.values();
        int told = (int) Math.min(Args.u32(arg, 56), values.size());
        if (told > 0) {
            MemorySegment out = Args.of(8 * told);
            for (int i = 0; i < told; i++) {
                Args.put64(out, 8L * i, values.get(i));
            }
            call.user().copyOut(Args.i64(arg, 0), out);
        }
        Args.put32(arg, 56, values.size());
        names(call, property);
    }

    private static void names(IoctlCall call, Property property) {
        MemorySegment arg = call.arg();
        List<Prop.Name> names = property.key().names();
        int told = (int) Math.min(Args.u32(arg, 60), names.size());
        if (told > 0) {
            MemorySegment out = Args.of(ENUM_BYTES * told);
            for (int i = 0; i < told; i++) {
                Args.put64(out, (long) ENUM_BYTES * i, names.get(i).value());
                Args.putText(out, (long) ENUM_BYTES * i + 8, names.get(i).name(), NAME_BYTES);
            }
            call.user().copyOut(Args.i64(arg, 8), out);
        }
        Args.put32(arg, 60, names.size());
    }

    private void blob(IoctlCall call) {
        MemorySegment arg = call.arg();
        Blob blob = device.objects().require(Args.i32(arg, 0), Blob.class);
        if (Args.i32(arg, 4) == blob.bytes().length) {
            call.user().copyOut(Args.i64(arg, 8), MemorySegment.ofArray(blob.bytes()));
        }
        Args.put32(arg, 4, blob.bytes().length);
    }

    private void createBlob(IoctlCall call) throws InterruptedException {
        MemorySegment arg = call.arg();
        long bytes = Args.u32(arg, 8);
        if (bytes == 0 || bytes > Blob.MOST_BYTES) {
            throw new DrmException(Errno.EINVAL, "Blob of " + bytes + " bytes");
        }
        // GUEST: a client that does not tell its memory holds up nobody else: without the lock.
        byte[] content = new byte[(int) bytes];
        call.user().copyIn(Args.i64(arg, 0), MemorySegment.ofArray(content));
        device.locked(_ -> addBlob(call, content)).call(call);
    }

    private void addBlob(IoctlCall call, byte[] content) {
        if (device.blobBytesOf(call.file()) + Blob.countedBytes(content.length) > MOST_BLOB_BYTES_PER_FILE) {
            throw new DrmException(Errno.ENOMEM, "The file has too many blobs");
        }
        Args.put32(call.arg(), 12, device.add(new Blob(content, call.file())).id());
    }

    private void destroyBlob(IoctlCall call) {
        Blob blob = device.objects().require(Args.i32(call.arg(), 0), Blob.class);
        if (blob.owner() != call.file() || device.isDying(blob)) {
            throw new DrmException(Errno.EPERM, "The blob is not the file's");
        }
        device.remove(blob);
    }

    private ModeObject object(int id, int type) {
        ModeObject object = device.objects().require(id, ModeObject.class);
        if (type != ObjectType.ANY && object.type().number() != type) {
            throw new DrmException(Errno.ENOENT, "The object is of another kind");
        }
        return object;
    }

    private void ofObject(IoctlCall call) {
        MemorySegment arg = call.arg();
        ModeObject object = object(Args.i32(arg, 20), Args.i32(arg, 24));
        tell(call, new Places(0, 8, 16), new PropertyValues(device).of(object, call.file()));
    }

    private void setOfConnector(IoctlCall call) throws InterruptedException {
        MemorySegment arg = call.arg();
        set(Args.i32(arg, 12), ObjectType.CONNECTOR.number(), Args.i32(arg, 8), Args.i64(arg, 0));
    }

    private void setOfObject(IoctlCall call) throws InterruptedException {
        MemorySegment arg = call.arg();
        set(Args.i32(arg, 12), Args.i32(arg, 16), Args.i32(arg, 8), Args.i64(arg, 0));
    }

    private void set(int id, int type, int propertyId, long value) throws InterruptedException {
        Job job;
        device.lock().lockInterruptibly();
        try {
            ModeObject object = object(id, type);
            Property property = new PropertyValues(device).require(object, propertyId);
            State next = device.state().copy();
            PropertyChange change = new PropertyChange(device, next);
            if (object instanceof Connector connector && property.key() == Prop.DPMS && property.admits(value)) {
                change.dpms(connector, value);
            } else {
                change.set(object, property, value);
            }
            job = device.commit(next, KmsDevice.Request.LEGACY);
        } finally {
            device.lock().unlock();
        }
        job.await();
    }
}
