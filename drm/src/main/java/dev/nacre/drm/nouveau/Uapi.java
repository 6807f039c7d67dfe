package dev.nacre.drm.nouveau;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Numbers and structures of nouveau's user-space interface. Offsets and sizes in bytes. */
// HW: Linux include/uapi/drm/nouveau_drm.h; NVIF: drivers/gpu/drm/nouveau/include/nvif/ioctl.h, cl0080.h
final class Uapi {
    static final int COMMAND_BASE = 0x40;

    static final int DOMAIN_CPU = 1;
    static final int DOMAIN_VRAM = 1 << 1;
    static final int DOMAIN_GART = 1 << 2;
    static final int DOMAIN_MAPPABLE = 1 << 3;
    static final int DOMAIN_NO_SHARE = 1 << 5;

    static final int MAX_BUFFERS = 1024;
    static final int MAX_RELOCS = 1024;
    static final int MAX_PUSH = 512;

    /** Bytes of the longest push. HW: NV50_DMA_PUSH_MAX_LENGTH of nouveau_dma.h. */
    static final int MOST_PUSH_BYTES = 0x7fffff;

    /** Most pushes of an EXEC. HW: nouveau_exec.h, of a ring of 1023 entries: half of them, less one. */
    static final int EXEC_PUSH_MAX = 510;

    /** End of virtual addresses. HW: NOUVEAU_VA_SPACE_BITS of nouveau_uvmm.c. */
    static final long VA_END = 1L << 47;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private Uapi() {}

    static int int32(MemorySegment at, long offset) {
        return at.get(INT, offset);
    }

    static long int64(MemorySegment at, long offset) {
        return at.get(LONG, offset);
    }

    static void put32(MemorySegment at, long offset, int value) {
        at.set(INT, offset, value);
    }

    static void put64(MemorySegment at, long offset, long value) {
        at.set(LONG, offset, value);
    }

    static final class GetParam {
        static final int BYTES = 16;
        static final int PARAM = 0;
        static final int VALUE = 8;

        private GetParam() {}
    }

    static final class ChannelAlloc {
        static final int BYTES = 88;
        static final int FB_CTXDMA = 0;
        static final int TT_CTXDMA = 4;
        static final int CHANNEL = 8;
        static final int PUSHBUF_DOMAINS = 12;
        static final int NOTIFIER = 16;
        static final int ENGINE_GR = 0x01;
        static final int ENGINE_VP = 0x02;
        static final int ENGINE_PPP = 0x04;
        static final int ENGINE_BSP = 0x08;
        static final int ENGINE_CE = 0x30;

        private ChannelAlloc() {}
    }

    static final class ChannelFree {
        static final int BYTES = 4;
        static final int CHANNEL = 0;

        private ChannelFree() {}
    }

    static final class GrobjAlloc {
        static final int BYTES = 12;
        static final int CHANNEL = 0;
        static final int HANDLE = 4;
        static final int CLASS = 8;

        private GrobjAlloc() {}
    }

    static final class NotifierobjAlloc {
        static final int BYTES = 16;

        private NotifierobjAlloc() {}
    }

    static final class GpuobjFree {
        static final int BYTES = 8;
        static final int CHANNEL = 0;
        static final int HANDLE = 4;

        private GpuobjFree() {}
    }

    static final class GemInfo {
        static final int BYTES = 40;
        static final int HANDLE = 0;
        static final int DOMAIN = 4;
        static final int SIZE = 8;
        static final int OFFSET = 16;
        static final int MAP_HANDLE = 24;
        static final int TILE_MODE = 32;
        static final int TILE_FLAGS = 36;

        private GemInfo() {}
    }

    /** Begins with {@link GemInfo}. */
    static final class GemNew {
        static final int BYTES = 48;
        static final int ALIGN = 44;

        private GemNew() {}
    }

    static final class PushbufBo {
        static final int BYTES = 40;
        static final int HANDLE = 8;
        static final int READ_DOMAINS = 12;
        static final int WRITE_DOMAINS = 16;
        static final int VALID_DOMAINS = 20;

        private PushbufBo() {}
    }

    static final class PushbufPush {
        static final int BYTES = 24;
        static final int BO_INDEX = 0;
        static final int OFFSET = 8;
        static final int LENGTH = 16;
        static final long NO_PREFETCH = 1L << 23;

        private PushbufPush() {}
    }

    static final class Pushbuf {
        static final int BYTES = 64;
        static final int CHANNEL = 0;
        static final int NR_BUFFERS = 4;
        static final int BUFFERS = 8;
        static final int NR_RELOCS = 16;
        static final int NR_PUSH = 20;
        static final int PUSH = 32;
        static final int SUFFIX0 = 40;
        static final int SUFFIX1 = 44;
        static final int VRAM_AVAILABLE = 48;
        static final int GART_AVAILABLE = 56;
        static final long SYNC = 1;

        private Pushbuf() {}
    }

    static final class CpuPrep {
        static final int BYTES = 8;
        static final int HANDLE = 0;
        static final int FLAGS = 4;
        static final int NOWAIT = 1;
        static final int WRITE = 4;

        private CpuPrep() {}
    }

    static final class CpuFini {
        static final int BYTES = 4;
        static final int HANDLE = 0;

        private CpuFini() {}
    }

    static final class Sync {
        static final int BYTES = 16;
        static final int FLAGS = 0;
        static final int HANDLE = 4;
        static final int TIMELINE_VALUE = 8;
        static final int TYPE_MASK = 0xf;
        static final int BINARY = 0;
        static final int TIMELINE = 1;

        private Sync() {}
    }

    static final class VmInit {
        static final int BYTES = 16;
        static final int KERNEL_ADDR = 0;
        static final int KERNEL_SIZE = 8;

        private VmInit() {}
    }

    static final class VmBindOp {
        static final int BYTES = 40;
        static final int OP = 0;
        static final int FLAGS = 4;
        static final int HANDLE = 8;
        static final int ADDR = 16;
        static final int BO_OFFSET = 24;
        static final int RANGE = 32;
        static final int MAP = 0;
        static final int UNMAP = 1;
        static final int SPARSE = 1 << 8;
        static final int KIND_MASK = 0xff;

        private VmBindOp() {}
    }

    static final class VmBind {
        static final int BYTES = 40;
        static final int OP_COUNT = 0;
        static final int FLAGS = 4;
        static final int WAIT_COUNT = 8;
        static final int SIG_COUNT = 12;
        static final int WAIT_PTR = 16;
        static final int SIG_PTR = 24;
        static final int OP_PTR = 32;
        static final int RUN_ASYNC = 1;

        private VmBind() {}
    }

    static final class ExecPush {
        static final int BYTES = 16;
        static final int VA = 0;
        static final int VA_LEN = 8;

        private ExecPush() {}
    }

    static final class Exec {
        static final int BYTES = 40;
        static final int CHANNEL = 0;
        static final int PUSH_COUNT = 4;
        static final int WAIT_COUNT = 8;
        static final int SIG_COUNT = 12;
        static final int WAIT_PTR = 16;
        static final int SIG_PTR = 24;
        static final int PUSH_PTR = 32;

        private Exec() {}
    }

    static final class ZcullInfo {
        static final int BYTES = 48;

        private ZcullInfo() {}
    }

    static final class Svm {
        static final int INIT_BYTES = 16;
        static final int BIND_BYTES = 64;

        private Svm() {}
    }

    /** What every call of NVIF begins with. */
    static final class NvifIoctl {
        static final int BYTES = 24;
        static final int VERSION = 0;
        static final int TYPE = 1;
        static final int ROUTE = 7;
        static final int TOKEN = 8;
        static final int OBJECT = 16;
        static final int TYPE_SCLASS = 1;
        static final int TYPE_NEW = 2;
        static final int TYPE_DEL = 3;
        static final int TYPE_MTHD = 4;
        static final int ROUTE_HIDDEN = 0xff;

        private NvifIoctl() {}
    }

    /** Follows {@link NvifIoctl}. */
    static final class NvifSclass {
        static final int BYTES = 8;
        static final int VERSION = 0;
        static final int COUNT = 1;
        static final int CLASS_BYTES = 8;
        static final int CLASS = 0;
        static final int MIN_VERSION = 4;

        private NvifSclass() {}
    }

    /** Follows {@link NvifIoctl}. */
    static final class NvifNew {
        static final int BYTES = 32;
        static final int VERSION = 0;
        static final int OBJECT = 16;
        static final int HANDLE = 24;
        static final int CLASS = 28;
        static final int CLASS_DEVICE = 0x80;

        private NvifNew() {}
    }

    /** Follows {@link NvifIoctl}. */
    static final class NvifMthd {
        static final int BYTES = 8;
        static final int METHOD = 1;
        static final int DEVICE_INFO = 0;

        private NvifMthd() {}
    }

    /** Follows {@link NvifMthd}. */
    static final class DeviceInfo {
        static final int BYTES = 104;
        static final int VERSION = 0;
        static final int PLATFORM = 1;
        static final int CHIPSET = 2;
        static final int REVISION = 4;
        static final int FAMILY = 5;
        static final int RAM_SIZE = 8;
        static final int RAM_USER = 16;
        static final int CHIP = 24;
        static final int CHIP_BYTES = 16;
        static final int NAME = 40;
        static final int NAME_BYTES = 64;
        static final int PLATFORM_PCIE = 3;

        private DeviceInfo() {}
    }
}
