package dev.nacre.core;

/** Virtual addresses of a GPU, 0 to 2^{@link #addressBits}. */
public interface AddressSpace extends AutoCloseable {
    /** How many bits an address has. The top 4 GiB belong to the core. */
    int addressBits();

    /**
     * Puts memory at an address.
     *
     * @throws CoreException with {@link CoreError#EXISTS} if something is there; with
     *     {@link CoreError#INVALID_ARGUMENT} if the part does not lie in the memory or the address space
     */
    void bind(BindRequest request);

    /**
     * Makes a range sparse: the GPU reads zeros there, and what it writes is lost, instead of faulting. For the other
     * methods something lies there.
     *
     * @param address a multiple of 4096
     * @param bytes a multiple of 4096, from 4096
     * @throws CoreException with {@link CoreError#EXISTS} if something is there; with
     *     {@link CoreError#INVALID_ARGUMENT} if the range does not lie in the address space; with
     *     {@link CoreError#NO_SPACE} if there is no memory for its page tables
     */
    void bindSparse(long address, long bytes);

    /**
     * Takes away what lies in a range; when this returns, the GPU no longer reaches it there. Parts that lie across the
     * range's ends are cut.
     *
     * @param address a multiple of 4096
     * @param bytes a multiple of 4096, from 4096
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if the range does not lie in the address space
     */
    void unbind(long address, long bytes);

    /**
     * Frees it, and what it has bound. Idempotent.
     *
     * @throws CoreException with {@link CoreError#BUSY} if it has channels
     */
    @Override
    void close();
}
