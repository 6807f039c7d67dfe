package dev.nacre.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.StructLayout;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles our idea of the Linux ABI against the headers of the host. */
class AbiTest {
    private static final String HEADERS = """
            #define _GNU_SOURCE
            #include <errno.h>
            #include <fcntl.h>
            #include <grp.h>
            #include <linux/aio_abi.h>
            #include <poll.h>
            #include <pwd.h>
            #include <stddef.h>
            #include <sys/eventfd.h>
            #include <sys/file.h>
            #include <sys/mman.h>
            #include <sys/socket.h>
            #include <sys/stat.h>
            #include <sys/time.h>
            #include <sys/uio.h>
            #include <sys/un.h>
            #include <unistd.h>
            """;

    @Test
    void structsConstantsAndErrnosEqualTheHostsHeaders(@TempDir Path folder) throws Exception {
        assumeTrue(compiles(folder, "int probe;"), "No C compiler with Linux headers on this machine");
        StringBuilder source = new StringBuilder(HEADERS);
        for (StructLayout struct : Abi.STRUCTS) {
            appendStruct(source, struct);
        }
        appendConstants(source);
        for (Errno errno : Errno.values()) {
            appendAssert(source, errno.name() + " == " + errno.number());
        }

        String complaint = compile(folder, source.toString());

        assertThat(complaint).isEmpty();
    }

    @Test
    void aWrongOffsetIsNoticed(@TempDir Path folder) throws Exception {
        assumeTrue(compiles(folder, "int probe;"), "No C compiler with Linux headers on this machine");
        StringBuilder source = new StringBuilder(HEADERS);
        appendAssert(source, "offsetof(struct msghdr, msg_flags) == 44");

        String complaint = compile(folder, source.toString());

        assertThat(complaint).contains("msg_flags");
    }

    private static void appendStruct(StringBuilder source, StructLayout struct) {
        String name = "struct " + struct.name().orElseThrow();
        appendAssert(source, "sizeof(" + name + ") == " + struct.byteSize());
        for (MemoryLayout member : struct.memberLayouts()) {
            if (!(member instanceof PaddingLayout)) {
                String field = member.name().orElseThrow();
                appendAssert(source, "offsetof(" + name + ", " + field + ") == " + Abi.offset(struct, field));
                appendAssert(source, "sizeof(((" + name + " *)0)->" + field + ") == " + member.byteSize());
            }
        }
    }

    private static void appendConstants(StringBuilder source) throws IllegalAccessException {
        for (Field field : Abi.class.getDeclaredFields()) {
            boolean number = field.getType() == int.class || field.getType() == short.class;
            if (Modifier.isStatic(field.getModifiers())
                    && number
                    && !field.getName().equals("SUN_PATH_MAX")) {
                appendAssert(source, field.getName() + " == " + field.get(null));
            }
        }
        appendAssert(source, "sizeof(((struct sockaddr_un *)0)->sun_path) - 1 == " + Abi.SUN_PATH_MAX);
        appendAssert(source, "CMSG_LEN(4) == " + (Abi.CMSG_DATA + 4));
        appendAssert(source, "CMSG_SPACE(4) == " + Abi.cmsgSpace(4));
        appendAssert(source, "CMSG_SPACE(8) == " + Abi.cmsgSpace(8));
    }

    private static void appendAssert(StringBuilder source, String condition) {
        source.append("_Static_assert(")
                .append(condition)
                .append(", \"")
                .append(condition)
                .append("\");\n");
    }

    private static boolean compiles(Path folder, String source) throws InterruptedException {
        try {
            return compile(folder, HEADERS + source).isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /** Compiles without output, and gives what the compiler said. */
    private static String compile(Path folder, String source) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("abi.c"), source, StandardCharsets.UTF_8);
        Path said = folder.resolve("said.txt");
        Process gcc = new ProcessBuilder("gcc", "-std=c11", "-fsyntax-only", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(gcc.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(said);
    }
}
