package dev.nacre.cli.client;

import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.ServiceLoader;

/**
 * A class loader by which {@link ServiceLoader} finds the services that modules provide, and no others. After those it asks for
 * files in {@code META-INF/services}, for which the loader of the module path opens every jar: a seventh of what a short command
 * costs.
 */
final class ModulesOnly extends ClassLoader {
    ModulesOnly(ClassLoader parent) {
        super(parent);
    }

    @Override
    public Enumeration<URL> getResources(String name) {
        return Collections.emptyEnumeration();
    }
}
