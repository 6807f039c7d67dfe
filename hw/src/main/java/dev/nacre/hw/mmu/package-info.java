/** Formats of the memory management unit's page directories and tables, one class per version. */
package dev.nacre.hw.mmu;
