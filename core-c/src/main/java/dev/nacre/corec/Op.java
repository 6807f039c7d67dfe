package dev.nacre.corec;

import dev.nacre.core.Capability;
import java.util.Locale;
import java.util.Optional;

/** The operations of {@code struct nacre_core_ops}, in its order and under their names there. */
enum Op {
    LAST_ERROR(Shape.VOID_PL),

    IMPLEMENTATION(Shape.POINTER_L),
    CAPABILITIES(Shape.LONG_L),
    BOARD_INFO(Shape.LP),
    VGPU_IS_ENABLED(Shape.L),
    OWNER(Shape.L),
    ENGINES(Shape.LPI),
    ENGINE_BITMAP_SIZE(Shape.L),
    ENGINE_BITMAP(Shape.LPI),
    SRIOV_CONFIGURE(Shape.LI),
    SUSPEND(Shape.L),
    RESUME(Shape.L),
    CLOSE(Shape.VOID_L),

    ATTACH(Shape.LPP),
    DETACH(Shape.L),
    AGREED_VERSION(Shape.L),
    AGREED_CAPABILITIES(Shape.LONG_L),

    ALLOC_GSP_CLIENT(Shape.LP),
    FREE_GSP_CLIENT(Shape.L),
    GET_GSP_CLIENT_HANDLE(Shape.LP),
    RM_CTRL_GET(Shape.LIIP),
    RM_CTRL_WR(Shape.LL),
    RM_CTRL_RD(Shape.LL),
    RM_CTRL_DONE(Shape.VOID_LL),

    ALLOC_CHIDS(Shape.LIPP),
    FREE_CHIDS(Shape.L),
    GET_AVAIL_CHIDS(Shape.L),

    ALLOC_FBMEM(Shape.LPPP),
    FREE_FBMEM(Shape.L),
    GET_TOTAL_FBMEM_SIZE(Shape.LP),
    BAR1_MAP_MEM(Shape.LPP),
    BAR1_UNMAP_MEM(Shape.L),
    BAR1_READ(Shape.LLPL),
    BAR1_WRITE(Shape.LLPL),

    ALLOC_CE_CHANNEL(Shape.LLIPP),
    FREE_CE_CHANNEL(Shape.L),
    CHANNEL_MAP_MEM(Shape.LLPP),
    CHANNEL_UNMAP_MEM(Shape.LL),
    BEGIN_PUSHBUF(Shape.LI),
    EMIT_PUSHBUF(Shape.LI),
    SUBMIT_PUSHBUF(Shape.L),

    GSP_LOG_COUNT(Shape.L),
    GSP_LOG(Shape.LIPPLP),

    ADDRESS_SPACE_CREATE(Shape.LPP),
    ADDRESS_SPACE_FREE(Shape.L),
    BIND(Shape.LP),
    BIND_SPARSE(Shape.LLL),
    UNBIND(Shape.LLL),
    MEMORY_CREATE(Shape.LLIP),
    MEMORY_FREE(Shape.L),
    MEMORY_FD(Shape.L),
    MEMORY_READ(Shape.LLPL),
    MEMORY_WRITE(Shape.LLPL),
    CHANNEL_GROUP_CREATE(Shape.LLIP),
    CHANNEL_GROUP_FREE(Shape.L),
    CHANNEL_CREATE(Shape.LPP),
    CHANNEL_FREE(Shape.L),
    CHANNEL_SUBMIT(Shape.LPILL),
    TIMELINE_CREATE(Shape.LP),
    TIMELINE_FREE(Shape.L),
    TIMELINE_VALUE(Shape.LP),
    TIMELINE_WAIT(Shape.LLL),
    TIMELINE_SIGNAL(Shape.LL),

    VGPU_DEFINE_TYPES(Shape.LPII),
    VGPU_START(Shape.LPP),
    VGPU_RESET(Shape.L),
    VGPU_BUS_MASTER(Shape.LII),
    VGPU_GUEST_INFO(Shape.LP),
    VGPU_SURFACES(Shape.LPI),
    VGPU_USAGE(Shape.LP),
    VGPU_LOG_COUNT(Shape.L),
    VGPU_LOG(Shape.LIPPLP),
    VGPU_STOP(Shape.L);

    private final Shape shape;

    Op(Shape shape) {
        this.shape = shape;
    }

    /** The capability that a core lacks which lacks the operation; empty for operations that belong to none. */
    Optional<Capability> capability() {
        return Optional.ofNullable(
                switch (this) {
                    case ALLOC_GSP_CLIENT, FREE_GSP_CLIENT, GET_GSP_CLIENT_HANDLE -> Capability.GSP_CLIENT_ALLOC;
                    case RM_CTRL_GET, RM_CTRL_WR, RM_CTRL_RD, RM_CTRL_DONE -> Capability.RM_PASS_THROUGH;
                    case ALLOC_CHIDS, FREE_CHIDS, GET_AVAIL_CHIDS -> Capability.CHID_ALLOC;
                    case ALLOC_FBMEM, FREE_FBMEM, GET_TOTAL_FBMEM_SIZE -> Capability.FB_MEM_ALLOC;
                    case BAR1_MAP_MEM, BAR1_UNMAP_MEM, BAR1_READ, BAR1_WRITE -> Capability.FB_MEM_BAR1_MAP;
                    case ALLOC_CE_CHANNEL, FREE_CE_CHANNEL -> Capability.CE_CHAN_ALLOC;
                    case CHANNEL_MAP_MEM, CHANNEL_UNMAP_MEM -> Capability.CHAN_MEM_MAP;
                    case BEGIN_PUSHBUF, EMIT_PUSHBUF, SUBMIT_PUSHBUF -> Capability.PUSHBUF_SUBMIT;
                    case GSP_LOG_COUNT, GSP_LOG -> Capability.GSP_LOGS;
                    case ADDRESS_SPACE_CREATE, ADDRESS_SPACE_FREE, BIND, BIND_SPARSE, UNBIND ->
                        Capability.ADDRESS_SPACES;
                    case MEMORY_CREATE, MEMORY_FREE, MEMORY_FD, MEMORY_READ, MEMORY_WRITE -> Capability.MEMORY_OBJECTS;
                    case CHANNEL_GROUP_CREATE, CHANNEL_GROUP_FREE, CHANNEL_CREATE, CHANNEL_FREE, CHANNEL_SUBMIT ->
                        Capability.CHANNELS;
                    case TIMELINE_CREATE, TIMELINE_FREE, TIMELINE_VALUE, TIMELINE_WAIT, TIMELINE_SIGNAL ->
                        Capability.TIMELINES;
                    case VGPU_DEFINE_TYPES,
                            VGPU_START,
                            VGPU_RESET,
                            VGPU_BUS_MASTER,
                            VGPU_GUEST_INFO,
                            VGPU_SURFACES,
                            VGPU_USAGE,
                            VGPU_LOG_COUNT,
                            VGPU_LOG,
                            VGPU_STOP -> Capability.VGPU_PLUGINS;
                    case SUSPEND, RESUME -> Capability.SUSPEND;
                    default -> null;
                });
    }

    Shape shape() {
        return shape;
    }

    /** Its name in C. */
    String field() {
        return name().toLowerCase(Locale.ROOT);
    }
}
