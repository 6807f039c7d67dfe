package dev.nacre.drm.nouveau;

import dev.nacre.core.Capability;
import dev.nacre.core.CoreException;
import dev.nacre.core.GspClient;
import dev.nacre.drm.Access;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.IoctlCall;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the GPU is: GETPARAM, GET_ZCULL_INFO. And what is there no more, or not: SETPARAM, SVM. */
final class ParamIoctls {
    // HW: NOUVEAU_GETPARAM_* of nouveau_drm.h
    private static final int PCI_VENDOR = 3;
    private static final int PCI_DEVICE = 4;
    private static final int BUS_TYPE = 5;
    private static final int FB_SIZE = 8;
    private static final int AGP_SIZE = 9;
    private static final int CHIPSET_ID = 11;
    private static final int VM_VRAM_BASE = 12;
    private static final int GRAPH_UNITS = 13;
    private static final int PTIMER_TIME = 14;
    private static final int HAS_BO_USAGE = 15;
    private static final int HAS_PAGEFLIP = 16;
    private static final int EXEC_PUSH_MAX = 17;
    private static final int VRAM_BAR_SIZE = 18;
    private static final int VRAM_USED = 19;
    private static final int HAS_VMA_TILEMODE = 20;
    private static final int BUS_TYPE_PCIE = 2;

    // HW: open-gpu-kernel-modules ctrl2080gr.h: NV2080_CTRL_CMD_GR_GET_ZCULL_INFO: ten fields, which begin the
    // structure
    private static final int GR_GET_ZCULL_INFO = 0x2080_1206;
    private static final int ZCULL_CONTROL_BYTES = 40;

    private final NouveauDriver driver;
    private final Optional<byte[]> zcull;

    ParamIoctls(NouveauDriver driver) {
        this.driver = driver;
        this.zcull = readZcull();
    }

    List<Ioctl> all() {
        Set<Access> anybody = Set.of(Access.RENDER_ALLOW);
        int base = Uapi.COMMAND_BASE;
        return List.of(
                new Ioctl(base, "NOUVEAU_GETPARAM", Uapi.GetParam.BYTES, anybody, this::getParam),
                new Ioctl(
                        base + 0x01,
                        "NOUVEAU_SETPARAM",
                        Uapi.GetParam.BYTES,
                        Set.of(Access.AUTH, Access.MASTER, Access.ROOT_ONLY),
                        _ -> {
                            throw new DrmException(Errno.EINVAL);
                        }),
                new Ioctl(base + 0x08, "NOUVEAU_SVM_INIT", Uapi.Svm.INIT_BYTES, anybody, ParamIoctls::noSvm),
                new Ioctl(base + 0x09, "NOUVEAU_SVM_BIND", Uapi.Svm.BIND_BYTES, anybody, ParamIoctls::noSvm),
                new Ioctl(
                        base + 0x13,
                        "NOUVEAU_GET_ZCULL_INFO",
                        Uapi.ZcullInfo.BYTES,
                        Ioctl.Direction.OUT,
                        anybody,
                        this::zcullInfo));
    }

    private static void noSvm(IoctlCall call) {
        // HW: what a kernel without CONFIG_DRM_NOUVEAU_SVM says: nouveau_svm.h
        throw new DrmException(Errno.ENOSYS, "Processes share no addresses with the GPU");
    }

    private void getParam(IoctlCall call) throws InterruptedException {
        Uapi.put64(call.arg(), Uapi.GetParam.VALUE, value(Uapi.int64(call.arg(), Uapi.GetParam.PARAM)));
    }

    private long value(long param) throws InterruptedException {
        if (param != (int) param) {
            throw unknown(param);
        }
        return switch ((int) param) {
            case PCI_VENDOR -> driver.board().pci().vendor();
            case PCI_DEVICE -> driver.board().pci().device();
            case BUS_TYPE -> BUS_TYPE_PCIE;
            case FB_SIZE -> driver.memory().vramBytes();
            case AGP_SIZE -> driver.memory().gartBytes();
            case CHIPSET_ID -> driver.board().silicon().chipset();
            case VM_VRAM_BASE -> 0;
            case GRAPH_UNITS ->
                driver.board().silicon().gpcs()
                        | (long) driver.board().silicon().tpcs() << Byte.SIZE;
            case PTIMER_TIME -> driver.clock().timeNs();
            case HAS_BO_USAGE, HAS_PAGEFLIP, HAS_VMA_TILEMODE -> 1;
            case EXEC_PUSH_MAX -> Uapi.EXEC_PUSH_MAX;
            case VRAM_BAR_SIZE -> driver.board().bar1Bytes();
            case VRAM_USED -> driver.memory().vramUsedBytes();
            default -> throw unknown(param);
        };
    }

    private static DrmException unknown(long param) {
        return new DrmException(Errno.EINVAL, "No such parameter: param=" + param);
    }

    /** Asks the firmware, if the core lets drivers do so, and the firmware knows. */
    private Optional<byte[]> readZcull() {
        Set<Capability> needed = Set.of(Capability.GSP_CLIENT_ALLOC, Capability.RM_PASS_THROUGH);
        if (!driver.attachment().capabilities().containsAll(needed)) {
            return Optional.empty();
        }
        try (GspClient client = driver.attachment().allocGspClient()) {
            return Optional.of(client.read(GR_GET_ZCULL_INFO, new byte[ZCULL_CONTROL_BYTES]));
        } catch (CoreException e) {
            return Optional.empty();
        }
    }

    private void zcullInfo(IoctlCall call) {
        byte[] info = zcull.orElseThrow(() -> new DrmException(Errno.ENOTTY, "The firmware tells nothing of zcull"));
        // Two more fields say how much of it is switched with contexts: nothing.
        MemorySegment.copy(MemorySegment.ofArray(info), 0, call.arg(), 0, Math.min(info.length, ZCULL_CONTROL_BYTES));
    }
}
