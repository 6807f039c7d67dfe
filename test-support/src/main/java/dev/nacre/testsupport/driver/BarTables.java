package dev.nacre.testsupport.driver;

import dev.nacre.hw.gsp.RpcLayout.UpdateBarPde;
import dev.nacre.hw.mmu.GmmuV2;
import dev.nacre.hw.regs.VfMmu;
import dev.nacre.hw.rm.RpcFunction;

/**
 * Page tables for BAR2 and BAR1. Those of BAR2 are built through PRAMIN and handed over by RPC; those of BAR1 are built
 * through BAR2, and linked by writing into the directory that the firmware keeps for it.
 */
final class BarTables {
    private static final int BAR2_TYPE = 1;
    private static final long MIB = 1 << 20;

    /** Where in BAR2 and BAR1 the windows are: not at the physical address, so that it shows which is used. */
    private static final long BAR2_WINDOW = MIB;

    private static final long BAR1_WINDOW = 16 * MIB;

    private final Device device;
    private final Rpc rpc;
    private final VramPlan plan;
    private final StaticInfo info;

    BarTables(Device device, Rpc rpc, VramPlan plan, StaticInfo info) {
        this.device = device;
        this.rpc = rpc;
        this.plan = plan;
        this.info = info;
    }

    /** Maps the driver's pool of tables and small objects into BAR2. */
    BarWindow mapBar2() {
        PageTables.ToldRoot root = new PageTables.ToldRoot();
        PageTables tables = new PageTables(root, size -> plan.table(device.pramin), device.check);
        long half = plan.poolBytes() / 2;
        tables.mapVideo(BAR2_WINDOW, plan.pool(), half, PageTables.Page.SMALL);
        tables.mapVideo(BAR2_WINDOW + half, plan.pool() + half, half, PageTables.Page.BIG);
        updateBar2(root.entry());
        invalidate(0);
        BarWindow window = new BarWindow(device.bar2, BAR2_WINDOW, plan.pool(), plan.poolBytes());
        verify("BAR2, small pages", window, plan.pool() + half - MIB);
        verify("BAR2, big pages", window, plan.pool() + plan.poolBytes() - MIB);
        device.check.equal("BAR2 where nothing is mapped", -1, device.bar2.intAt(BAR2_WINDOW + plan.poolBytes()));
        return window;
    }

    /** Maps the driver's data into BAR1. */
    BarWindow mapBar1(VramAccess bar2) {
        device.check.equal("BAR1 where nothing is mapped", -1L, device.bar1.longAt(BAR1_WINDOW));
        PageTables.Table root = new PageTables.VideoTable(device.pramin, info.bar1PageDirectory());
        PageTables tables = new PageTables(root, size -> plan.table(bar2), device.check);
        tables.mapVideo(BAR1_WINDOW, plan.data(), plan.dataBytes(), PageTables.Page.HUGE);
        invalidate(info.bar1PageDirectory());
        BarWindow window = new BarWindow(device.bar1, BAR1_WINDOW, plan.data(), plan.dataBytes());
        verify("BAR1", window, plan.data() + 3 * MIB);
        return window;
    }

    /** Takes BAR2's tables away again. */
    void unmapBar2() {
        updateBar2(0);
        invalidate(0);
        device.check.equal("BAR2 without tables", -1, device.bar2.intAt(BAR2_WINDOW));
    }

    /** Has the board forget translations of a directory, or of all if it is 0. */
    void invalidate(long pageDirectory) {
        device.registers.write(VfMmu.INVALIDATE_PDB, (int) (pageDirectory >>> 8));
        device.registers.write(VfMmu.INVALIDATE_UPPER_PDB, (int) (pageDirectory >>> 40));
        int command = VfMmu.INVALIDATE_TRIGGER.mask() | VfMmu.INVALIDATE_ALL_VA.mask();
        device.registers.write(
                VfMmu.INVALIDATE, pageDirectory == 0 ? command | VfMmu.INVALIDATE_ALL_PDB.mask() : command);
        device.registers.await(VfMmu.INVALIDATE_TRIGGER, false);
    }

    private void updateBar2(long entry) {
        Words update = new Words(UpdateBarPde.BYTES);
        update.putInt(UpdateBarPde.BAR_TYPE, BAR2_TYPE);
        update.putLong(UpdateBarPde.ENTRY_VALUE, entry);
        update.putLong(
                UpdateBarPde.ENTRY_LEVEL_SHIFT,
                GmmuV2.FORMAT.directories().getFirst().lo());
        rpc.call(RpcFunction.UPDATE_BAR_PDE, update.bytes());
    }

    /** What goes in through the window must come out of PRAMIN, and the other way round. */
    private void verify(String name, VramAccess window, long address) {
        byte[] noise = device.noise((int) MIB);
        window.putBytes(address, noise);
        for (int at = 0; at < noise.length; at += 64 << 10) {
            byte[] seen = device.pramin.bytesAt(address + at, 64 << 10);
            byte[] part = java.util.Arrays.copyOfRange(noise, at, at + seen.length);
            device.check.equal(name + " is virtual: written through it, read by PRAMIN", part, seen);
        }
        device.pramin.putLong(address + 0xff8, 0x0f0f_1e1e_2d2d_3c3cL);
        device.check.equal(
                name + " is virtual: written by PRAMIN, read through it",
                0x0f0f_1e1e_2d2d_3c3cL,
                window.longAt(address + 0xff8));
    }
}
