package dev.nacre.board.state;

import dev.nacre.board.fb.Vram;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The saved state of a whole board: a magic number and a version, then groups by name (as {@link StateWriter} writes
 * them): the configuration, config space, one for each unit, and the pages of VRAM that are not zero; last a CRC-32C of
 * all that. Big-endian.
 */
public final class SavedBoard {
    private static final long MAGIC = 0x4e4143_5245_4244L << 8 | 1;
    private static final int TRAILER_BYTES = 4;
    private static final String CONFIG = "config";
    private static final String PCI = "pci";
    private static final String UNITS = "units";
    private static final String VRAM = "vram";
    private static final int PAGE_BYTES = 64 << 10;

    private SavedBoard() {}

    /**
     * Saves.
     *
     * @param config what only a board of the same may take
     * @param units all units
     * @param pci the image of config space
     * @param vram the board's memory
     */
    public static byte[] save(String config, List<Stateful> units, byte[] pci, Vram vram) {
        StateWriter all = new StateWriter();
        all.put(CONFIG, config.getBytes(StandardCharsets.UTF_8));
        all.put(PCI, pci);
        StateWriter groups = new StateWriter();
        for (Stateful unit : units) {
            StateWriter group = new StateWriter();
            unit.save(group);
            groups.put(unit.stateName(), group);
        }
        all.put(UNITS, groups);
        all.put(VRAM, pages(vram));
        byte[] body = all.toByteArray();
        ByteBuffer out = ByteBuffer.allocate(Long.BYTES + body.length + TRAILER_BYTES);
        out.putLong(MAGIC).put(body);
        return out.putInt(checksum(out.array(), Long.BYTES + body.length)).array();
    }

    /**
     * Restores units and memory, which have been reset.
     *
     * @return the image of config space
     * @throws StateException if it is damaged, or another board's
     */
    public static byte[] restore(byte[] saved, String config, List<Stateful> units, Vram vram) {
        int end = saved.length - TRAILER_BYTES;
        if (end < Long.BYTES || ByteBuffer.wrap(saved).getLong() != MAGIC) {
            throw new StateException("This is no saved board, or one of another version: length=" + saved.length);
        }
        if (ByteBuffer.wrap(saved, end, TRAILER_BYTES).getInt() != checksum(saved, end)) {
            throw new StateException("The saved board is damaged: its checksum does not fit");
        }
        StateReader all = new StateReader(java.util.Arrays.copyOfRange(saved, Long.BYTES, end));
        String from = new String(all.bytes(CONFIG), StandardCharsets.UTF_8);
        if (!from.equals(config)) {
            throw new StateException("The saved board is another one: saved=" + from + " this=" + config);
        }
        StateReader groups = all.group(UNITS);
        for (Stateful unit : units) {
            unit.restore(groups.group(unit.stateName()));
        }
        takePages(all.bytes(VRAM), vram);
        return all.bytes(PCI);
    }

    private static int checksum(byte[] bytes, int count) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, count);
        return (int) crc.getValue();
    }

    private static byte[] pages(Vram vram) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            DataOutputStream out = new DataOutputStream(bytes);
            MemorySegment zero = MemorySegment.ofArray(new byte[PAGE_BYTES]);
            for (long at = 0; at < vram.sizeBytes(); at += PAGE_BYTES) {
                MemorySegment page = vram.segment().asSlice(at, PAGE_BYTES);
                if (page.mismatch(zero) >= 0) {
                    out.writeLong(at);
                    out.write(page.toArray(ValueLayout.JAVA_BYTE));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void takePages(byte[] pages, Vram vram) {
        ByteBuffer in = ByteBuffer.wrap(pages);
        try {
            while (in.hasRemaining()) {
                long at = in.getLong();
                if (!vram.contains(at, PAGE_BYTES) || in.remaining() < PAGE_BYTES) {
                    throw new StateException("A saved page is impossible: address=" + at);
                }
                MemorySegment.copy(MemorySegment.ofArray(pages), in.position(), vram.segment(), at, PAGE_BYTES);
                in.position(in.position() + PAGE_BYTES);
            }
        } catch (BufferUnderflowException e) {
            throw new StateException("The saved memory is cut off: length=" + pages.length);
        }
    }
}
