package dev.nacre.board.rm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.hal.ClassSet;
import dev.nacre.board.hal.DisplayClasses;
import dev.nacre.hw.rm.RmClass;
import dev.nacre.hw.rm.RmStatus;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ObjectTreeTest {
    private final ClassTable classes =
            new ClassTable(new ClassSet(1, 2, 10, 3, 4, Optional.of(new DisplayClasses(5, 6, 7, 8, 9))));
    private final ObjectTree tree = new ObjectTree();

    private RmObject object(int handle, RmClass rmClass, @Nullable RmObject parent) {
        ClassTable.Entry type = Objects.requireNonNull(classes.find(rmClass.number()));
        return new RmObject(handle, type, parent, new ObjectState.None());
    }

    private ObjectTree.Client client(int handle) {
        return tree.addClient(object(handle, RmClass.NV01_ROOT, null));
    }

    @Test
    void clients_areLimited() {
        for (int i = 1; i <= ObjectTree.MAX_CLIENTS; i++) {
            assertThat(tree.mayAddClient(i)).isEqualTo(RmStatus.NV_OK);
            client(i);
        }

        assertThat(tree.mayAddClient(0x7fff_ffff)).isEqualTo(RmStatus.NV_ERR_INSUFFICIENT_RESOURCES);
        assertThat(tree.mayAddClient(0)).isEqualTo(RmStatus.NV_ERR_INVALID_OBJECT_NEW);
    }

    @Test
    void objectsOfAllClients_areLimited() {
        int handle = 1;
        ObjectTree.Client last = client(handle++);
        while (tree.count() < ObjectTree.MAX_OBJECTS) {
            RmObject device = object(handle++, RmClass.NV01_DEVICE_0, last.root());
            if (tree.mayAdd(last, last.root(), device.handle(), device.type()) == RmStatus.NV_OK) {
                tree.add(last, device);
            } else {
                last = client(handle++);
            }
        }

        assertThat(tree.mayAddClient(handle)).isEqualTo(RmStatus.NV_ERR_INSUFFICIENT_RESOURCES);
        assertThat(tree.mayAdd(
                        last,
                        last.root(),
                        handle,
                        object(handle, RmClass.NV01_DEVICE_0, last.root()).type()))
                .isEqualTo(RmStatus.NV_ERR_INSUFFICIENT_RESOURCES);
        assertThat(tree.clients()).hasSize(ObjectTree.MAX_OBJECTS / ObjectTree.MAX_OBJECTS_PER_CLIENT);
    }

    @Test
    void removedSubtree_comesChildrenFirstAndNewestFirst() {
        ObjectTree.Client client = client(1);
        RmObject device = object(2, RmClass.NV01_DEVICE_0, client.root());
        RmObject subdevice = object(3, RmClass.NV20_SUBDEVICE_0, device);
        RmObject space = object(4, RmClass.FERMI_VASPACE_A, device);
        RmObject event = object(5, RmClass.NV01_EVENT, subdevice);
        tree.add(client, device);
        tree.add(client, subdevice);
        tree.add(client, space);
        tree.add(client, event);

        assertThat(tree.remove(client, device)).containsExactly(space, event, subdevice, device);
        assertThat(client.objects()).containsExactly(client.root());
        assertThat(tree.count()).isEqualTo(1);
        assertThat(client.root().children()).isEmpty();
    }
}
