package dev.nacre.vfio.testing;

import dev.nacre.core.Attachment;
import dev.nacre.core.BoardInfo;
import dev.nacre.core.Capability;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.Core;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.Engine;
import dev.nacre.pci.bus.PciIds;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A core without a GPU: it keeps account of what is taken of it, and its memory holds what is written. */
public final class FakeCore implements Core {
    private static final long MIB = 1 << 20;

    /** How its copy engine behaves. */
    public enum CopyEngine {
        /** Fills, and says so. */
        WORKS,
        /** Takes commands, and does nothing. */
        SILENT,
        /** Fails at the first command. */
        FAULTS
    }

    /** The memory. */
    public final FakeMemory memory;

    /** How the copy engine behaves from now on. */
    public volatile CopyEngine copyEngine = CopyEngine.WORKS;

    /** What the board is said to be able to do. */
    public final Set<Capability> capabilities = EnumSet.allOf(Capability.class);

    /** Whether it is said to have virtual GPUs. */
    public boolean vgpuEnabled = true;

    /** Who is attached. */
    final List<FakeAttachment> attachments = new ArrayList<>();

    private final long fbBytes;
    private final boolean ecc;

    private FakeCore(long fbBytes, boolean ecc) {
        this.fbBytes = fbBytes;
        this.ecc = ecc;
        memory = new FakeMemory(fbBytes);
    }

    /** One with memory of so many MiB. */
    public static FakeCore ofMib(long fbMib) {
        return new FakeCore(fbMib * MIB, false);
    }

    /** One whose memory corrects errors. */
    public static FakeCore withEcc(long fbMib) {
        return new FakeCore(fbMib * MIB, true);
    }

    /** All that clients hold; none if they hold nothing. */
    public synchronized List<String> held() {
        return attachments.stream()
                .flatMap(attachment -> attachment.held().stream())
                .toList();
    }

    /** Tells clients something. */
    public void tell(CoreEvent event) {
        List<FakeAttachment> all;
        synchronized (this) {
            all = List.copyOf(attachments);
        }
        all.forEach(attachment -> attachment.client.listener().accept(event));
    }

    @Override
    public String implementation() {
        return "fake";
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public BoardInfo board() {
        return new BoardInfo(
                "FAKE",
                "Fake",
                "GPU-0",
                "0",
                fbBytes,
                List.of(),
                256 * MIB,
                64 * MIB,
                ecc,
                2048,
                1536,
                new PciIds(0x10de, 1, 0, 0, 0x030000, 0),
                new BoardInfo.Silicon(1, 0, 1, 1));
    }

    @Override
    public List<Engine> engines() {
        return List.of();
    }

    @Override
    public boolean isVgpuEnabled() {
        return vgpuEnabled;
    }

    @Override
    public Attachment attach(Client client) {
        if (!capabilities.containsAll(client.required())) {
            Set<Capability> missing = EnumSet.copyOf(client.required());
            missing.removeAll(capabilities);
            throw new dev.nacre.core.CoreException(
                    dev.nacre.core.CoreError.NOT_SUPPORTED, "Capabilities are missing: " + missing);
        }
        FakeAttachment attachment = new FakeAttachment(this, client);
        synchronized (this) {
            attachments.add(attachment);
        }
        client.listener().accept(new CoreEvent.DriverStart());
        return attachment;
    }

    @Override
    public synchronized Optional<ClientKind> owner() {
        return attachments.stream().map(attachment -> attachment.client.kind()).findFirst();
    }

    @Override
    public void configureVirtualFunctions(int count) {
        tell(new CoreEvent.SriovConfigure(count));
    }

    @Override
    public void suspend() {
        tell(new CoreEvent.Suspend());
    }

    @Override
    public void resume() {
        tell(new CoreEvent.Resume());
    }

    @Override
    public void close() {
        tell(new CoreEvent.DriverUnbind());
    }
}
