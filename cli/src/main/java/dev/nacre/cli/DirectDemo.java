package dev.nacre.cli;

import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.BootPath;
import dev.nacre.testsupport.driver.DirectDriver;
import dev.nacre.testsupport.driver.DriverException;
import dev.nacre.testsupport.driver.VfioUserTransport;
import java.io.IOException;
import java.io.PrintWriter;

/** Drives a board through its socket with the built-in driver, where there is no guest to do it. */
final class DirectDemo {
    /** Any seed does; with this one two runs are the same. */
    private static final long SEED = 1;

    private final BoardConfig config;
    private final PrintWriter out;

    DirectDemo(BoardConfig config, PrintWriter out) {
        this.config = config;
        this.out = out;
    }

    /** Takes all the driver's steps; true if the board did what a driver expects. */
    boolean run() throws IOException {
        if (config.chip().bootPath() != BootPath.BOOTER) {
            out.println("The built-in driver starts a GSP by FWSEC and booter only: "
                    + config.chip().productName() + " needs the guest.");
            return false;
        }
        out.println("Without a guest: driving a software " + config.chip().productName()
                + " with the built-in driver over vfio-user ...");
        try (ServedBoard served = ServedBoard.startInOwnFolder(config);
                VfioUserTransport transport = new VfioUserTransport(served.socket());
                DirectDriver driver = new DirectDriver(
                        transport, DirectDriver.Options.of(config.chip(), SEED), (step, ok, detail) -> {
                            out.printf("  %-3s %-24s %s%n", ok ? "ok" : "no", step.title(), detail);
                            out.flush();
                        })) {
            driver.run();
            return true;
        } catch (DriverException e) {
            return false;
        }
    }
}
