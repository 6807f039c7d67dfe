package dev.nacre.board;

/**
 * How large a head's picture is.
 *
 * @param width pixels in a row, at least 1
 * @param height rows, at least 1
 */
public record PictureSize(int width, int height) {}
