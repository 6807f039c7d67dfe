package dev.nacre.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaisedClassesTest {
    private static final String NAME = "some/Choice";

    @TempDir
    Path folder;

    @Test
    void oldClassGetsANewerFormatAndDoesTheSame() throws Exception {
        Path jar = jar(ClassFile.JAVA_5_VERSION);

        assertThat(RaisedClasses.raiseAll(folder)).containsExactly(jar);

        byte[] raised = entry(jar, NAME + ".class");
        assertThat(ClassFile.of().parse(raised).majorVersion()).isEqualTo(ClassFile.JAVA_7_VERSION);
        assertThat(ClassFile.of().verify(raised)).isEmpty();
        assertThat(smaller(jar, 3, 5)).isEqualTo(3);
        assertThat(smaller(jar, 7, 5)).isEqualTo(5);
    }

    @Test
    void changedJarSaysSoAndKeepsTheRest() throws IOException {
        Path jar = jar(ClassFile.JAVA_5_VERSION);

        RaisedClasses.raiseAll(folder);

        assertThat(entry(jar, "some/text")).asString().isEqualTo("text");
        assertThat(entry(jar, RaisedClasses.NOTICE)).asString().contains("Nacre has changed this jar");
    }

    @Test
    void newerClassesAreLeftAlone() throws IOException {
        byte[] before = Files.readAllBytes(jar(ClassFile.JAVA_8_VERSION));

        assertThat(RaisedClasses.raiseAll(folder)).isEmpty();

        assertThat(folder.resolve("some.jar")).hasBinaryContent(before);
    }

    @Test
    void sameJarGivesTheSameBytes() throws IOException {
        byte[] original = Files.readAllBytes(jar(ClassFile.JAVA_5_VERSION));
        RaisedClasses.raiseAll(folder);
        byte[] first = Files.readAllBytes(folder.resolve("some.jar"));

        Files.write(folder.resolve("some.jar"), original);
        RaisedClasses.raiseAll(folder);

        assertThat(folder.resolve("some.jar")).hasBinaryContent(first);
    }

    /** A jar with a class that has a method with a branch, and a file. */
    private Path jar(int version) throws IOException {
        byte[] bytes = ClassFile.of(ClassFile.StackMapsOption.STACK_MAPS_WHEN_REQUIRED)
                .build(
                        ClassDesc.ofInternalName(NAME),
                        type -> type.withVersion(version, 0)
                                .withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_SUPER)
                                .withMethodBody(
                                        "smaller",
                                        MethodTypeDesc.of(
                                                ConstantDescs.CD_int, ConstantDescs.CD_int, ConstantDescs.CD_int),
                                        ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                                        code -> {
                                            Label second = code.newLabel();
                                            code.iload(0).iload(1).if_icmpgt(second);
                                            code.iload(0).ireturn();
                                            code.labelBinding(second).iload(1).ireturn();
                                        }));
        Path jar = folder.resolve("some.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry(NAME + ".class"));
            out.write(bytes);
            out.putNextEntry(new JarEntry("some/text"));
            out.write("text".getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }

    private static byte[] entry(Path jar, String name) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getInputStream(file.getEntry(name)).readAllBytes();
        }
    }

    private static Object smaller(Path jar, int first, int second) throws Exception {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            return loader.loadClass(NAME.replace('/', '.'))
                    .getMethod("smaller", int.class, int.class)
                    .invoke(null, first, second);
        }
    }
}
