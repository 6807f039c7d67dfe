package dev.nacre.daemon.host;

import dev.nacre.daemon.host.EventLog.Subject;
import dev.nacre.daemon.log.LogContext;
import dev.nacre.daemon.recording.Recordings;
import dev.nacre.vfio.manager.Vgpu;
import dev.nacre.vfio.manager.VgpuEvent;
import dev.nacre.vfio.manager.VgpuState;
import dev.nacre.vfiouser.ClientInfo;
import dev.nacre.vfiouser.ConnectionCounts;
import dev.nacre.vfiouser.ServerListener;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Turns what happens on a board into events, and keeps account of who is connected. */
final class BoardEvents {
    private final String board;
    private final EventLog log;
    private final Set<String> connected;

    /** @param connected names of virtual GPUs with a VMM, kept up to date; any thread reads it */
    BoardEvents(String board, EventLog log, Set<String> connected) {
        this.board = board;
        this.log = log;
        this.connected = connected;
    }

    void running() {
        log.add(
                ServiceEvent.Kind.BOARD_STATE,
                Subject.board(board),
                "Board " + board + " runs",
                Map.of("state", "running"));
    }

    void lost(String reason) {
        log.add(
                ServiceEvent.Kind.BOARD_STATE,
                Subject.board(board),
                "Board " + board + " is lost: " + reason,
                Map.of("state", "lost", "reason", reason));
    }

    void injected(Subject subject, InjectedFault fault) {
        Recordings.fault(board, subject.vgpu().orElse(""), fault.label());
        log.add(
                ServiceEvent.Kind.FAULT_INJECTED,
                subject,
                subject.vgpu().orElse(board) + ": fault " + fault.label() + " was made to happen",
                Map.of("fault", fault.label()));
    }

    void accept(VgpuEvent event) {
        Vgpu vgpu = event.vgpu();
        Subject subject = Subject.vgpu(board, vgpu.name());
        switch (event) {
            case VgpuEvent.Created it ->
                log.add(
                        ServiceEvent.Kind.VGPU_CREATED,
                        subject,
                        vgpu.name() + " was created, type " + vgpu.type().name(),
                        Map.of(
                                "uuid",
                                vgpu.uuid().toString(),
                                "type",
                                vgpu.type().name()));
            case VgpuEvent.StateChanged it -> stateChanged(subject, it);
            case VgpuEvent.Notice it -> {
                Recordings.pluginMessage(board, vgpu.name(), it.index());
                log.add(
                        ServiceEvent.Kind.VGPU_NOTICE,
                        subject,
                        vgpu.name() + ": its plugin says " + it.index(),
                        Map.of("index", Integer.toString(it.index())));
            }
            case VgpuEvent.Removed it ->
                log.add(ServiceEvent.Kind.VGPU_REMOVED, subject, vgpu.name() + " was removed", Map.of());
        }
    }

    private void stateChanged(Subject subject, VgpuEvent.StateChanged event) {
        Map<String, String> details = new HashMap<>();
        details.put("from", event.from().label());
        details.put("to", event.to().label());
        String text = event.vgpu().name() + " is " + event.to().label();
        if (event.to() instanceof VgpuState.Failed(String reason)) {
            details.put("reason", reason);
            text += ": " + reason;
        }
        Recordings.vgpuState(
                board,
                event.vgpu().name(),
                event.from().label(),
                event.to().label(),
                details.getOrDefault("reason", ""));
        log.add(ServiceEvent.Kind.VGPU_STATE, subject, text, details);
    }

    /** Told of the clients of a virtual GPU's server. */
    ServerListener clients(String vgpu) {
        return new Clients(vgpu);
    }

    /** One virtual GPU's clients. */
    private final class Clients implements ServerListener {
        private final String vgpu;
        private final Subject subject;

        Clients(String vgpu) {
            this.vgpu = vgpu;
            this.subject = Subject.vgpu(board, vgpu);
        }

        @Override
        public void connected(ClientInfo client) {
            LogContext.threadOfVgpu(vgpu);
            connected.add(vgpu);
            log.add(ServiceEvent.Kind.CLIENT_CONNECTED, subject, vgpu + ": a VMM has connected", Map.of());
        }

        @Override
        public void disconnected(ConnectionCounts counts) {
            // Also told of one that never introduced itself.
            if (connected.remove(vgpu)) {
                log.add(
                        ServiceEvent.Kind.CLIENT_DISCONNECTED,
                        subject,
                        vgpu + ": its VMM has gone",
                        Map.of(
                                "messages", Long.toString(counts.messages()),
                                "rejected", Long.toString(counts.rejected())));
            }
        }

        @Override
        public void reset(ResetCause cause) {
            Recordings.guestReset(board, vgpu, cause.name().toLowerCase(Locale.ROOT));
        }

        @Override
        public void slow(String command, long ns) {
            Recordings.slowRequest(board, vgpu, command, ns);
        }

        @Override
        public void warning(String text) {
            log.add(ServiceEvent.Kind.CLIENT_WARNING, subject, vgpu + ": " + text, Map.of());
        }
    }
}
