package dev.nacre.core;

/**
 * A channel that runs a copy engine. Its client writes the commands; the core puts them where the GPU finds them. When
 * they reach a method that asks for an interrupt, clients are told {@link CoreEvent.FifoNonstall}.
 *
 * <p>One thread at a time calls {@link #begin} to {@link #submit}.
 */
public interface CeChannel extends AutoCloseable {
    /** Its id. */
    int id();

    /** What the method SET_OBJECT takes to have the copy engine on a subchannel. */
    int engineObject();

    /**
     * Puts a part of the GPU's memory into the channel's address space. Needs {@link Capability#CHAN_MEM_MAP}.
     *
     * @return its address, and the way to take it out again
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if the part does not lie in the memory; with
     *     {@link CoreError#NO_SPACE} if the address space is full
     */
    ChannelMapping map(FbMemory memory, MapRequest request);

    /**
     * Makes room for commands. Waits until the GPU has taken as many of those before. Needs
     * {@link Capability#PUSHBUF_SUBMIT}, as {@link #emit} and {@link #submit} do.
     *
     * @param dwords how many at most, 1 to 1024
     * @throws CoreException with {@link CoreError#TIMED_OUT} if the GPU does not take them; with {@link CoreError#EXISTS}
     *     if commands have begun; with {@link CoreError#IO} if the channel has failed
     */
    void begin(int dwords);

    /**
     * Adds 32 bits of commands.
     *
     * @throws CoreException with {@link CoreError#NO_SPACE} beyond the room that was made; with
     *     {@link CoreError#INVALID_ARGUMENT} if nothing has begun
     */
    void emit(int dword);

    /**
     * Has the GPU run what was added. Does not wait for it.
     *
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if nothing has begun
     */
    void submit();

    /** Ends it; what it had not finished never ends. Takes its mappings out. Idempotent. */
    @Override
    void close();
}
