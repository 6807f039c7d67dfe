package dev.nacre.testsupport.driver;

import dev.nacre.hw.rm.ParamLayout.CopyReservedPdes;
import dev.nacre.hw.rm.ParamLayout.SetPageDirectory;
import dev.nacre.hw.rm.RmClass;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.rm.RmStatus;

/** A client's device, subdevice and address spaces. */
final class RmObjects {
    /** The client's handle. */
    static final int CLIENT = 0xc1d0_0000;

    private static final int DEVICE = 0xde1d_0000;
    private static final int SUBDEVICE = 0x5d1d_0000;

    // HW: open-gpu-kernel-modules alloc parameters, cl0000.h, cl0080.h, cl2080.h, nvos.h (NV_VASPACE_ALLOCATION_...).
    private static final int ROOT_BYTES = 120;
    private static final int DEVICE_BYTES = 56;
    private static final int SUBDEVICE_BYTES = 4;
    private static final int VA_SPACE_BYTES = 48;
    private static final int VA_SPACE_FLAGS = 4;
    private static final int VA_SPACE_EXTERNALLY_OWNED = 1 << 3;
    private static final int SET_PAGE_DIRECTORY_BYTES = 32;
    private static final int SET_PAGE_DIRECTORY_ENTRIES = 8;
    private static final int COPY_RESERVED_BYTES = 184;
    private static final int APERTURE_VIDEO = 1;

    private final RmClient rm;
    private final Check check;

    RmObjects(Rpc rpc, Check check) {
        this.check = check;
        this.rm = new RmClient(rpc, CLIENT, check);
    }

    RmClient rm() {
        return rm;
    }

    int device() {
        return DEVICE;
    }

    /** Makes the client with its device and subdevice; what makes no sense is refused. */
    void make() {
        Words root = new Words(ROOT_BYTES);
        root.putInt(0, CLIENT);
        rm.allocate(CLIENT, CLIENT, RmClass.NV01_ROOT.number(), root);
        rm.allocate(CLIENT, DEVICE, RmClass.NV01_DEVICE_0.number(), new Words(DEVICE_BYTES));
        rm.allocate(DEVICE, SUBDEVICE, RmClass.NV20_SUBDEVICE_0.number(), new Words(SUBDEVICE_BYTES));
        check.equal(
                "status of a second object with the same handle",
                RmStatus.NV_ERR_INSERT_DUPLICATE_NAME.code(),
                rm.allocateRefused(DEVICE, SUBDEVICE, RmClass.NV20_SUBDEVICE_0.number(), new Words(SUBDEVICE_BYTES)));
        rm.allocateRefused(0x0bad_0bad, 0x5d1d_0001, RmClass.NV20_SUBDEVICE_0.number(), new Words(SUBDEVICE_BYTES));
        rm.controlRefused(
                0x0bad_0bad, RmControl.NV0080_CTRL_CMD_DMA_SET_PAGE_DIRECTORY, new Words(SET_PAGE_DIRECTORY_BYTES));
    }

    /** Makes an address space that the driver owns, and gives it its page directory. */
    void makeOwnedSpace(int handle, long pageDirectory) {
        Words params = new Words(VA_SPACE_BYTES);
        params.putInt(VA_SPACE_FLAGS, VA_SPACE_EXTERNALLY_OWNED);
        rm.allocate(DEVICE, handle, RmClass.FERMI_VASPACE_A.number(), params);
        Words set = new Words(SET_PAGE_DIRECTORY_BYTES);
        set.putLong(SetPageDirectory.PHYS_ADDRESS, pageDirectory);
        set.putInt(SET_PAGE_DIRECTORY_ENTRIES, 4);
        set.putInt(SetPageDirectory.VA_SPACE, handle);
        rm.control(DEVICE, RmControl.NV0080_CTRL_CMD_DMA_SET_PAGE_DIRECTORY, set);
    }

    /** Makes an address space that the firmware shares, as NVIDIA's own driver does. */
    void makeSharedSpace(int handle, long pageDirectory) {
        rm.allocate(DEVICE, handle, RmClass.FERMI_VASPACE_A.number(), new Words(VA_SPACE_BYTES));
        Words copy = new Words(COPY_RESERVED_BYTES);
        copy.putInt(CopyReservedPdes.NUM_LEVELS, 1);
        copy.putLong(CopyReservedPdes.LEVEL0_PHYS_ADDRESS, pageDirectory);
        copy.putInt(CopyReservedPdes.LEVEL0_APERTURE, APERTURE_VIDEO);
        rm.control(handle, RmControl.NV90F1_CTRL_CMD_VASPACE_COPY_SERVER_RESERVED_PDES, copy);
    }

    /** Takes the page directory of a space that the driver owns. */
    void unsetPageDirectory(int handle) {
        Words unset = new Words(8);
        unset.putInt(0, handle);
        rm.control(DEVICE, RmControl.NV0080_CTRL_CMD_DMA_UNSET_PAGE_DIRECTORY, unset);
    }

    /** Frees everything. */
    void free() {
        rm.free(CLIENT, SUBDEVICE);
        rm.free(CLIENT, CLIENT);
        rm.controlRefused(
                DEVICE, RmControl.NV0080_CTRL_CMD_DMA_SET_PAGE_DIRECTORY, new Words(SET_PAGE_DIRECTORY_BYTES));
    }
}
