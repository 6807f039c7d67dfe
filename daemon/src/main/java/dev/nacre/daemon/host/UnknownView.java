package dev.nacre.daemon.host;

import dev.nacre.board.Board;
import dev.nacre.board.UnknownRegister;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What drivers asked of a board and nobody models, since it was made.
 *
 * @param registers registers, by address
 * @param calls how often the firmware was asked for something that it does not know, by name
 * @param guests the same of the virtual GPUs that run, by their virtual function from 0
 */
public record UnknownView(
        List<UnknownRegister> registers, Map<String, Long> calls, SortedMap<Integer, Board.GuestUnknowns> guests) {}
