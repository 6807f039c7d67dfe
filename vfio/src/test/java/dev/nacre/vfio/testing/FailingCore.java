package dev.nacre.vfio.testing;

import dev.nacre.core.ChannelIds;
import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.FbMemory;
import dev.nacre.core.GspClient;
import dev.nacre.core.VgpuRequest;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A core whose n-th operation fails: every call of it and of what it gives out counts, but those that free, describe, or add
 * one word of commands.
 */
public final class FailingCore {
    private static final String PACKAGE = Core.class.getPackageName();

    private final AtomicInteger left = new AtomicInteger(-1);

    /** What the core looks like to its clients. */
    public Core wrap(Core core) {
        return (Core) wrap(core, Core.class);
    }

    /** Has the n-th operation from now on fail, from 0. */
    public void failAt(int operation) {
        left.set(operation);
    }

    /** Lets everything succeed. @return whether an operation has failed since {@link #failAt} */
    public boolean stopFailing() {
        return left.getAndSet(-1) == -1;
    }

    private Object wrap(Object target, Class<?> type) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, new Wrapped(target));
    }

    @SuppressWarnings("ReferenceEquality") // a proxy equals itself only
    private @Nullable Object call(Object proxy, Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> arguments != null && proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> target.toString();
            };
        }
        boolean operates = (arguments != null
                        || method.getReturnType() == void.class
                        || method.getName().startsWith("alloc"))
                && !method.getName().equals("close")
                && !method.getName().equals("emit");
        // Exactly once: it stays at -1 when it has failed.
        if (operates && left.get() >= 0 && left.getAndDecrement() == 0) {
            throw new CoreException(CoreError.IO, "Injected: " + method.getName());
        }
        try {
            Object result = method.invoke(target, unwrapAll(arguments));
            Class<?> type = method.getReturnType();
            boolean ours = type.isInterface() && type.getPackageName().equals(PACKAGE);
            return ours && result != null ? wrap(result, type) : result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @SuppressWarnings("NullAway") // as a proxy is given them
    private static @Nullable Object @Nullable [] unwrapAll(@Nullable Object @Nullable [] arguments) {
        if (arguments == null) {
            return null;
        }
        Object[] plain = arguments.clone();
        for (int i = 0; i < plain.length; i++) {
            Object argument = plain[i];
            plain[i] = argument == null ? null : unwrap(argument);
        }
        return plain;
    }

    private static Object unwrap(Object argument) {
        return switch (argument) {
            case Optional<?> some -> some.map(FailingCore::unwrap);
            case VgpuRequest request ->
                new VgpuRequest(
                        request.vfIndex(),
                        request.pciAddress(),
                        request.typeId(),
                        request.uuid(),
                        request.processId(),
                        (GspClient) unwrap(request.client()),
                        (ChannelIds) unwrap(request.channelIds()),
                        (FbMemory) unwrap(request.frameBuffer()),
                        (FbMemory) unwrap(request.heap()));
            default -> Proxy.isProxyClass(argument.getClass()) ? target(argument) : argument;
        };
    }

    private static Object target(Object proxy) {
        return Proxy.getInvocationHandler(proxy) instanceof Wrapped wrapped ? wrapped.target : proxy;
    }

    /** Stands for something of the core's. */
    private final class Wrapped implements InvocationHandler {
        private final Object target;

        private Wrapped(Object target) {
            this.target = target;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
                throws Throwable {
            return call(proxy, target, method, arguments);
        }
    }
}
