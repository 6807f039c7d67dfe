package dev.nacre.corec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Capability;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.CoreError;
import dev.nacre.core.EngineType;
import dev.nacre.core.EventKind;
import dev.nacre.core.FaultCause;
import dev.nacre.core.Placement;
import dev.nacre.core.VgpuRequest;
import dev.nacre.core.spi.VgpuScheduling;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares {@code nacre_core.h} with Java, both ways. A C program prints whatever {@link CoreHeader} finds in the header;
 * Java's side is made of its layouts and enumerations. What only one side has is a difference.
 */
class AbiTest {
    private static final Path HEADERS = Path.of("..", "core", "src", "main", "c");

    private final CoreHeader header = CoreHeader.read(HEADERS.resolve("nacre_core.h"));

    @Test
    void constantsSizesAndOffsetsAreThoseOfTheCompiledHeader(@TempDir Path folder) throws Exception {
        Map<String, Long> ofC = run(folder, header.program());

        assertThat(ofC).isEqualTo(ofJava());
    }

    @Test
    void functionsHaveTheTypesOfTheHeader() {
        Map<String, String> ofJava = new TreeMap<>();
        for (Op op : Op.values()) {
            ofJava.put("nacre_core_ops." + op.field(), op.shape().name());
        }
        for (PlatformOp op : PlatformOp.values()) {
            ofJava.put("nacre_platform." + op.field(), op.shape().name());
        }
        ofJava.put("nacre_client.on_event", NativeListener.SHAPE.name());

        assertThat(header.functions()).isEqualTo(ofJava);
    }

    @Test
    void libraryExportsTheFunctionsOfTheHeader() {
        assertThat(header.exported())
                .containsExactlyInAnyOrder(
                        "nacre_core_ops()",
                        "nacre_core_chips()",
                        "nacre_core_supports(I,I,I)",
                        "nacre_core_open(P,P,P)");
    }

    @Test
    void everyLineOfTheHeaderIsUnderstood() {
        assertThat(header.leftOver()).isEmpty();
    }

    @Test
    void newLinesOfTheHeaderAreNoticed() {
        String text = header.text();

        CoreHeader more = new CoreHeader(text.replace("#define NACRE_CLIENT_TOOL 3", """
                        #define NACRE_CLIENT_TOOL 3
                        #define NACRE_CLIENT_NEW 4
                        extern int odd;
                        """)
                .replace("uint32_t bit; /*", "uint64_t added;\nuint32_t bit; /*"));

        assertThat(more.program()).contains("NACRE_CLIENT_NEW").contains("nacre_engine, added");
        assertThat(more.leftOver()).containsExactly("extern int odd;");
    }

    @Test
    void versionIsTheJavaInterfaces() {
        assertThat(Abi.VERSION).isEqualTo(Client.CURRENT_VERSION);
    }

    private static Map<String, Long> ofJava() {
        Map<String, Long> all = new TreeMap<>();
        all.put("NACRE_CORE_VERSION", (long) Abi.VERSION);
        all.put("NACRE_MAX_FB_REGIONS", (long) Abi.MAX_FB_REGIONS);
        all.put("NACRE_MAX_ENGINE_CLASSES", (long) Abi.MAX_ENGINE_CLASSES);
        all.put("NACRE_VGPU_MIN_HEAP_BYTES", VgpuRequest.MIN_HEAP_BYTES);
        for (VgpuScheduling.Policy policy : VgpuScheduling.Policy.values()) {
            all.put("NACRE_VGPU_POLICY_" + policy.name(), (long) Numbers.policy(policy));
        }
        for (CoreError error : CoreError.values()) {
            all.put("NACRE_ERR_" + error.name(), (long) -error.errno().number());
        }
        for (Capability capability : Capability.values()) {
            all.put("NACRE_CAP_" + capability.name(), (long) capability.bit());
        }
        for (EventKind kind : EventKind.values()) {
            all.put("NACRE_EVENT_" + kind.name(), (long) kind.number());
        }
        for (ClientKind kind : ClientKind.values()) {
            all.put("NACRE_CLIENT_" + kind.name(), (long) kind.number());
        }
        for (EngineType type : EngineType.values()) {
            all.put("NACRE_ENGINE_" + type.name(), (long) type.number());
        }
        for (FaultCause cause : FaultCause.values()) {
            all.put("NACRE_FAULT_" + cause.name(), (long) cause.number());
        }
        for (Placement placement : Placement.values()) {
            all.put("NACRE_PLACEMENT_" + placement.name(), (long) placement.number());
        }
        for (StructLayout struct : Abi.STRUCTS) {
            String name = struct.name().orElseThrow();
            all.put("sizeof " + name, struct.byteSize());
            for (MemoryLayout member : struct.memberLayouts()) {
                String field = member.name().orElseThrow();
                all.put("offsetof " + name + "." + field, Abi.offset(struct, field));
                all.put("sizeof " + name + "." + field, member.byteSize());
            }
        }
        return all;
    }

    /** Compiles and runs a program; gives the numbers that it prints by their names. */
    private static Map<String, Long> run(Path folder, String program) throws Exception {
        Path source = Files.writeString(folder.resolve("abi.c"), program);
        Path binary = folder.resolve("abi");
        assertThat(wait(
                        folder,
                        "gcc",
                        "-std=c11",
                        "-Wall",
                        "-Wextra",
                        "-Werror",
                        "-I" + HEADERS,
                        source.toString(),
                        "-o",
                        binary.toString()))
                .isEmpty();
        Map<String, Long> printed = new TreeMap<>();
        for (String line : wait(folder, binary.toString())) {
            int equals = line.indexOf('=');
            printed.put(line.substring(0, equals), Long.valueOf(line.substring(equals + 1)));
        }
        return printed;
    }

    private static List<String> wait(Path folder, String... command) throws Exception {
        Path said = folder.resolve("said.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        // TIMEOUT: a small program, on a machine that may be busy
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        List<String> lines = Files.readAllLines(said);
        assertThat(process.exitValue()).as("%s", lines).isZero();
        return lines;
    }
}
