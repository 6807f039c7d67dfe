package dev.nacre.corec;

import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.pci.bus.FunctionAccess;
import dev.nacre.pci.bus.PciIds;
import java.util.List;

/** The core in C: {@code libnacre_core.so}, which this module carries and loads when it is first asked for something. */
public final class NativeCoreProvider implements CoreProvider {
    /** Makes it; nothing is loaded yet. */
    public NativeCoreProvider() {}

    @Override
    public String name() {
        return "c";
    }

    @Override
    public List<String> chips() {
        return CoreLibrary.bundled().chips();
    }

    @Override
    public boolean supports(PciIds ids) {
        return CoreLibrary.bundled().supports(ids);
    }

    /**
     * As {@link CoreProvider#open}. The core binds the function's first message-signalled interrupt; it throws
     * {@link CoreException} with {@link CoreError#NOT_SUPPORTED} also for a library that does not fit this module.
     */
    @Override
    public Core open(FunctionAccess function, CoreConfig config) {
        return CoreLibrary.bundled().open(function, config);
    }
}
