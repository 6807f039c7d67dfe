package dev.nacre.board.rm;

import dev.nacre.hw.rm.RmStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All objects, by client and handle. A driver may be hostile: how many objects there are and how deep they hang is
 * bounded. GSP's engine thread.
 */
final class ObjectTree {
    /** Clients at the most. */
    static final int MAX_CLIENTS = 4096;

    /** Objects of one client at the most. */
    static final int MAX_OBJECTS_PER_CLIENT = 8192;

    /** Objects of all clients at the most. */
    static final int MAX_OBJECTS = 65_536;

    /** Objects one above the other at the most. */
    static final int MAX_DEPTH = 8;

    // HW: open-gpu-kernel-modules src/nvidia/inc/libraries/resserv/rs_client.h: RS_UNIQUE_HANDLE_BASE
    private static final int GENERATED_HANDLES = 0xcaf00000;

    /** One client: its root and everything under it. */
    static final class Client {
        private final RmObject root;
        private final Map<Integer, RmObject> objects = new LinkedHashMap<>();

        Client(RmObject root) {
            this.root = root;
            objects.put(root.handle(), root);
        }

        RmObject root() {
            return root;
        }

        int handle() {
            return root.handle();
        }

        @Nullable
        RmObject find(int handle) {
            return objects.get(handle);
        }

        /** Parents before children. */
        Collection<RmObject> objects() {
            return objects.values();
        }
    }

    private final Map<Integer, Client> clients = new LinkedHashMap<>();
    private int count;

    @Nullable
    Client client(int handle) {
        return clients.get(handle);
    }

    Collection<Client> clients() {
        return clients.values();
    }

    /** Objects of all clients. */
    int count() {
        return count;
    }

    /** Whether a client may be added, and if not why. */
    RmStatus mayAddClient(int handle) {
        if (handle == 0) {
            return RmStatus.NV_ERR_INVALID_OBJECT_NEW;
        }
        if (clients.containsKey(handle)) {
            return RmStatus.NV_ERR_INSERT_DUPLICATE_NAME;
        }
        return clients.size() >= MAX_CLIENTS || count >= MAX_OBJECTS
                ? RmStatus.NV_ERR_INSUFFICIENT_RESOURCES
                : RmStatus.NV_OK;
    }

    /** A handle that a client does not use yet, for a driver that leaves the choice to RM. */
    static int freshHandle(Client client) {
        int handle = GENERATED_HANDLES;
        while (client.objects.containsKey(handle)) {
            handle++;
        }
        return handle;
    }

    /** Whether an object may be added, and if not why. */
    RmStatus mayAdd(Client client, RmObject parent, int handle, ClassTable.Entry type) {
        if (handle == 0) {
            return RmStatus.NV_ERR_INVALID_OBJECT_NEW;
        }
        if (client.objects.containsKey(handle)) {
            return RmStatus.NV_ERR_INSERT_DUPLICATE_NAME;
        }
        if (!type.kind().mayHangUnder(parent.kind()) || parent.depth() + 1 >= MAX_DEPTH) {
            return RmStatus.NV_ERR_INVALID_OBJECT_PARENT;
        }
        return client.objects.size() >= MAX_OBJECTS_PER_CLIENT || count >= MAX_OBJECTS
                ? RmStatus.NV_ERR_INSUFFICIENT_RESOURCES
                : RmStatus.NV_OK;
    }

    Client addClient(RmObject root) {
        Client client = new Client(root);
        clients.put(root.handle(), client);
        count++;
        return client;
    }

    void add(Client client, RmObject object) {
        client.objects.put(object.handle(), object);
        RmObject parent = object.parent();
        if (parent != null) {
            parent.children().add(object);
        }
        count++;
    }

    /** Takes an object and all under it out of the tree, and returns them, children before parents. */
    List<RmObject> remove(Client client, RmObject object) {
        List<RmObject> removed = new ArrayList<>();
        collect(object, removed);
        for (RmObject gone : removed) {
            client.objects.remove(gone.handle());
        }
        RmObject parent = object.parent();
        if (parent != null) {
            parent.children().remove(object);
        } else {
            clients.remove(client.handle());
        }
        count -= removed.size();
        return removed;
    }

    // The depth is bounded by MAX_DEPTH.
    private static void collect(RmObject object, List<RmObject> into) {
        for (RmObject child : object.children().reversed()) {
            collect(child, into);
        }
        into.add(object);
    }

    void clear() {
        clients.clear();
        count = 0;
    }
}
