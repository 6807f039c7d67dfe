package dev.nacre.cli;

import dev.nacre.core.CoreException;
import dev.nacre.core.spi.VgpuScheduling;
import dev.nacre.core.spi.VgpuScheduling.Policy;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How virtual GPUs share engines, as people write it: a policy, and a time slice in milliseconds if they want. */
final class Scheduling implements ITypeConverter<VgpuScheduling> {
    @Override
    public VgpuScheduling convert(String text) {
        int colon = text.indexOf(':');
        String policy = colon < 0 ? text : text.substring(0, colon);
        try {
            return new VgpuScheduling(
                    Policy.valueOf(policy.toUpperCase(Locale.ROOT).replace('-', '_')),
                    colon < 0 ? 0 : Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException | CoreException e) {
            throw new TypeConversionException(
                    "'" + text + "' is no scheduling: write best-effort, equal-share or fixed-share:4");
        }
    }

    /** As people write it. */
    static String format(VgpuScheduling scheduling) {
        String policy = scheduling.policy().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return scheduling.sliceMs() == 0 ? policy : policy + ":" + scheduling.sliceMs();
    }
}
