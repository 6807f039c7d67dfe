package dev.nacre.coretck;

import dev.nacre.core.AddressSpace;
import dev.nacre.core.Attachment;
import dev.nacre.core.Bar1Mapping;
import dev.nacre.core.CeChannel;
import dev.nacre.core.Channel;
import dev.nacre.core.ChannelGroup;
import dev.nacre.core.ChannelIds;
import dev.nacre.core.ChannelMapping;
import dev.nacre.core.Core;
import dev.nacre.core.Display;
import dev.nacre.core.EventKind;
import dev.nacre.core.FbMemory;
import dev.nacre.core.GspClient;
import dev.nacre.core.MemoryObject;
import dev.nacre.core.Timeline;
import dev.nacre.core.VgpuPlugin;
import dev.nacre.core.spi.CoreProvider;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The rows of the report: every method of the core's interfaces, as {@code Attachment.allocFbMemory}, and every kind of
 * event, as {@code event FAULT}. What the interface gains becomes a row by itself, and one that no test covers is an error.
 */
final class Operations {
    private static final List<Class<?>> INTERFACES = List.of(
            CoreProvider.class,
            Core.class,
            Attachment.class,
            GspClient.class,
            ChannelIds.class,
            FbMemory.class,
            Bar1Mapping.class,
            CeChannel.class,
            ChannelMapping.class,
            AddressSpace.class,
            MemoryObject.class,
            ChannelGroup.class,
            Channel.class,
            Timeline.class,
            Display.class,
            VgpuPlugin.class);

    private Operations() {}

    /** All, in the report's order. */
    static List<String> all() {
        Stream<String> methods = INTERFACES.stream().flatMap(Operations::of);
        Stream<String> events = Arrays.stream(EventKind.values()).map(kind -> "event " + kind);
        return Stream.concat(methods, events).toList();
    }

    private static Stream<String> of(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                .map(Method::getName)
                .distinct()
                .sorted()
                .map(name -> type.getSimpleName() + "." + name);
    }
}
