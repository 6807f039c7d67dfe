package dev.nacre.daemon.state;

import java.util.UUID;

/**
 * A virtual GPU as it is kept over a restart.
 *
 * @param name its name, unique over all boards
 * @param uuid its id
 * @param board the name of its board
 * @param type the name of its type, such as {@code L40-2Q}
 * @param placement its placement id
 */
public record VgpuDefinition(String name, UUID uuid, String board, String type, int placement) {}
