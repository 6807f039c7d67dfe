/* SPDX-License-Identifier: Apache-2.0 */
/* Registers that the core uses, by their names in NVIDIA's manuals: offsets in BAR 0 unless said otherwise. */
#ifndef NACRE_REGS_H
#define NACRE_REGS_H

/* Regions of a PCI function. */
#define REGION_REGISTERS 0u /* BAR 0 */
#define REGION_MEMORY 1u    /* BAR 1 */
#define REGION_CONFIG 7u    /* configuration space */
#define BAR0_BYTES 0x1000000u

/* HW: PCI Local Bus Specification 3.0, 6.1 and 6.7; PCI Express Base Specification, 7.9.2 and 9.3.3 (SR-IOV). */
#define PCI_COMMAND 0x04u
#define PCI_COMMAND_MEMORY (1u << 1)
#define PCI_COMMAND_MASTER (1u << 2)
#define PCI_ID 0x00u
#define PCI_REVISION 0x08u
#define PCI_BAR0 0x10u
#define PCI_SUBSYSTEM 0x2cu
#define PCI_CAPABILITIES 0x100u
#define PCI_CAPABILITY_SRIOV 0x0010u
#define PCI_SRIOV_TOTAL_VFS 0x0eu
#define PCI_SRIOV_VF_OFFSET 0x14u
#define PCI_SRIOV_BAR0 0x24u

/* HW: open-gpu-kernel-modules published/turing/tu102/dev_boot.h */
#define NV_PMC_BOOT_0 0x000000u
#define NV_PMC_BOOT_0_CHIPSET(boot_0) ((boot_0) >> 20 & 0x1ffu)
#define NV_PMC_BOOT_0_REVISION(boot_0) ((boot_0) & 0xffu)
#define NV_PMC_BOOT_1 0x000004u
#define NV_PMC_BOOT_1_VGPU (3u << 16)

/* HW: open-gpu-kernel-modules published/turing/tu102/dev_bus.h; scratch 0x0e, 0x15: nouveau nvkm/subdev/gsp/fwsec.c */
#define NV_PBUS_SW_SCRATCH_0E 0x001438u
#define NV_PBUS_SW_SCRATCH_15 0x001454u
#define NV_PBUS_BAR0_WINDOW 0x001700u
#define NV_PBUS_BAR0_WINDOW_SHIFT 16

/* HW: open-gpu-kernel-modules published/turing/tu102/dev_ram.h (PRAMIN) */
#define NV_PRAMIN 0x700000u
#define NV_PRAMIN_BYTES 0x100000u

/* HW: open-gpu-kernel-modules published/pascal/gp102/dev_flush.h */
#define NV_UFLUSH_FB_FLUSH 0x070000u
#define NV_UFLUSH_FB_FLUSH_PENDING (1u << 0)
#define NV_UFLUSH_FB_FLUSH_OUTSTANDING (1u << 1)

/* HW: open-gpu-kernel-modules published/ampere/ga100/dev_nv_xve.h; nouveau nvkm/subdev/pci/gk104.c */
#define NV_XVE_ROM_CTRL 0x088050u
#define NV_XVE_CYA_2 0x088704u
#define NV_XVE_MIRROR 0x088000u
#define NV_XVE_MIRROR_BYTES 0x1000u

/* HW: open-gpu-kernel-modules published/ampere/ga100/dev_fb.h, turing/tu102/dev_fb.h */
#define NV_PFB_NISO_FLUSH_SYSMEM_ADDR 0x100c10u
#define NV_PFB_NISO_FLUSH_SYSMEM_ADDR_HI 0x100c40u
#define NV_PFB_PRI_MMU_WPR2_ADDR_LO 0x1fa824u
#define NV_PFB_PRI_MMU_WPR2_ADDR_HI 0x1fa828u

/* HW: open-gpu-kernel-modules published/ampere/ga102/dev_gc6_island.h, dev_gc6_island_addendum.h */
#define NV_PGC6_BSI_SECURE_SCRATCH_14 0x1180f8u
#define NV_PGC6_BSI_SECURE_SCRATCH_14_HANDOFF (1u << 26)
#define NV_PGC6_GROUP_05_PRIV_LEVEL_MASK 0x118128u
#define NV_PGC6_GROUP_05_PRIV_LEVEL_MASK_READ (1u << 0)
#define NV_PGC6_GFW_BOOT 0x118234u
#define NV_PGC6_GFW_BOOT_PROGRESS 0xffu
#define NV_USABLE_FB_SIZE_IN_MB 0x1183a4u

/* HW: nouveau nvkm/subdev/gsp/tu102.c (where the VGA workspace is) */
#define NV_PDISP_VGA_WORKSPACE_BASE 0x625f04u
#define NV_PDISP_VGA_WORKSPACE_BASE_VALID (1u << 3)

/* HW: open-gpu-kernel-modules published/ampere/ga100/dev_fuse.h */
#define NV_FUSE_STATUS_OPT_DISPLAY 0x820c04u
#define NV_FUSE_STATUS_OPT_DISPLAY_DISABLED (1u << 0)
#define NV_FUSE_OPT_FPF_NVDEC_UCODE_VERSION 0x824100u
#define NV_FUSE_OPT_FPF_SEC2_UCODE_VERSION 0x824140u
#define NV_FUSE_OPT_FPF_GSP_UCODE_VERSION 0x8241c0u
#define NV_FUSE_UCODES 16u

/* HW: option ROM in BAR 0: nouveau nvkm/subdev/bios/shadowramin.c, shadowrom.c */
#define NV_PROM 0x300000u
#define NV_PROM_BYTES 0x100000u

/* HW: open-gpu-kernel-modules published/ampere/ga102/dev_gsp.h, dev_sec_pri.h */
#define NV_PGSP 0x110000u
#define NV_PGSP_QUEUE_HEAD 0x110c00u
#define NV_PSEC 0x840000u

/* HW: open-gpu-kernel-modules published/ampere/ga102/dev_falcon_v4.h, dev_fbif_v4.h, dev_falcon_second_pri.h,
 * dev_riscv_pri.h; relative to the falcon's base */
#define NV_PFALCON_FALCON_IRQSCLR 0x004u
#define NV_PFALCON_FALCON_IRQSTAT 0x008u
#define NV_PFALCON_FALCON_IRQSTAT_HALT (1u << 4)
#define NV_PFALCON_FALCON_IRQSTAT_SWGEN0 (1u << 6)
#define NV_PFALCON_FALCON_IRQMCLR 0x014u
#define NV_PFALCON_FALCON_MAILBOX0 0x040u
#define NV_PFALCON_FALCON_MAILBOX1 0x044u
#define NV_PFALCON_FALCON_ITFEN 0x048u
#define NV_PFALCON_FALCON_OS 0x080u
#define NV_PFALCON_FALCON_RM 0x084u
#define NV_PFALCON_FALCON_HWCFG2 0x0f4u
#define NV_PFALCON_FALCON_HWCFG2_MEM_SCRUBBING (1u << 12)
#define NV_PFALCON_FALCON_HWCFG2_RESET_READY (1u << 31)
#define NV_PFALCON_FALCON_CPUCTL 0x100u
#define NV_PFALCON_FALCON_CPUCTL_STARTCPU (1u << 1)
#define NV_PFALCON_FALCON_CPUCTL_HALTED (1u << 4)
#define NV_PFALCON_FALCON_CPUCTL_ALIAS_EN (1u << 6)
#define NV_PFALCON_FALCON_BOOTVEC 0x104u
#define NV_PFALCON_FALCON_HWCFG 0x108u
#define NV_PFALCON_FALCON_DMACTL 0x10cu
#define NV_PFALCON_FALCON_DMATRFBASE 0x110u
#define NV_PFALCON_FALCON_DMATRFMOFFS 0x114u
#define NV_PFALCON_FALCON_DMATRFCMD 0x118u
#define NV_PFALCON_FALCON_DMATRFCMD_FULL (1u << 0)
#define NV_PFALCON_FALCON_DMATRFCMD_IDLE (1u << 1)
#define NV_PFALCON_FALCON_DMATRFCMD_SECURE (1u << 2)
#define NV_PFALCON_FALCON_DMATRFCMD_IMEM (1u << 4)
#define NV_PFALCON_FALCON_DMATRFCMD_SIZE_256B (6u << 8)
#define NV_PFALCON_FALCON_DMATRFFBOFFS 0x11cu
#define NV_PFALCON_FALCON_DMATRFBASE1 0x128u
#define NV_PFALCON_FALCON_CPUCTL_ALIAS 0x130u
#define NV_PFALCON_FALCON_ENGINE 0x3c0u
#define NV_PFALCON_FALCON_ENGINE_RESET (1u << 0)
#define NV_PFALCON_FALCON_INTR_RETRIGGER 0x3e8u
#define NV_PFALCON_FBIF_TRANSCFG 0x600u
#define NV_PFALCON_FBIF_TRANSCFG_MASK 7u
#define NV_PFALCON_FBIF_TRANSCFG_COHERENT_PHYSICAL 5u
#define NV_PFALCON_FBIF_CTL 0x624u
#define NV_PFALCON_FBIF_CTL_ALLOW_PHYS_NO_CTX (1u << 7)
#define NV_PFALCON2_FALCON_MOD_SEL 0x1180u
#define NV_PFALCON2_FALCON_MOD_SEL_RSA3K 1u
#define NV_PFALCON2_FALCON_BROM_CURR_UCODE_ID 0x1198u
#define NV_PFALCON2_FALCON_BROM_ENGIDMASK 0x119cu
#define NV_PFALCON2_FALCON_BROM_PARAADDR0 0x1210u
#define NV_PRISCV_RISCV_CPUCTL 0x1388u
#define NV_PRISCV_RISCV_CPUCTL_ACTIVE (1u << 7)
#define NV_PRISCV_RISCV_IRQMASK 0x1528u
#define NV_PRISCV_RISCV_BCR_CTRL 0x1668u
#define NV_PRISCV_RISCV_BCR_CTRL_VALID (1u << 0)
#define NV_PRISCV_RISCV_BCR_CTRL_CORE_RISCV (1u << 4)
#define NV_PRISCV_RISCV_BCR_CTRL_BRFETCH (1u << 8)

/* Bits of a falcon's BROM_ENGIDMASK. HW: as above. */
#define FALCON_ENGINE_ID_SEC2 0x001u
#define FALCON_ENGINE_ID_NVDEC 0x004u
#define FALCON_ENGINE_ID_GSP 0x400u

/* HW: open-gpu-kernel-modules published/ampere/ga102/dev_vm.h, turing/tu102/dev_vm.h, at 0xb80000 */
#define NV_VF_PRIV_CPU_INTR_LEAF(i) (0xb81000u + 4u * (i))
#define NV_VF_PRIV_CPU_INTR_LEAF_EN_SET(i) (0xb81200u + 4u * (i))
#define NV_VF_PRIV_CPU_INTR_LEAF_EN_CLEAR(i) (0xb81400u + 4u * (i))
#define NV_VF_PRIV_CPU_INTR_TOP 0xb81600u
#define NV_VF_PRIV_CPU_INTR_TOP_EN_SET 0xb81608u
#define NV_VF_PRIV_CPU_INTR_TOP_EN_CLEAR 0xb81610u
#define INTR_LEAVES 8u
#define INTR_TOP_MASK 0xfu
#define INTR_VECTORS (INTR_LEAVES * 32u)
/* Calls a plugin: HW: vector 17 of the 32 of a function. */
#define NV_VF_PRIV_DOORBELL 0xb82200u
#define NV_VF_PRIV_DOORBELL_PLUGIN(gfid) (32u * (gfid) + 17u)
#define NV_VF_PRIV_MMU_INVALIDATE_PDB 0xb830a0u
#define NV_VF_PRIV_MMU_INVALIDATE_UPPER_PDB 0xb830a4u
#define NV_VF_PRIV_MMU_INVALIDATE 0xb830b0u
#define NV_VF_PRIV_MMU_INVALIDATE_ALL_VA (1u << 0)
#define NV_VF_PRIV_MMU_INVALIDATE_ALL_PDB (1u << 1)
#define NV_VF_PRIV_MMU_INVALIDATE_HUB_ONLY (1u << 2)
#define NV_VF_PRIV_MMU_INVALIDATE_TRIGGER (1u << 31)
#define NV_VF_DOORBELL 0xbb0090u

#endif
