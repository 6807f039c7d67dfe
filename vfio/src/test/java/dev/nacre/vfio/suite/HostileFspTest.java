package dev.nacre.vfio.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.BoardConfig;
import dev.nacre.core.Core;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.fsp.FmcBootParams;
import dev.nacre.hw.fsp.FspCot;
import dev.nacre.hw.fsp.FspPacket;
import dev.nacre.hw.gsp.BootLayout;
import dev.nacre.hw.regs.Pfsp;
import dev.nacre.pci.PciFunction;
import dev.nacre.vfio.scrub.GuestWork;
import dev.nacre.vfio.testing.Bystanders;
import dev.nacre.vfio.testing.GuestQueues;
import dev.nacre.vfio.testing.TappedFunction;
import dev.nacre.vfio.testing.VgpuHost;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a guest tells its FSP, on the chips that have one, concerns nobody else, and a reset mends it. */
class HostileFspTest {
    private static final long GIB = 1L << 30;
    private static final long OWN = 0x7f_0000_0000L;
    private static final int OWN_BYTES = 1 << 20;
    private static final int DESCRIPTION = 0x1000;
    private static final int LIBOS = 0x2000;
    private static final long FIRMWARE_ALIGNMENT = 1 << 20;

    // HW: nouveau nvkm/falcon/ga100.c and open-gpu-kernel-modules dev_fsp_pri.h: NV_PFSP_EMEMC: AINCW
    private static final int AUTO_INCREMENT_WRITE = 1 << 24;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Test
    void anyMessagesHarmNobodyElse() throws Exception {
        // The one in C does not drive these chips.
        String core = "java";
        BoardConfig config = new BoardConfig(Chip.GB202, 16 * GIB, 0, 2);
        try (Bystanders others = new Bystanders(core, config, "DC-4Q")) {
            VgpuHost host = others.host();
            var place = host.serve("bad", "DC-4Q").vgpu().place();
            try (TappedFunction bad = host.tap("bad")) {
                bad.writeInt(PciFunction.CONFIG_REGION, 4, 6);
                MemorySegment arguments = bad.own(OWN, OWN_BYTES);
                Random random = new Random(4716);
                for (int i = 0; i < 400; i++) {
                    long outside = others.places().get(i % 2) - place.fbOffset();
                    describe(arguments, outside, random);
                    switch (i % 4) {
                        case 0 -> send(bad, packet(random, random.nextInt(Pfsp.CHANNEL_BYTES / 4) * 4), random);
                        case 1 -> send(bad, chainOfTrust(random, OWN, outside), random);
                        case 2 -> send(bad, chainOfTrust(random, random.nextLong(), random.nextLong()), random);
                        default -> handOver(bad, random.nextInt(8), random.nextInt(), random.nextInt());
                    }
                }
                bad.readInt(PciFunction.CONFIG_REGION, 0);

                others.assertUnharmed();
                bad.crash();
                try (Core again = host.boot(core, bad);
                        GuestWork work = new GuestWork(again)) {
                    assertThat(work.fills()).isTrue();
                }
            }
        }
    }

    /** Describes firmware of which much, but not all, is anything, or lies in another's memory. */
    private static void describe(MemorySegment own, long outside, Random random) {
        own.set(GuestQueues.INT, FmcBootParams.IS_GSP_RM_BOOT, random.nextInt(4));
        own.set(GuestQueues.INT, FmcBootParams.BOOT_TARGET, FmcBootParams.TARGET_COHERENT_SYSTEM);
        own.set(GuestQueues.INT, FmcBootParams.RM_TARGET, FmcBootParams.TARGET_COHERENT_SYSTEM);
        own.set(LONG, FmcBootParams.GSP_RM_DESC_OFFSET, OWN + DESCRIPTION);
        own.set(LONG, FmcBootParams.RM_BOOT_ARGS_OFFSET, random.nextInt(8) == 0 ? outside : OWN + LIBOS);
        for (int at = 0; at < BootLayout.WPR_META_BYTES; at += Long.BYTES) {
            long value = random.nextBoolean() ? outside : random.nextLong() >>> random.nextInt(64);
            own.set(LONG, DESCRIPTION + at, value & -FIRMWARE_ALIGNMENT);
            own.set(LONG, LIBOS + at, random.nextLong());
        }
        own.set(LONG, DESCRIPTION, random.nextInt(8) == 0 ? BootLayout.SR_META_MAGIC : BootLayout.WPR_META_MAGIC);
        own.set(LONG, DESCRIPTION + BootLayout.WPR_REVISION, BootLayout.WPR_META_REVISION);
        own.set(LONG, LIBOS, BootLayout.LIBOS_RMARGS);
    }

    private static byte[] packet(Random random, int bytes) {
        byte[] packet = new byte[bytes];
        random.nextBytes(packet);
        return packet;
    }

    /** A message of the right form that starts the GSP with arguments anywhere. */
    private static byte[] chainOfTrust(Random random, long arguments, long frts) {
        byte[] bytes = packet(random, FspPacket.PAYLOAD + FspCot.BYTES);
        MemorySegment packet = MemorySegment.ofArray(bytes);
        packet.set(GuestQueues.INT, FspPacket.MCTP_HEADER, FspPacket.MCTP_SINGLE_PACKET);
        packet.set(GuestQueues.INT, FspPacket.NVDM_HEADER, FspPacket.nvdmHeader(FspPacket.NVDM_TYPE_COT));
        int payload = FspPacket.PAYLOAD;
        packet.set(GuestQueues.INT, payload + FspCot.VERSION, FspCot.BLACKWELL.version() | FspCot.BYTES << 16);
        packet.set(LONG, payload + FspCot.FRTS_VIDMEM_OFFSET, frts);
        packet.set(LONG, payload + FspCot.GSP_BOOT_ARGS_SYSMEM_OFFSET, arguments);
        return bytes;
    }

    private static void send(TappedFunction function, byte[] packet, Random random) {
        MemorySegment words = MemorySegment.ofArray(packet);
        function.writeInt(0, Pfsp.EMEMC.at(0).offset(), AUTO_INCREMENT_WRITE);
        for (int at = 0; at < packet.length; at += 4) {
            function.writeInt(0, Pfsp.EMEMD.at(0).offset(), words.get(GuestQueues.INT, at));
        }
        handOver(function, 0, 0, random.nextInt(8) == 0 ? random.nextInt() : packet.length - 4);
    }

    private static void handOver(TappedFunction function, int queue, int head, int tail) {
        function.writeInt(0, Pfsp.QUEUE_TAIL.at(queue).offset(), tail);
        function.writeInt(0, Pfsp.QUEUE_HEAD.at(queue).offset(), head);
    }
}
