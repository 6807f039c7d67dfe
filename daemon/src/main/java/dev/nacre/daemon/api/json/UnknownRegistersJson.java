package dev.nacre.daemon.api.json;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What drivers asked for and nobody models.
 *
 * @param registers by offset
 * @param calls by name
 * @param guests the same of virtual GPUs that run, by virtual function
 */
@Json
public record UnknownRegistersJson(List<Register> registers, List<Call> calls, List<Guest> guests) {
    /**
     * A register.
     *
     * @param offset in BAR 0, in hexadecimal
     * @param name null if it is not known
     * @param reads how often it was read
     * @param writes how often it was written
     * @param lastValue what was written last, in hexadecimal
     */
    @Json
    public record Register(String offset, @Nullable String name, long reads, long writes, String lastValue) {}

    /**
     * Something that the firmware was asked for.
     *
     * @param name what
     * @param count how often
     */
    @Json
    public record Call(String name, long count) {}

    /**
     * What the driver in one virtual GPU asked for.
     *
     * @param function the virtual function, from 0
     * @param registers by offset
     * @param calls by name
     */
    @Json
    public record Guest(int function, List<Register> registers, List<Call> calls) {}
}
