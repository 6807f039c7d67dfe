package dev.nacre.cli;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes as people write them: a number with M or G, powers of two. */
final class Sizes implements ITypeConverter<Long> {
    private static final long MIB = 1L << 20;

    @Override
    public Long convert(String text) {
        String upper = text.strip().toUpperCase(Locale.ROOT).replaceFirst("I?B$", "");
        long unit = switch (upper.isEmpty() ? ' ' : upper.charAt(upper.length() - 1)) {
            case 'M' -> MIB;
            case 'G' -> 1024 * MIB;
            default -> throw new TypeConversionException("'" + text + "' is no size: write 512M or 2G");
        };
        try {
            return Math.multiplyExact(Long.parseLong(upper.substring(0, upper.length() - 1)), unit);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new TypeConversionException("'" + text + "' is no size: write 512M or 2G");
        }
    }

    /** A size as people write it. */
    static String format(long bytes) {
        return bytes % (1024 * MIB) == 0 ? bytes / (1024 * MIB) + "G" : bytes / MIB + "M";
    }
}
