package dev.nacre.testsupport.guest.image;

import dev.nacre.testsupport.guest.host.KitException;
import java.io.IOException;
import java.io.InputStream;

/** Files that come with this module: the init script and the sources of the guest's programs. */
final class Resources {
    private Resources() {}

    /** The content of a resource beside this class. */
    static byte[] read(String name) {
        try (InputStream in = Resources.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new AssertionError("The module lacks its resource " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw KitException.because("Cannot read the resource " + name, e);
        }
    }
}
