package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/** {@code struct nacre_channel_info}. */
record ChannelInfo(int id, int engineObject) {
    private static final long ID = Abi.offset(Abi.CHANNEL_INFO, "id");
    private static final long ENGINE_OBJECT = Abi.offset(Abi.CHANNEL_INFO, "engine_object");

    static ChannelInfo of(MemorySegment info) {
        return new ChannelInfo(info.get(JAVA_INT, ID), info.get(JAVA_INT, ENGINE_OBJECT));
    }

    void to(MemorySegment info) {
        info.set(JAVA_INT, ID, id);
        info.set(JAVA_INT, ENGINE_OBJECT, engineObject);
    }
}
