package dev.nacre.core;

/** Memory in a channel's address space. */
public interface ChannelMapping extends AutoCloseable {
    /** Its virtual address. */
    long address();

    /** Its size. */
    long bytes();

    /** Takes it out; when this returns, the GPU no longer reaches it there. Idempotent. */
    @Override
    void close();
}
