package dev.nacre.testsupport.driver;

import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.gsp.RpcLayout;
import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.reg.RegArray;
import dev.nacre.hw.regs.Fuse;
import dev.nacre.hw.regs.Pbus;
import dev.nacre.hw.regs.Pfalcon;
import dev.nacre.hw.regs.Pfb;
import dev.nacre.hw.regs.Pgsp;
import dev.nacre.hw.regs.Psec;
import dev.nacre.hw.rm.RpcFunction;
import java.nio.charset.StandardCharsets;

/** Starts and stops the GSP firmware, in the order and with the checks of drivers of real hardware. */
final class Boot {
    private static final int APP_VERSION = 0x0570_0144;
    private static final int BOOTER_UCODE_ID = 3;
    private static final int BOOTER_ENGINE_ID_MASK = 1;
    private static final int BOOTER_SIGNATURE_OFFSET = 0x10;
    private static final int BOOTER_UNLOAD = 0xff;
    private static final int MAILBOX_UNLOADED = 0x8000_0000;
    private static final int ADDRESS_SHIFT = 12;

    /** The last 128 KiB of a region are where WPR2_ADDR_HI points. */
    private static final long WPR_GRANULE = 128 << 10;

    private final Device device;
    private final Registers registers;
    private final Check check;
    private final Vbios vbios;
    private final FbLayout fb;
    private final FirmwareLayout firmware;
    private final Falcon gsp;
    private final Falcon sec2;
    private final Rpc rpc;

    Boot(Device device, Vbios vbios, long fbBytes) {
        this.device = device;
        this.registers = device.registers;
        this.check = device.check;
        this.vbios = vbios;
        this.gsp = new Falcon("GSP", Pgsp.BASE, registers, check);
        this.sec2 = new Falcon("SEC2", Psec.BASE, registers, check);
        this.firmware = new FirmwareLayout(device.memory, device, fbBytes);
        this.fb = firmware.fb();
        this.rpc = new Rpc(firmware.queues(), registers, check);
    }

    FbLayout fb() {
        return fb;
    }

    Rpc rpc() {
        return rpc;
    }

    Falcon gsp() {
        return gsp;
    }

    /** Has FWSEC make the protected region that holds FRTS. */
    void frts() {
        registers.expect(Pfb.WPR2_ADDR_LO, 0);
        registers.expect(Pfb.WPR2_ADDR_HI, 0);
        registers.expect(gsp.at(Pfalcon.RISCV_CPUCTL_ACTIVE_STAT), false);
        runFwsec(FwsecUcode.Command.FRTS);
        registers.expect(Pbus.SW_SCRATCH_0E_FRTS_ERROR, 0);
        expectWpr2(fb.frts(), fb.frts() + FbLayout.FRTS_BYTES);
    }

    /** Brings the GSP's RISC-V core to where the booter finds it. */
    void resetGsp() {
        registers.write(Pgsp.QUEUE_HEAD.at(0), 0); // Ignored: there is no firmware yet.
        gsp.resetToRiscv(device.chip);
        long libos = firmware.libosAddress();
        gsp.write(Pfalcon.FALCON_MAILBOX0, (int) libos);
        gsp.write(Pfalcon.FALCON_MAILBOX1, (int) (libos >>> 32));
        // HW: nova-core starts the falcon core here with nothing loaded; it halts and leaves the mailboxes alone.
        gsp.start();
        registers.expect(gsp.at(Pfalcon.FALCON_MAILBOX0), (int) libos);
        registers.expect(gsp.at(Pfalcon.FALCON_MAILBOX1), (int) (libos >>> 32));
        registers.expect(gsp.at(Pfalcon.RISCV_CPUCTL_ACTIVE_STAT), false);
    }

    /** Puts the first two commands, which the firmware finds when it starts. */
    void prefillCommands() {
        rpc.send(RpcFunction.GSP_SET_SYSTEM_INFO, systemInfo());
        rpc.send(RpcFunction.SET_REGISTRY, registry());
        check.that("status queue before the boot", !firmware.queues().isStatusQueueMade(), "untouched", "made");
    }

    /** Has the booter load the firmware and release the GSP. */
    void load() {
        gsp.write(Pfalcon.FALCON_OS, APP_VERSION);
        long meta = firmware.wprMetaAddress();
        check.equal("mailbox of the booter", 0, runBooter((int) meta, (int) (meta >>> 32)));
        expectWpr2(fb.wprStart(), fb.wprEnd());
        registers.await(gsp.at(Pfalcon.RISCV_CPUCTL_ACTIVE_STAT), true);
        registers.expect(gsp.at(Pfalcon.FALCON_OS), APP_VERSION);
    }

    /** Waits for the firmware's first messages, which come without an interrupt. */
    void awaitInitDone() {
        Message sequencer = rpc.awaitEvent(RpcFunction.GSP_RUN_CPU_SEQUENCER);
        check.that(
                "payload of RUN_CPU_SEQUENCER",
                sequencer.payload().size() >= RpcLayout.RunCpuSequencer.BYTES,
                RpcLayout.RunCpuSequencer.BYTES + " bytes or more",
                sequencer.payload().size() + " bytes");
        check.equal("commands of RUN_CPU_SEQUENCER", 0, sequencer.payload().intAt(4));
        Message done = rpc.awaitEvent(RpcFunction.GSP_INIT_DONE);
        check.equal("result of INIT_DONE", 0, done.result());
        firmware.queues().checkStatusHeader();
        check.await("first commands taken", firmware.queues()::areCommandsTaken, () -> "not all");
        rpc.expectNoEvent();
        registers.expect(gsp.at(Pfalcon.FALCON_IRQSTAT_SWGEN0), false);
    }

    /** Tells the firmware to stop and takes the protected region away. */
    void unload() {
        Words payload = new Words(8);
        payload.putByte(RpcLayout.Unloading.IN_PM_TRANSITION, 0);
        Message reply = rpc.exchange(RpcFunction.UNLOADING_GUEST_DRIVER, payload.bytes());
        check.equal("RPC result of UNLOADING_GUEST_DRIVER", 0, reply.result());
        check.that(
                "payload of the reply to UNLOADING_GUEST_DRIVER",
                reply.payload().size() <= payload.size(),
                "none, or the request's",
                reply.payload().size() + " bytes");
        registers.await(gsp.at(Pfalcon.FALCON_MAILBOX0), "the firmware stops", raw -> (raw & MAILBOX_UNLOADED) != 0);
        runFwsec(FwsecUcode.Command.SB);
        registers.expect(Pbus.SW_SCRATCH_15_SB_ERROR, 0);
        check.differ("NV_PFB_PRI_MMU_WPR2_ADDR_HI before the booter", 0, registers.read(Pfb.WPR2_ADDR_HI));
        check.equal("mailbox of the booter", 0, runBooter(BOOTER_UNLOAD, BOOTER_UNLOAD));
        registers.expect(Pfb.WPR2_ADDR_LO, 0);
        registers.expect(Pfb.WPR2_ADDR_HI, 0);
        registers.expect(gsp.at(Pfalcon.RISCV_CPUCTL_ACTIVE_STAT), false);
    }

    private void runFwsec(FwsecUcode.Command command) {
        FwsecUcode fwsec = vbios.fwsec();
        Words signature = signature(fwsec);
        FalconUcode ucode = new FalconUcode(
                fwsec.imem(),
                fwsec.imemAddress(),
                fwsec.imemVirtualAddress(),
                fwsec.patched(command, signature, fb.frts(), FbLayout.FRTS_BYTES, check),
                fwsec.dmemAddress(),
                fwsec.signatureOffset(),
                fwsec.engineIdMask(),
                fwsec.ucodeId(),
                0);
        gsp.reset(device.chip);
        gsp.load(ucode, device.memory);
        check.equal("mailbox of FWSEC " + command, 0, gsp.run(0, 0));
    }

    private Words signature(FwsecUcode fwsec) {
        int version = fuseVersion(Fuse.OPT_FPF_GSP_UCODE_VERSION, fwsec.ucodeId());
        check.that(
                "FWSEC signature for fuse version " + version,
                ((fwsec.signatureVersions() >>> version) & 1) != 0,
                "present",
                "versions " + Check.hex(fwsec.signatureVersions()));
        int below = fwsec.signatureVersions() & ((1 << version) - 1);
        return fwsec.signatures().get(Integer.bitCount(below));
    }

    private int fuseVersion(RegArray fuses, int ucodeId) {
        Reg fuse = fuses.at(ucodeId - 1);
        return 32 - Integer.numberOfLeadingZeros(registers.read(fuse) & 0xffff);
    }

    private int runBooter(int mailbox0, int mailbox1) {
        check.equal("fuse version of the booter", 0, fuseVersion(Fuse.OPT_FPF_SEC2_UCODE_VERSION, BOOTER_UCODE_ID));
        sec2.reset(device.chip);
        Words code = new Words(device.noise(0x100));
        Words data = new Words(device.noise(0x200));
        sec2.load(
                new FalconUcode(
                        code,
                        0,
                        0x100,
                        data,
                        0,
                        BOOTER_SIGNATURE_OFFSET,
                        BOOTER_ENGINE_ID_MASK,
                        BOOTER_UCODE_ID,
                        0x100),
                device.memory);
        return sec2.run(mailbox0, mailbox1);
    }

    private void expectWpr2(long start, long end) {
        registers.expect(Pfb.WPR2_ADDR_LO_VAL, (int) (start >>> ADDRESS_SHIFT));
        registers.expect(Pfb.WPR2_ADDR_HI_VAL, (int) ((end - WPR_GRANULE) >>> ADDRESS_SHIFT));
    }

    private byte[] systemInfo() {
        // HW: GspSystemInfo of release 570, gsp_static_config.h
        Words info = new Words(GspVersion.R570_144.systemInfoBytes());
        info.putLong(0x00, device.config.barAddress(0));
        info.putLong(0x08, device.config.barAddress(1));
        info.putLong(0x10, device.config.barAddress(3));
        info.putLong(0x20, 4 << 3);
        info.putLong(0x48, 1L << 47);
        info.putInt(0x50, dev.nacre.hw.regs.Xve.MIRROR_BASE);
        info.putInt(0x54, dev.nacre.hw.regs.Xve.MIRROR_BYTES);
        return info.bytes();
    }

    /** One setting, with its name behind the table. */
    private static byte[] registry() {
        // HW: PACKED_REGISTRY_TABLE and PACKED_REGISTRY_ENTRY, gsp/nvoc and kernel_gsp.c
        byte[] name = "RMDevidCheckIgnore\0".getBytes(StandardCharsets.US_ASCII);
        Words table = new Words(8 + 16 + name.length);
        table.putInt(0, table.size());
        table.putInt(4, 1);
        table.putInt(8, 8 + 16);
        table.putByte(12, 1);
        table.putInt(16, 1);
        table.putInt(20, 4);
        table.putBytes(24, name);
        return table.bytes();
    }
}
