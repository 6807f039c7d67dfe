/**
 * The memory management unit: walks page tables, keeps translations, and shows memory to its users as spaces of virtual
 * or physical addresses. BAR1 and BAR2 are such users.
 */
package dev.nacre.board.mmu;
