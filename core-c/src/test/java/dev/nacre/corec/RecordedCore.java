package dev.nacre.corec;

import dev.nacre.core.BoardInfo;
import dev.nacre.core.Capability;
import dev.nacre.core.Client;
import dev.nacre.core.Core;
import dev.nacre.core.Engine;
import dev.nacre.core.EngineType;
import dev.nacre.core.FbRequest;
import dev.nacre.core.GspLog;
import dev.nacre.core.MapRequest;
import dev.nacre.core.Placement;
import dev.nacre.core.VgpuGuestInfo;
import dev.nacre.core.VgpuRequest;
import dev.nacre.core.VgpuSurface;
import dev.nacre.core.VgpuUsage;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.pci.bus.PciIds;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A core that does nothing but write down what it is asked for. What it answers follows from the question alone, so that
 * two of them that are asked the same answer the same.
 */
final class RecordedCore {
    static final BoardInfo BOARD = new BoardInfo(
            "AD102",
            "A board whose name fits exactly into the header's field of them",
            "GPU-01234567-89ab-cdef-0123-456789abcdef",
            "570.144",
            24L << 30,
            List.of(new BoardInfo.FbRegion(1L << 20, 23L << 30), new BoardInfo.FbRegion(1L << 33, 4096)),
            256L << 20,
            32L << 20,
            true,
            2048,
            1536,
            new PciIds(0x10de, 0x26b5, 0x10de, 0x169d, 0x030000, 0xa1),
            new BoardInfo.Silicon(0x192, 0xa1, 12, 72));
    static final List<Engine> ENGINES = List.of(
            new Engine(EngineType.GRAPHICS, 0, 1, List.of(0x902d, 0xa140, 0xc7b5, 0xc997, 0xc9c0)),
            new Engine(EngineType.COPY, 0, 9, List.of(0xc7b5)),
            new Engine(EngineType.VIDEO_DECODE, 2, 21));

    /** What it was asked, but for plain questions of what something is. */
    final List<String> asked = new ArrayList<>();

    final List<Client> clients = new ArrayList<>();

    /** What operations throw, by their name. */
    final Map<String, RuntimeException> failures = new HashMap<>();

    private int made;

    Core core() {
        return Core.class.cast(make(Core.class, new Object[0]));
    }

    private Object make(Class<?> type, Object[] from) {
        String name = type.getSimpleName() + "#" + ++made;
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
            Object[] arguments = given == null ? new Object[0] : given;
            if (method.getName().equals("toString")) {
                return name;
            }
            boolean isQuestion = arguments.length == 0
                    && method.getReturnType() != void.class
                    && !AutoCloseable.class.isAssignableFrom(method.getReturnType());
            if (!isQuestion) {
                asked.add(name + "." + method.getName() + "(" + text(method, arguments) + ")");
            }
            RuntimeException failure = failures.get(method.getName());
            if (failure != null) {
                throw failure;
            }
            return answer(method, arguments, from);
        });
    }

    private @Nullable Object answer(Method method, Object[] arguments, Object[] from) {
        Stream.of(arguments)
                .filter(Client.class::isInstance)
                .map(Client.class::cast)
                .forEach(clients::add);
        return switch (method.getName()) {
            case "implementation" -> "recorded";
            case "board" -> BOARD;
            case "engines" -> ENGINES;
            case "capabilities" -> EnumSet.complementOf(EnumSet.of(Capability.DISPLAY));
            case "owner" -> clients.stream().map(Client::kind).findFirst();
            case "version" -> 1;
            case "gspLogs" -> List.of(new GspLog("init", new byte[] {1, 2, 3}), new GspLog("rm", new byte[0]));
            case "guestInfo" -> new VgpuGuestInfo(true, "Linux nouveau 6.17", 1L << 40);
            case "surfaces" ->
                List.of(
                        new VgpuSurface(0, 1920, 1080, 7680, 1L << 20, 1920 * 1080 * 4L, 0xcf, false, 0),
                        new VgpuSurface(3, 640, 480, 256, 1L << 33, 1L << 32, 0xe6, true, 4));
            case "usage" -> new VgpuUsage(3L << 32, 1, 20, 300, 10_000);
            case "logs" -> List.of(new GspLog("init", new byte[] {4, 5}), new GspLog("kernel", new byte[0]));
            case "vfIndex" -> ((VgpuRequest) from[0]).vfIndex();
            case "bytes" -> size(from);
            case "count", "engine", "placement" ->
                Stream.of(from)
                        .filter(one -> boxed(method.getReturnType()).isInstance(one))
                        .findFirst()
                        .orElseThrow();
            case "file" -> file(from);
            case "read" -> read(arguments);
            default -> plain(method, arguments);
        };
    }

    private @Nullable Object plain(Method method, Object[] arguments) {
        Class<?> type = method.getReturnType();
        if (type == void.class) {
            return null;
        }
        if (type == boolean.class) {
            return true;
        }
        int number = method.getName().hashCode() >>> 1;
        if (type == int.class) {
            return number;
        }
        return type == long.class ? (Object) ((long) number << 12) : make(type, arguments);
    }

    private static @Nullable Object read(Object[] arguments) {
        if (arguments[1] instanceof byte[] parameters) {
            byte[] reply = parameters.clone();
            for (int i = 0; i < reply.length; i++) {
                reply[i] ^= 0x55;
            }
            return reply;
        }
        MemorySegment dst = (MemorySegment) arguments[1];
        dst.asSlice((long) arguments[2], (int) arguments[3]).fill((byte) ((long) arguments[0] + 1));
        return null;
    }

    private static long size(Object[] from) {
        for (Object one : from) {
            if (one instanceof MapRequest request) {
                return request.bytes();
            }
            if (one instanceof FbRequest request) {
                return request.bytes();
            }
            if (one instanceof Long bytes) {
                return bytes;
            }
        }
        throw new AssertionError("Nothing has a size: " + Arrays.toString(from));
    }

    private static Optional<Fd> file(Object[] from) {
        return Arrays.asList(from).contains(Placement.SYSTEM)
                ? Optional.of(Memfd.create("recorded", size(from)))
                : Optional.empty();
    }

    private static Class<?> boxed(Class<?> type) {
        return type == int.class ? Integer.class : type;
    }

    private static String text(Method method, Object[] arguments) {
        if (method.getName().equals("read") && arguments[1] instanceof MemorySegment) {
            // Where the bytes go is the bridge's choice.
            return arguments[0] + "," + arguments[3];
        }
        return Arrays.stream(arguments).map(RecordedCore::text).collect(Collectors.joining(","));
    }

    private static String text(Object argument) {
        return switch (argument) {
            case Client client ->
                client.name() + client.kind() + client.required().size();
            case byte[] bytes -> Arrays.toString(bytes);
            // Where the bytes lie differs, and what they are does not.
            case MemorySegment segment ->
                segment.byteSize() <= 64 ? Arrays.toString(segment.toArray(ValueLayout.JAVA_BYTE)) : "bytes";
            default -> argument.toString();
        };
    }
}
