package dev.nacre.corejava.gpu;

/**
 * A client of the firmware's resource manager, with a device and a subdevice under it. Any thread; each call waits for the
 * firmware's reply.
 */
public interface RmSession extends AutoCloseable {
    /** The client's handle. */
    int client();

    /** The device's. */
    int device();

    /** The subdevice's. */
    int subdevice();

    /**
     * Makes an object; the handle is chosen here.
     *
     * @param parent under which
     * @param rmClass its class
     * @param parameters of the class; changed to what comes back
     * @return its handle
     */
    int allocate(int parent, int rmClass, byte[] parameters);

    /** Frees an object and what is under it. */
    void free(int object);

    /**
     * Sends a control, and waits for its reply.
     *
     * @param parameters changed to what comes back
     */
    void control(int object, int command, byte[] parameters);

    /** As {@link #control}, but gives RM's status back; 0 for success. */
    int tryControl(int object, int command, byte[] parameters);

    /** Gives an address space of this client its page directory, as RPC SET_PAGE_DIRECTORY does. */
    void setPageDirectory(int vaSpace, long pageDirectory, int entries);

    /** Frees all. Idempotent. */
    @Override
    void close();
}
