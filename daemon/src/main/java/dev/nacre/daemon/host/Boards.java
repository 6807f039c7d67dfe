package dev.nacre.daemon.host;

import dev.nacre.vfio.manager.CreatableType;
import java.util.Comparator;
import java.util.List;

/** Chooses between boards. */
final class Boards {
    private Boards() {}

    /**
     * Those that know a type: first those with room for one more, and of these the one with the most memory left.
     *
     * @param type a type's name or id
     */
    static List<BoardHost> byRoom(List<BoardHost> hosts, String type) {
        return hosts.stream()
                .filter(host -> BoardTypes.find(host.plan().types(), type).isPresent())
                .map(host -> new Candidate(
                        host, hasRoom(host, type), BoardViews.memory(host).fbFreeBytes()))
                .sorted(Comparator.comparing(Candidate::hasRoom)
                        .thenComparingLong(Candidate::freeBytes)
                        .reversed())
                .map(Candidate::host)
                .toList();
    }

    private static boolean hasRoom(BoardHost host, String type) {
        return !host.isLost()
                && BoardTypes.find(
                                host.manager().stream()
                                        .flatMap(it -> it.creatable().stream())
                                        .map(CreatableType::type)
                                        .toList(),
                                type)
                        .isPresent();
    }

    private record Candidate(BoardHost host, boolean hasRoom, long freeBytes) {}
}
