package dev.nacre.daemon;

import dev.nacre.linux.NativeException;
import dev.nacre.linux.UnixDatagram;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** The service manager that has started the daemon, if it wants to be told how the daemon is: systemd, as sd_notify(3). */
final class ServiceManager {
    private static final System.Logger LOG = System.getLogger(ServiceManager.class.getName());

    private final Optional<String> socket;

    /** @param environment the process's */
    ServiceManager(Map<String, String> environment) {
        this.socket = Optional.ofNullable(environment.get("NOTIFY_SOCKET")).filter(it -> !it.isEmpty());
    }

    void ready(String status) {
        tell("READY=1\nSTATUS=" + status);
    }

    void stopping() {
        tell("STOPPING=1\nSTATUS=Stopping");
    }

    private void tell(String message) {
        socket.ifPresent(address -> {
            try {
                UnixDatagram.send(address, message.getBytes(StandardCharsets.UTF_8));
            } catch (NativeException | IllegalArgumentException e) {
                LOG.log(Level.WARNING, "The service manager cannot be told: " + e.getMessage());
            }
        });
    }
}
