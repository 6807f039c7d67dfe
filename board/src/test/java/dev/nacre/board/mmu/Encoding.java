package dev.nacre.board.mmu;

import dev.nacre.hw.mmu.GmmuV2;
import dev.nacre.hw.mmu.GmmuV3;
import dev.nacre.hw.mmu.PageTableFormat;

/** How drivers write the entries of a version of page tables. */
public enum Encoding {
    /** Up to Ada. */
    V2 {
        @Override
        PageTableFormat format() {
            return GmmuV2.FORMAT;
        }

        @Override
        long directory(boolean system, long table) {
            return (system ? GmmuV2.PDE_ADDRESS_SYS : GmmuV2.PDE_ADDRESS_VID)
                    .set(GmmuV2.PDE_APERTURE.set(0, system ? 2 : 1), table >>> 12);
        }

        @Override
        long bigDirectory(boolean system, long table) {
            return (system ? GmmuV2.DUAL_PDE_ADDRESS_BIG_SYS : GmmuV2.DUAL_PDE_ADDRESS_BIG_VID)
                    .set(GmmuV2.PDE_APERTURE.set(0, system ? 2 : 1), table >>> 8);
        }

        @Override
        long video(long address) {
            return GmmuV2.PTE_ADDRESS_VID.set(1, address >>> 12);
        }

        @Override
        long system(long address) {
            return GmmuV2.PTE_ADDRESS_SYS.set(GmmuV2.PTE_APERTURE.set(1, 2), address >>> 12);
        }

        @Override
        long sparse() {
            return GmmuV2.PTE_VOL.mask();
        }

        @Override
        long hidesSmall() {
            return GmmuV2.PTE_PRIVILEGE.mask();
        }
    },
    /** Hopper and Blackwell. */
    V3 {
        @Override
        PageTableFormat format() {
            return GmmuV3.FORMAT;
        }

        @Override
        long directory(boolean system, long table) {
            long entry = GmmuV3.PDE_APERTURE.set(0, system ? 2 : 1);
            int permissions = system ? GmmuV3.PDE_PCF_UNCACHED : GmmuV3.PDE_PCF_ATS_NOT_ALLOWED;
            return GmmuV3.PDE_ADDRESS.set(GmmuV3.PDE_PCF.set(entry, permissions), table >>> 12);
        }

        @Override
        long bigDirectory(boolean system, long table) {
            return GmmuV3.DUAL_PDE_ADDRESS_BIG.set(directory(system, 0), table >>> 8);
        }

        @Override
        long video(long address) {
            return GmmuV3.PTE_ADDRESS_VID.set(
                    GmmuV3.PTE_PCF.set(1, GmmuV3.PTE_PCF_ACCESS_COUNTER_DISABLED), address >>> 12);
        }

        @Override
        long system(long address) {
            long entry = GmmuV3.PTE_APERTURE.set(1, 2);
            int permissions = GmmuV3.PTE_PCF_UNCACHED | GmmuV3.PTE_PCF_ACCESS_COUNTER_DISABLED;
            return GmmuV3.PTE_ADDRESS_SYS.set(GmmuV3.PTE_PCF.set(entry, permissions), address >>> 12);
        }

        @Override
        long sparse() {
            return GmmuV3.PTE_PCF.set(0, GmmuV3.PTE_PCF_SPARSE);
        }

        @Override
        long hidesSmall() {
            return GmmuV3.PTE_PCF.set(0, GmmuV3.PTE_PCF_NO_VALID_4KB_PAGE);
        }
    };

    /** The format. */
    abstract PageTableFormat format();

    /** An entry that points to a directory or a table of small pages. */
    abstract long directory(boolean system, long table);

    /** The half of an entry that points to a table of big pages. */
    abstract long bigDirectory(boolean system, long table);

    /** An entry for a page in video memory. */
    abstract long video(long address);

    /** An entry for a page in system memory. */
    abstract long system(long address);

    /** An entry that is sparse. */
    abstract long sparse();

    /** An entry of a big page that hides its small pages. */
    abstract long hidesSmall();
}
