package dev.nacre.daemon.api.json;

import io.avaje.jsonb.Json;

/**
 * Shares of the whole GPU's time in percent.
 *
 * @param graphicsPercent of the graphics engine's
 * @param copyPercent of the copy engines'
 * @param encoderPercent of the encoders'
 * @param decoderPercent of the decoders'
 */
@Json
public record UtilisationJson(
        double graphicsPercent, double copyPercent, double encoderPercent, double decoderPercent) {}
