package dev.nacre.board;

/**
 * What a head shows above its picture: a guest's pointer.
 *
 * @param x left side in the picture; may be negative
 * @param y top in the picture; may be negative
 * @param side pixels on each side, 32 to 256
 * @param hotX column that points; the guest may have put it outside
 * @param hotY row that points, likewise
 * @param pixels side x side of them, {@code 0xAARRGGBB}, colours already multiplied; alpha is what it takes of what lies
 *     behind. Not a copy; nobody else keeps them
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record PointerImage(int x, int y, int side, int hotX, int hotY, int[] pixels) {}
