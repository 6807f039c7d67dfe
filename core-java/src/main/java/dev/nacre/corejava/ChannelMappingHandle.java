package dev.nacre.corejava;

import dev.nacre.core.ChannelMapping;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.MapRequest;
import dev.nacre.corejava.mmu.PageRun;

/** A part of the GPU's memory in a copy channel's address space. */
final class ChannelMappingHandle extends Handle implements ChannelMapping {
    private final CeChannelHandle channel;
    private final FbHandle memory;
    private final long address;
    private final long bytes;

    ChannelMappingHandle(CeChannelHandle channel, FbHandle memory, MapRequest request) {
        super(channel.attachment());
        this.channel = channel;
        this.memory = memory;
        this.bytes = request.bytes();
        PageRun run = memory.run(request);
        this.address = channel.addresses()
                .allocate(bytes, run.alignment())
                .orElseThrow(() -> new CoreException(
                        CoreError.NO_SPACE, "The channel's address space is full: bytes=" + request.bytes()));
        try {
            channel.space().tables().map(address, run);
        } catch (CoreException e) {
            channel.addresses().free(address);
            throw e;
        }
        memory.mapped(1);
    }

    CeChannelHandle channel() {
        return channel;
    }

    @Override
    public long address() {
        return address;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    String describe() {
        return "mapping address=0x" + Long.toHexString(address);
    }

    @Override
    void release() {
        channel.space().tables().unmap(address, bytes);
        channel.addresses().free(address);
        memory.mapped(-1);
    }
}
