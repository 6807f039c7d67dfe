package dev.nacre.corejava.vgpu;

import dev.nacre.corejava.gpu.RmSession;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.vgpu.VgpuParams;

/** How much of their memory virtual GPUs use, as the firmware says. */
public final class FbUsage {
    private FbUsage() {}

    /**
     * Bytes that one uses.
     *
     * @param gfid number of its function
     * @param fbBytes bytes that it has
     */
    public static long of(RmSession session, int gfid, long fbBytes) {
        byte[] parameters = new byte[VgpuParams.FbUsage.BYTES];
        session.control(
                session.subdevice(),
                RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_GET_VGPU_FB_USAGE.number(),
                parameters);
        HostileBytes reply = new HostileBytes("Use of memory", parameters);
        long count = reply.uintAt(VgpuParams.FbUsage.VGPU_COUNT);
        reply.require(count <= VgpuParams.MAX_VGPUS, count + " virtual GPUs");
        for (int i = 0; i < count; i++) {
            int at = VgpuParams.FbUsage.VGPU_FB_USAGE + i * VgpuParams.FbUsage.ENTRY_BYTES;
            if (reply.intAt(at + VgpuParams.FbUsage.GFID) == gfid) {
                long used = reply.longAt(at + VgpuParams.FbUsage.FB_USED);
                reply.require(used >= 0 && used <= fbBytes, used + " bytes in use of " + fbBytes);
                return used;
            }
        }
        throw reply.broken("nothing about function " + gfid);
    }
}
