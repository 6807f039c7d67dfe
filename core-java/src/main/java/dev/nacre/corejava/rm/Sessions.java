package dev.nacre.corejava.rm;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.gpu.RmSession;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.rm.ParamLayout.ClientAlloc;
import dev.nacre.hw.rm.ParamLayout.DeviceAlloc;
import dev.nacre.hw.rm.ParamLayout.SubdeviceAlloc;
import dev.nacre.hw.rm.RmClass;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes clients of RM. Any thread. */
public final class Sessions {
    // HW: free choice, but the ids are what nouveau uses, so that logs of both read alike
    private static final int CLIENT = 0xc1d0_0000;
    private static final int DEVICE = 0xde1d_0000;
    private static final int SUBDEVICE = 0x5d1d_0000;
    private static final int FIRST_OBJECT = 0x4ac0_0000;
    private static final int MAX_CLIENTS = 1 << 16;
    private static final int NO_PROCESS = -1;

    private final Rm rm;
    private final GspAbi abi;

    /** Guarded by itself. */
    private final BitSet used = new BitSet();

    /** Clients of RM. */
    public Sessions(Rm rm, GspAbi abi) {
        this.rm = rm;
        this.abi = abi;
    }

    /**
     * Makes a client with a device and a subdevice.
     *
     * @throws CoreException with {@link CoreError#NO_SPACE} if there are 65,536 already
     */
    public RmSession create() {
        Session session = new Session(takeId());
        boolean made = false;
        try {
            session.make();
            made = true;
            return session;
        } finally {
            if (!made) {
                giveId(session.id);
            }
        }
    }

    private int takeId() {
        synchronized (used) {
            int id = used.nextClearBit(0);
            if (id >= MAX_CLIENTS) {
                throw new CoreException(CoreError.NO_SPACE, "There are no more clients of RM: clients=" + MAX_CLIENTS);
            }
            used.set(id);
            return id;
        }
    }

    private void giveId(int id) {
        synchronized (used) {
            used.clear(id);
        }
    }

    private final class Session implements RmSession {
        private final int id;
        private final AtomicInteger nextObject = new AtomicInteger(FIRST_OBJECT);
        private boolean closed;

        Session(int id) {
            this.id = id;
        }

        void make() {
            WireStruct client = new WireStruct(abi.clientParametersBytes());
            client.put32(ClientAlloc.CLIENT, client());
            client.put32(ClientAlloc.PROCESS_ID, NO_PROCESS);
            rm.allocate(client(), client(), client(), RmClass.NV01_ROOT.number(), client.bytes());
            boolean made = false;
            try {
                WireStruct device = new WireStruct(DeviceAlloc.BYTES);
                device.put32(DeviceAlloc.CLIENT_SHARE, client());
                rm.allocate(client(), client(), DEVICE, RmClass.NV01_DEVICE_0.number(), device.bytes());
                byte[] subdevice = new byte[SubdeviceAlloc.BYTES];
                rm.allocate(client(), DEVICE, SUBDEVICE, RmClass.NV20_SUBDEVICE_0.number(), subdevice);
                made = true;
            } finally {
                if (!made) {
                    freeQuietly();
                }
            }
        }

        private void freeQuietly() {
            try {
                rm.free(client(), client());
            } catch (CoreException e) {
                System.getLogger(Sessions.class.getName())
                        .log(System.Logger.Level.DEBUG, "A client that could not be made was not freed", e);
            }
        }

        @Override
        public int client() {
            return CLIENT | id;
        }

        @Override
        public int device() {
            return DEVICE;
        }

        @Override
        public int subdevice() {
            return SUBDEVICE;
        }

        @Override
        public int allocate(int parent, int rmClass, byte[] parameters) {
            int object = nextObject.getAndIncrement();
            rm.allocate(client(), parent, object, rmClass, parameters);
            return object;
        }

        @Override
        public void free(int object) {
            rm.free(client(), object);
        }

        @Override
        public void control(int object, int command, byte[] parameters) {
            rm.control(client(), object, command, parameters);
        }

        @Override
        public int tryControl(int object, int command, byte[] parameters) {
            return rm.tryControl(client(), object, command, parameters);
        }

        @Override
        public void setPageDirectory(int vaSpace, long pageDirectory, int entries) {
            rm.setPageDirectory(client(), DEVICE, vaSpace, pageDirectory, entries);
        }

        @Override
        public void close() {
            synchronized (this) {
                if (closed) {
                    return;
                }
                closed = true;
            }
            try {
                rm.free(client(), client());
                giveId(id);
            } catch (CoreException e) {
                // The GPU has gone, or lies: the id is not used again, and there is nothing left to free.
                System.getLogger(Sessions.class.getName()).log(System.Logger.Level.DEBUG, "A client was not freed", e);
            }
        }
    }
}
