package dev.nacre.daemon.host;

import dev.nacre.daemon.state.VgpuDefinition;
import dev.nacre.vfio.manager.Vgpu;
import dev.nacre.vfio.manager.VgpuManager;
import dev.nacre.vfio.manager.VgpuSpec;
import dev.nacre.vfio.type.CatalogType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Brings back virtual GPUs that are kept: at the daemon's start, when one has failed, when its board was reset. */
final class VgpuRestore {
    private final EventLog events;

    VgpuRestore(EventLog events) {
        this.events = events;
    }

    /** Brings one back, or notes why not. */
    void bringBackOrFail(VgpuEntry entry) {
        try {
            bringBack(entry);
        } catch (ServiceException e) {
            // Noted, and told as an event.
        }
    }

    /**
     * Brings one back.
     *
     * @throws ServiceException why not; it has failed then
     */
    void bringBack(VgpuEntry entry) {
        try {
            entry.broughtBack(create(entry));
        } catch (ServiceException e) {
            failed(entry, e);
            throw e;
        }
    }

    private static Vgpu create(VgpuEntry entry) {
        VgpuDefinition definition = entry.definition();
        BoardHost host = entry.host()
                .orElseThrow(() -> new ServiceException(
                        ServiceError.FAILED, "The configuration has no board " + definition.board()));
        VgpuManager _ = host.requireManager();
        CatalogType type = BoardTypes.find(host.plan().types(), definition.type())
                .orElseThrow(() -> new ServiceException(
                        ServiceError.FAILED, "Board " + host.name() + " has no type " + definition.type()));
        return host.create(new VgpuSpec(
                definition.name(),
                type.id(),
                Optional.of(definition.uuid()),
                OptionalInt.empty(),
                OptionalInt.of(definition.placement())));
    }

    private void failed(VgpuEntry entry, ServiceException cause) {
        String reason = String.valueOf(cause.getMessage());
        entry.failed(reason);
        events.add(
                ServiceEvent.Kind.VGPU_STATE,
                EventLog.Subject.vgpu(entry.definition().board(), entry.name()),
                entry.name() + " is failed: " + reason,
                Map.of("from", "defined", "to", "failed", "reason", reason));
    }

    /**
     * Boots a board again, and brings its virtual GPUs back. Nobody creates one on it meanwhile.
     *
     * @param all the virtual GPUs of the board
     * @throws ServiceException as {@link BoardHost#restart}
     */
    void restart(BoardHost host, List<VgpuEntry> all) {
        List<VgpuEntry> held = new ArrayList<>();
        try {
            for (VgpuEntry entry : all) {
                entry.operation.lock();
                held.add(entry);
            }
            host.restart();
            for (VgpuEntry entry : held) {
                if (!entry.forgotten) {
                    entry.gone();
                    bringBackOrFail(entry);
                }
            }
        } finally {
            held.reversed().forEach(entry -> entry.operation.unlock());
        }
    }
}
