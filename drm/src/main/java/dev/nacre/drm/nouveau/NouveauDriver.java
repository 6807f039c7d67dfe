package dev.nacre.drm.nouveau;

import dev.nacre.core.Attachment;
import dev.nacre.core.BoardInfo;
import dev.nacre.core.Capability;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.Engine;
import dev.nacre.core.EngineType;
import dev.nacre.core.MemoryObject;
import dev.nacre.core.Placement;
import dev.nacre.drm.DriverFeature;
import dev.nacre.drm.DriverFile;
import dev.nacre.drm.DriverInfo;
import dev.nacre.drm.DrmDriver;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.Kms;
import dev.nacre.drm.gem.GemObject;
import dev.nacre.linux.Errno;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The driver whose user-space interface is that of Linux's nouveau. Clients made for that, such as Mesa's NVK, run on it
 * unchanged. Any thread may call.
 */
public final class NouveauDriver implements DrmDriver {
    private static final System.Logger LOG = System.getLogger(NouveauDriver.class.getName());

    // HW: nouveau_drv.h: the first version with VM_BIND, in which no page is compressed
    private static final DriverInfo INFO =
            new DriverInfo("nouveau", "20120801", "nVidia Riva/TNT/GeForce/Quadro/Tesla/Tegra K1+", 1, 4, 0);

    private final BoardInfo board;
    private final List<Engine> engines;
    private final Attachment attachment;
    private final ChannelEvents channels;
    private final Optional<Kms> kms;
    private final MemoryBudget memory;
    private final GpuClock clock;
    private final List<Ioctl> ioctls;
    private final AtomicInteger nextCopy = new AtomicInteger();

    private NouveauDriver(
            Core core, Attachment attachment, ChannelEvents channels, Function<Attachment, Optional<Kms>> display) {
        this.board = core.board();
        this.engines = core.engines();
        this.attachment = attachment;
        this.channels = channels;
        this.kms = display.apply(attachment);
        this.memory = new MemoryBudget(board);
        this.clock = new GpuClock(attachment, copyEngine());
        this.ioctls = Stream.of(
                        new ParamIoctls(this).all(),
                        new NvifIoctl(this).all(),
                        new ChannelIoctls(this).all(),
                        new GemIoctls(this).all(),
                        new PushbufIoctl(this).all(),
                        new VmIoctls().all(),
                        new ExecIoctl().all())
                .flatMap(List::stream)
                .toList();
    }

    /**
     * Attaches to a board.
     *
     * @param display makes the display of the attachment; empty for a driver without one
     * @throws CoreException with NOT_SUPPORTED if the core cannot do what a DRM driver needs; with BUSY if clients of
     *     another kind have the board: the message names one
     */
    public static NouveauDriver attach(Core core, Function<Attachment, Optional<Kms>> display) {
        ChannelEvents events = new ChannelEvents();
        Attachment attachment = core.attach(Client.of("nouveau", ClientKind.DRM, Capability.drm(), events));
        events.attached(attachment);
        try {
            return new NouveauDriver(core, attachment, events, display);
        } catch (CoreException e) {
            attachment.close();
            throw e;
        }
    }

    @Override
    public DriverInfo info() {
        return INFO;
    }

    @Override
    public Set<DriverFeature> features() {
        Set<DriverFeature> features = EnumSet.allOf(DriverFeature.class);
        if (kms.isEmpty()) {
            features.removeAll(Set.of(DriverFeature.MODESET, DriverFeature.ATOMIC));
        }
        return features;
    }

    @Override
    public List<Ioctl> ioctls() {
        return ioctls;
    }

    @Override
    public DriverFile open(DrmFile file) {
        return new NouveauFile(this, file.backlog());
    }

    @Override
    public GemObject createDumb(DrmFile file, long bytes) {
        return create(bytes, Uapi.DOMAIN_VRAM | Uapi.DOMAIN_MAPPABLE, 0, 0);
    }

    @Override
    public Optional<Kms> kms() {
        return kms;
    }

    /**
     * Makes graphics memory, filled with zeros.
     *
     * @param bytes a multiple of 4096, from 4096
     * @param domains DOMAIN bits
     * @return it, with one reference, which is the caller's
     * @throws DrmException with ENOMEM if there is not as much
     */
    NouveauObject create(long bytes, int domains, int tileMode, int kind) {
        // What is mapped or passed on is a file, and so the host's memory: the board reaches it as well as its own.
        int isPrivate = Uapi.DOMAIN_VRAM | Uapi.DOMAIN_NO_SHARE;
        boolean own = (domains & (isPrivate | Uapi.DOMAIN_MAPPABLE)) == isPrivate;
        int valid = domains & (Uapi.DOMAIN_VRAM | Uapi.DOMAIN_GART);
        MemoryBudget.Share share = memory.take((valid & Uapi.DOMAIN_VRAM) != 0, !own, bytes);
        try {
            MemoryObject made = attachment.createMemory(bytes, own ? Placement.VRAM : Placement.SYSTEM);
            return new NouveauObject(made, share, domains, tileMode, kind);
        } catch (CoreException e) {
            share.close();
            throw e.error() == CoreError.NO_SPACE ? new DrmException(Errno.ENOMEM, "No memory is left") : e;
        }
    }

    /** Whether the board sleeps. */
    Wakefulness wakefulness() {
        return channels.wakefulness();
    }

    BoardInfo board() {
        return board;
    }

    Attachment attachment() {
        return attachment;
    }

    MemoryBudget memory() {
        return memory;
    }

    GpuClock clock() {
        return clock;
    }

    /** The engine of graphics, if there is one. */
    Optional<Engine> graphicsEngine() {
        return engines.stream()
                .filter(engine -> engine.type() == EngineType.GRAPHICS)
                .findFirst();
    }

    /** A copy engine: one after the other. */
    Engine copyEngine() {
        List<Engine> copies = engines.stream()
                .filter(engine ->
                        engine.type() == EngineType.COPY && !engine.classes().isEmpty())
                .toList();
        if (copies.isEmpty()) {
            throw new CoreException(CoreError.NOT_SUPPORTED, "The GPU has no copy engine");
        }
        return copies.get(Math.floorMod(nextCopy.getAndIncrement(), copies.size()));
    }

    /** A channel wants to be told what becomes of its work. */
    void add(NouveauChannel channel) {
        channels.add(channel);
    }

    /** A channel is about to end. */
    void remove(NouveauChannel channel) {
        channels.remove(channel);
    }

    void warn(String what, RuntimeException why) {
        LOG.log(System.Logger.Level.WARNING, what, why);
    }

    @Override
    public void close() {
        try {
            clock.close();
            attachment.close();
        } catch (CoreException e) {
            warn("Board was not left clean", e);
        }
    }
}
