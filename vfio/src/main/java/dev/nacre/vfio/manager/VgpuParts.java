package dev.nacre.vfio.manager;

import dev.nacre.core.Attachment;
import dev.nacre.core.ChannelIds;
import dev.nacre.core.CoreException;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.GspClient;
import dev.nacre.core.VgpuPlugin;
import dev.nacre.core.VgpuRequest;
import dev.nacre.vfio.placement.Place;
import dev.nacre.vfio.scrub.Scrubber;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What one running virtual GPU has of its board. It is taken in the reference's order and given back in the reverse one,
 * whether the virtual GPU ends or could not start. One thread at a time.
 */
// HW: NVIDIA's proposed vGPU manager: channels, memory and its scrub, heap, GSP client, plugin
final class VgpuParts {
    private static final System.Logger LOG = System.getLogger(VgpuParts.class.getName());

    /**
     * What they are made for.
     *
     * @param vgpu the virtual GPU
     * @param pciAddress its virtual function's, as {@link VgpuRequest#pciAddress}
     * @param keepAside takes memory that could not be cleared, which is no longer these parts'
     */
    record Plan(Vgpu vgpu, int pciAddress, Consumer<FbMemory> keepAside) {}

    /** Something that is held, and how it is given back. */
    private record Held(String what, Runnable release) {}

    private final Scrubber scrubber;
    private final Plan plan;
    private final ChannelIds channelIds;
    private final FbMemory frameBuffer;
    private final VgpuPlugin plugin;
    private final Deque<Held> held = new ArrayDeque<>();

    /** Whether a guest may have written to the memory since it was cleared. */
    private boolean dirty;

    /** Whether the memory could not be cleared. */
    private boolean unclean;

    /**
     * Takes all parts.
     *
     * @throws CoreException if one cannot be had; all others have been given back then
     */
    VgpuParts(Attachment attachment, Scrubber scrubber, Plan plan, int processId) {
        this.scrubber = scrubber;
        this.plan = plan;
        Place place = plan.vgpu.place();
        boolean complete = false;
        try {
            channelIds = attachment.allocChannelIds(plan.vgpu.channels());
            hold("channel ids", channelIds);
            frameBuffer = attachment.allocFbMemory(at(place.fbOffset(), place.fbBytes()));
            held.push(new Held("memory", this::releaseFrameBuffer));
            scrub();
            FbMemory heap = attachment.allocFbMemory(at(place.heapOffset(), place.heapBytes()));
            hold("heap", heap);
            GspClient client = attachment.allocGspClient();
            hold("firmware client", client);
            dirty = true;
            plugin = attachment.startVgpu(new VgpuRequest(
                    plan.vgpu.vfIndex(),
                    plan.pciAddress,
                    plan.vgpu.type().id(),
                    plan.vgpu.uuid(),
                    processId,
                    client,
                    channelIds,
                    frameBuffer,
                    heap));
            hold("plugin", plugin);
            complete = true;
        } finally {
            if (!complete) {
                release();
            }
        }
    }

    VgpuPlugin plugin() {
        return plugin;
    }

    /** Makes the guest's GPU as it was when it started, its memory cleared. */
    void reset() {
        plugin.reset();
        scrub();
        dirty = true;
    }

    /** Gives all back, as far as the GPU still does its part. */
    void release() {
        while (!held.isEmpty()) {
            Held next = held.pop();
            try {
                next.release.run();
            } catch (CoreException e) {
                LOG.log(
                        Level.WARNING,
                        () -> "vgpu=" + plan.vgpu.name() + " part=" + next.what + " error=" + e.error()
                                + ": could not be given back: " + e.getMessage());
            }
        }
    }

    private void hold(String what, AutoCloseable part) {
        held.push(new Held(what, () -> close(part)));
    }

    private void scrub() {
        unclean = true;
        scrubber.scrub(channelIds, frameBuffer);
        unclean = false;
        dirty = false;
    }

    private void releaseFrameBuffer() {
        if (dirty && !unclean) {
            try {
                scrub();
            } catch (CoreException e) {
                LOG.log(
                        Level.WARNING,
                        () -> "vgpu=" + plan.vgpu.name() + ": memory was not cleared: " + e.getMessage());
            }
        }
        if (unclean) {
            plan.keepAside.accept(frameBuffer);
        } else {
            frameBuffer.close();
        }
    }

    private static FbRequest at(long offset, long bytes) {
        return new FbRequest(bytes, FbRequest.PAGE_BYTES, OptionalLong.of(offset));
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
