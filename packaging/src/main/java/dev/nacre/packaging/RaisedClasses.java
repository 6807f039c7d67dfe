package dev.nacre.packaging;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites classes whose format is too old for the JVM's cache of classes: those without stack maps. They get stack maps and
 * the number of a format that has to have them; nothing else of them is changed. A jar that was changed says so in
 * {@value #NOTICE}.
 */
public final class RaisedClasses {
    /** In each jar that was changed. */
    static final String NOTICE = "META-INF/CHANGED-BY-NACRE.txt";

    // HW: JVM specification, 4.10: the verifier by type checking, which the cache wants, begins with 50 and is the only
    // one
    // from 51 on.
    private static final int FIRST_CACHED_VERSION = ClassFile.JAVA_6_VERSION;
    private static final int RAISED_VERSION = ClassFile.JAVA_7_VERSION;

    private static final String CLASS = ".class";
    private static final String NOTICE_TEXT = """
            Nacre has changed this jar: classes whose format was older than Java 6's have been given stack maps and the
            version of Java 7's format, so that the JVM can keep them in its cache of classes. What they do is the same.
            The jar as its authors made it is in Maven's repository under the same name.
            """;

    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private final ClassFile raising = ClassFile.of(
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
            ClassFile.ConstantPoolSharingOption.NEW_POOL,
            ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(this::entry)
                    .orElse(ClassHierarchyResolver.defaultResolver())));

    private RaisedClasses() {}

    /**
     * Rewrites the jars of a folder that need it, and prints the name of each.
     *
     * @param arguments the folder
     * @throws IOException if a jar cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("RaisedClasses JARS");
        }
        for (Path jar : raiseAll(Path.of(arguments[0]))) {
            System.out.println(jar.getFileName());
        }
    }

    /** Rewrites the jars of a folder that need it; gives those. */
    static List<Path> raiseAll(Path folder) throws IOException {
        List<Path> jars;
        try (Stream<Path> files = Files.list(folder)) {
            jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
        List<Path> changed = new ArrayList<>();
        for (Path jar : jars) {
            if (new RaisedClasses().raise(jar)) {
                changed.add(jar);
            }
        }
        return changed;
    }

    private boolean raise(Path jar) throws IOException {
        List<ZipEntry> read = read(jar);
        int raised = 0;
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            if (isOldClass(entry.getKey(), entry.getValue())) {
                entry.setValue(raised(entry.getValue()));
                raised++;
            }
        }
        if (raised > 0) {
            Path made = jar.resolveSibling(jar.getFileName() + ".new");
            write(made, read);
            Files.move(made, jar, StandardCopyOption.REPLACE_EXISTING);
        }
        return raised > 0;
    }

    private List<ZipEntry> read(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            List<ZipEntry> all = zip.stream().<ZipEntry>map(it -> it).toList();
            for (ZipEntry entry : all) {
                entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
            return all;
        }
    }

    private static boolean isOldClass(String name, byte[] bytes) {
        // HW: JVM specification, 4.1: the major version is the fourth number of 16 bits.
        return name.endsWith(CLASS)
                && bytes.length > 7
                && ((bytes[6] & 0xff) << 8 | (bytes[7] & 0xff)) < FIRST_CACHED_VERSION;
    }

    private byte[] raised(byte[] old) {
        ClassModel model = raising.parse(old);
        ClassTransform version = ClassTransform.endHandler(to -> to.withVersion(RAISED_VERSION, 0));
        return raising.transformClass(
                model, version.andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)));
    }

    private @Nullable ByteArrayInputStream entry(ClassDesc type) {
        String descriptor = type.descriptorString();
        byte[] bytes = entries.get(descriptor.substring(1, descriptor.length() - 1) + CLASS);
        return bytes == null ? null : new ByteArrayInputStream(bytes);
    }

    /** With the order and the times of what was read, so that the same jar gives the same bytes. */
    private void write(Path to, List<ZipEntry> read) throws IOException {
        try (OutputStream file = Files.newOutputStream(to);
                JarOutputStream jar = new JarOutputStream(file)) {
            for (ZipEntry old : read) {
                put(jar, old.getName(), old.getTimeLocal(), Objects.requireNonNull(entries.get(old.getName())));
            }
            put(jar, NOTICE, read.getFirst().getTimeLocal(), NOTICE_TEXT.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void put(JarOutputStream jar, String name, LocalDateTime time, byte[] bytes) throws IOException {
        JarEntry entry = new JarEntry(name);
        entry.setTimeLocal(time);
        jar.putNextEntry(entry);
        jar.write(bytes);
        jar.closeEntry();
    }
}
