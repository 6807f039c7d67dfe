package dev.nacre.daemon.host;

import dev.nacre.core.Core;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.pci.bus.FunctionAccess;
import dev.nacre.pci.bus.PciIds;
import java.util.List;

/**
 * The core in Java, with something that happens before it boots a board.
 *
 * @param action may throw: then it does not boot
 */
record BeforeBoot(Runnable action) implements CoreProvider {
    private static final CoreProvider JAVA = CoreProvider.named("java");

    /** A plan with another core. */
    static BoardHost.Plan plan(BoardHost.Plan plan, CoreProvider provider) {
        return new BoardHost.Plan(
                plan.name(),
                plan.board(),
                provider,
                plan.core(),
                plan.types(),
                plan.manager(),
                plan.sockets(),
                plan.drm());
    }

    @Override
    public String name() {
        return JAVA.name();
    }

    @Override
    public List<String> chips() {
        return JAVA.chips();
    }

    @Override
    public boolean supports(PciIds ids) {
        return JAVA.supports(ids);
    }

    @Override
    public Core open(FunctionAccess function, CoreConfig config) {
        action.run();
        return JAVA.open(function, config);
    }
}
