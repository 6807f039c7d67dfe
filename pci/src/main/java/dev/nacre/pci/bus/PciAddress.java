package dev.nacre.pci.bus;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a function is.
 *
 * @param domain 0 to 0xffff
 * @param bus 0 to 0xff
 * @param device 0 to 0x1f
 * @param function 0 to 7
 */
public record PciAddress(int domain, int bus, int device, int function) implements Comparable<PciAddress> {
    private static final Pattern TEXT =
            Pattern.compile("(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,2}):([01]?[0-9a-f])\\.([0-7])", Pattern.CASE_INSENSITIVE);

    /** Makes an address. @throws IllegalArgumentException if a part is out of range */
    public PciAddress {
        check("domain", domain, 0xffff);
        check("bus", bus, 0xff);
        check("device", device, 0x1f);
        check("function", function, 7);
    }

    /**
     * Reads an address as {@code lspci} writes it.
     *
     * @param text such as {@code 0000:01:00.0}, or without the domain
     * @throws IllegalArgumentException if it is none
     */
    public static PciAddress parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("Not a PCI address such as 0000:01:00.0: " + text);
        }
        int domain = parts.group(1) == null ? 0 : Integer.parseInt(parts.group(1), 16);
        return new PciAddress(
                domain,
                Integer.parseInt(parts.group(2), 16),
                Integer.parseInt(parts.group(3), 16),
                Integer.parseInt(parts.group(4)));
    }

    /**
     * The address that lies so many functions behind this one, as those of virtual functions do.
     *
     * @param functions 0 or more
     * @throws IllegalArgumentException if the domain ends before
     */
    public PciAddress plus(int functions) {
        // HW: PCI Express base specification, "Routing ID": bus in bits 15:8, device in 7:3, function in 2:0
        int routingId = (bus << 8 | device << 3 | function) + functions;
        return new PciAddress(domain, routingId >> 8, routingId >> 3 & 0x1f, routingId & 7);
    }

    @Override
    public int compareTo(PciAddress other) {
        return Long.compare(key(), other.key());
    }

    /** As {@code lspci -D} writes it. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%04x:%02x:%02x.%d", domain, bus, device, function);
    }

    private long key() {
        return (long) domain << 16 | bus << 8 | device << 3 | function;
    }

    private static void check(String name, int value, int most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException("PCI " + name + " is not 0 to " + most + ": " + value);
        }
    }
}
