package dev.nacre.drm;

import dev.nacre.drm.gem.GemObject;
import dev.nacre.drm.testing.TestDriver;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A driver that takes a number which is not a driver's. */
record Clashing(TestDriver plain) implements DrmDriver {
    @Override
    public DriverInfo info() {
        return plain.info();
    }

    @Override
    public Set<DriverFeature> features() {
        return plain.features();
    }

    @Override
    public List<Ioctl> ioctls() {
        return List.of(new Ioctl(0x00, "VERSION", 0, Set.of(), _ -> {}));
    }

    @Override
    public DriverFile open(DrmFile file) {
        return DriverFile.none();
    }

    @Override
    public GemObject createDumb(DrmFile file, long bytes) {
        throw new AssertionError();
    }

    @Override
    public Optional<Kms> kms() {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
