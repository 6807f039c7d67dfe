package dev.nacre.coretck;

import dev.nacre.core.Capability;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/** Runs each test of the kit if what it needs is there, and puts its result into the report. */
final class TckExtension implements InvocationInterceptor {
    /** The configuration parameter of JUnit's that names the folder for the report; without it, it is printed only. */
    static final String FOLDER = "nacre.tck.report";

    private static final Namespace OWN = Namespace.create(TckExtension.class);

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        TckGroup group = (TckGroup) context.getRequiredTestInstance();
        Bench bench = bench(context);
        Covers covers = method.getExecutable().getAnnotation(Covers.class);
        if (covers == null || !Set.copyOf(Operations.all()).containsAll(List.of(covers.value()))) {
            throw new IllegalStateException("Covers nothing that there is: " + method.getExecutable());
        }
        Result result = new Result.Failed();
        try {
            group.on(bench);
            requireCapabilities(bench, group, method.getExecutable());
            invocation.proceed();
            result = new Result.Ok();
        } catch (TestAbortedException e) {
            result = new Result.Skipped(reason(e));
            throw e;
        } finally {
            report(context).add(Setting.of(bench.underTest()), List.of(covers.value()), result);
            bench.tidy(result instanceof Result.Failed);
        }
    }

    /** What the test said, without what JUnit puts before it. */
    private static String reason(TestAbortedException e) {
        return String.valueOf(e.getMessage()).replaceFirst("^Assumption failed: ", "");
    }

    private static Bench bench(ExtensionContext context) {
        return context.getRequiredTestInstances()
                .findInstance(TckRun.class)
                .orElseThrow(() -> new IllegalStateException("A group that is in no run: " + context.getDisplayName()))
                .bench();
    }

    private static void requireCapabilities(Bench bench, TckGroup group, Method test) {
        Optional<Needs> ofGroup = Optional.ofNullable(group.getClass().getAnnotation(Needs.class));
        Optional<Needs> ofTest = Optional.ofNullable(test.getAnnotation(Needs.class));
        Stream.of(ofGroup, ofTest)
                .flatMap(Optional::stream)
                .flatMap(needs -> Stream.of(needs.value()))
                .forEach(capability -> require(bench, capability));
    }

    private static void require(Bench bench, Capability capability) {
        Assumptions.assumeTrue(bench.core().capabilities().contains(capability), () -> "no " + capability);
    }

    private static TckReport report(ExtensionContext context) {
        return context.getRoot()
                .getStore(OWN)
                .computeIfAbsent(
                        TckReport.class,
                        key -> new TckReport(
                                System.out,
                                context.getConfigurationParameter(FOLDER).map(Path::of)),
                        TckReport.class);
    }
}
