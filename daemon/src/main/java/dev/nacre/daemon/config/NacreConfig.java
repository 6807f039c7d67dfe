package dev.nacre.daemon.config;

import dev.nacre.core.spi.VgpuScheduling;
import dev.nacre.daemon.host.DrmDriverName;
import dev.nacre.hw.chip.Chip;
import dev.nacre.linux.SocketOwner;
import dev.nacre.vfio.placement.PlacementMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the daemon is to be. All paths are absolute.
 *
 * @param runtime the folder of sockets and of the lock
 * @param state the folder of what is kept over a restart
 * @param types a folder with more types of virtual GPUs; empty for those of the product alone
 * @param api how it is spoken to
 * @param metrics whether it tells what it counts
 * @param boards its boards, one or more, each with a name of its own
 */
public record NacreConfig(
        Path runtime, Path state, Optional<Path> types, Api api, boolean metrics, List<BoardSettings> boards) {
    /** Takes the values. */
    public NacreConfig {
        boards = List.copyOf(boards);
    }

    /**
     * How the daemon is spoken to.
     *
     * @param socket path of the UNIX socket
     * @param tcp besides, over the network; empty for not at all
     */
    public record Api(SocketSettings socket, Optional<Tcp> tcp) {}

    /**
     * A socket, or a folder with sockets.
     *
     * @param path where
     * @param mode permission bits of the sockets
     * @param owner to whom sockets belong
     */
    public record SocketSettings(Path path, int mode, SocketOwner owner) {}

    /**
     * The API over TCP with TLS, for who has the token.
     *
     * @param host name or address to listen at
     * @param port from 1
     * @param certificate file with the certificate and its chain, PEM
     * @param key file with the private key, PEM
     * @param tokenFile file with the token
     */
    public record Tcp(String host, int port, Path certificate, Path key, Path tokenFile) {}

    /**
     * A board.
     *
     * @param name its name
     * @param chip its chip
     * @param fbBytes its memory
     * @param core the core's implementation
     * @param firmware a folder with the distribution's firmware; empty for the synthetic one
     * @param virtualFunctions how many virtual functions it has
     * @param scheduling how virtual GPUs share the engines
     * @param placement which types it takes at a time
     * @param sockets the folder of its virtual GPUs' sockets; for programs of this host, the folder in which it has its own
     * @param consoles the folder of sockets that show heads to VNC viewers; empty for none
     * @param drm the driver by which programs of this host use it; empty if it is there for virtual GPUs
     */
    public record BoardSettings(
            String name,
            Chip chip,
            long fbBytes,
            String core,
            Optional<Path> firmware,
            int virtualFunctions,
            VgpuScheduling scheduling,
            PlacementMode placement,
            SocketSettings sockets,
            Optional<SocketSettings> consoles,
            Optional<DrmDriverName> drm) {}
}
