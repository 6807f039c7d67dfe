package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The compatibility kit in C (core-tck/src/main/c), run in this process on a table. */
final class TckInC {
    private static final MethodHandle RUN = Linker.nativeLinker()
            .downcallHandle(
                    TestLibrary.load("libnacre_tck.so").findOrThrow("nacre_tck_run"),
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS));

    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** Runs the kit, which closes the core; gives its lines. */
    static List<String> run(MemorySegment ops, MemorySegment core) throws Throwable {
        TckInC run = new TckInC();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment report = new Upcalls(MethodHandles.lookup(), run, arena).function("report", Shape.VOID_LP);
            int failures = (int) RUN.invokeExact(ops, core, report, MemorySegment.NULL);
            if (failures
                    != run.lines.stream()
                            .filter(line -> line.contains(" failed "))
                            .count()) {
                run.lines.add("count failed " + failures);
            }
        }
        return run.lines;
    }

    // C calls this.
    void report(long context, MemorySegment line) {
        lines.add(Numbers.text(line.reinterpret(1024)).strip());
    }
}
