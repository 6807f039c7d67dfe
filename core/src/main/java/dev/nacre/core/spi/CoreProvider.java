package dev.nacre.core.spi;

import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.pci.bus.FunctionAccess;
import dev.nacre.pci.bus.PciIds;
import java.util.List;
import java.util.ServiceLoader;

/** An implementation of the core; found as a service. */
public interface CoreProvider {
    /** Its name for the switch that chooses it: {@code java}, {@code c}. */
    String name();

    /** The chips that it can boot, by name, such as {@code AD102}, in order. */
    List<String> chips();

    /** Whether it knows a function by its configuration space. A chip that it does not know may still be refused later. */
    boolean supports(PciIds ids);

    /**
     * Boots a GPU and takes it over.
     *
     * @param function the GPU, which nothing else drives; it stays the caller's, who closes it after the core
     * @throws CoreException if the GPU cannot be driven, with a reason for people; it has been left as after a reset
     */
    Core open(FunctionAccess function, CoreConfig config);

    /** All implementations that are there, by name. */
    static List<CoreProvider> all() {
        return ServiceLoader.load(CoreProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(java.util.Comparator.comparing(CoreProvider::name))
                .toList();
    }

    /**
     * The implementation with a name.
     *
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} naming those that are there
     */
    static CoreProvider named(String name) {
        List<CoreProvider> all = all();
        return all.stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new CoreException(
                        CoreError.INVALID_ARGUMENT,
                        "There is no such core: core=" + name + " allowed="
                                + String.join(
                                        "|",
                                        all.stream().map(CoreProvider::name).toList())));
    }
}
