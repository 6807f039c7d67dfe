package dev.nacre.daemon.host;

import dev.nacre.core.BoardInfo;
import dev.nacre.core.Core;
import dev.nacre.drm.DriverFeature;
import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.DrmDriver;
import dev.nacre.drm.DrmNode;
import dev.nacre.drm.kms.DisplayKms;
import dev.nacre.drm.nouveau.NouveauDriver;
import dev.nacre.drm.nova.NovaDriver;
import dev.nacre.drm.server.DrmServer;
import dev.nacre.drm.sysfs.ClientFolder;
import dev.nacre.linux.NativeException;
import dev.nacre.pci.bus.PciAddress;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * A board as a DRM device for programs of this host: the driver, the server, and the folder of what programs need. Any thread
 * may call.
 */
public final class DrmBoard implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DrmBoard.class.getName());

    private final DrmDriverName driver;
    private final ClientFolder folder;
    private final DrmDevice device;
    private final DrmServer server;

    /**
     * Attaches to a core and listens.
     *
     * @param core of the board
     * @param driver by which driver programs use it
     * @param address where programs find it
     * @param place its folder, which is there, and who may connect
     * @throws ServiceException if the folder cannot be used
     * @throws dev.nacre.core.CoreException if the core is in other hands, or cannot serve programs
     */
    DrmBoard(Core core, DrmDriverName driver, PciAddress address, BoardHost.Sockets place) {
        this.driver = driver;
        try {
            this.folder = new ClientFolder(place.folder());
        } catch (IllegalArgumentException e) {
            throw new ServiceException(ServiceError.INVALID, String.valueOf(e.getMessage()), e);
        }
        this.device = new DrmDevice(attach(core, driver), "pci:" + address);
        try {
            BoardInfo board = core.board();
            folder.write(driver.label(), address, board.pci(), nodes());
            this.server = DrmServer.start(folder.socket(), place.mode(), place.owner());
        } catch (IOException | NativeException | IllegalArgumentException e) {
            device.close();
            throw new ServiceException(
                    ServiceError.FAILED, "Cannot serve programs: folder=" + place.folder() + ": " + e.getMessage(), e);
        }
        server.add(0, device);
    }

    private static DrmDriver attach(Core core, DrmDriverName driver) {
        return switch (driver) {
            case NOUVEAU -> NouveauDriver.attach(core, DisplayKms::open);
            case NOVA -> new NovaDriver(core);
        };
    }

    private Set<DrmNode> nodes() {
        return device.has(DriverFeature.RENDER) ? EnumSet.allOf(DrmNode.class) : EnumSet.of(DrmNode.PRIMARY);
    }

    /** By which driver programs use the board. */
    public DrmDriverName driver() {
        return driver;
    }

    /** Whether programs can show something on the board's heads. */
    public boolean hasDisplay() {
        return device.has(DriverFeature.MODESET);
    }

    /** The folder of what programs need, {@link ClientFolder}. */
    public Path folder() {
        return folder.path();
    }

    /** How many files programs have open. */
    public int files() {
        return device.files().size();
    }

    /** Ends every file, and detaches from the core. Idempotent. */
    @Override
    public void close() {
        server.close();
        device.close();
        try {
            folder.remove();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Not removed: " + folder.path() + ": " + e);
        }
    }
}
