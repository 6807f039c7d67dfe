package dev.nacre.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * Lists what others wrote and under which licences, by the descriptors that Maven has of the jars: {@code THIRD-PARTY.txt},
 * and below {@code licenses} the licences and notices that the jars themselves carry.
 */
public final class ThirdParty {
    private static final Pattern LEGAL_FILE =
            Pattern.compile("(META-INF/)?(LICEN[SC]E|NOTICE|about)[^/]*", Pattern.CASE_INSENSITIVE);

    /** As deep as a descriptor's parents go; more is a circle. */
    private static final int MOST_PARENTS = 20;

    private final Path folder;

    /**
     * Of jars and descriptors in one folder.
     *
     * @param folder holds for each {@code NAME.jar} a {@code NAME.pom}, and the descriptors of its parents
     */
    ThirdParty(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes list and licences.
     *
     * @param arguments the folder with the jars and descriptors, and where to write
     * @throws IOException if something cannot be read or written, or a jar has no licence
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("ThirdParty JARS TO");
        }
        ThirdParty all = new ThirdParty(Path.of(arguments[0]));
        Path to = Path.of(arguments[1]);
        Files.writeString(to.resolve("THIRD-PARTY.txt"), all.list());
        all.copyLegalFiles(to.resolve("licenses"));
    }

    /** A paragraph for each jar, by name. */
    String list() throws IOException {
        StringBuilder text = new StringBuilder("What Nacre ships and others wrote:\n");
        for (Path jar : jars()) {
            Element pom = read(folder.resolve(name(jar) + ".pom"));
            List<String> licences = licences(pom);
            if (licences.isEmpty()) {
                throw new IOException("No licence is known of " + jar);
            }
            text.append('\n').append(jar.getFileName()).append('\n');
            child(pom, "url")
                    .ifPresent(url -> text.append("  ")
                            .append(url.getTextContent().strip())
                            .append('\n'));
            licences.forEach(
                    licence -> text.append("  Licence: ").append(licence).append('\n'));
        }
        return text.toString();
    }

    /** Copies the licences and notices that the jars carry, into a folder for each jar that has some. */
    void copyLegalFiles(Path to) throws IOException {
        for (Path path : jars()) {
            try (JarFile jar = new JarFile(path.toFile())) {
                for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
                    if (!entry.isDirectory()
                            && LEGAL_FILE.matcher(entry.getName()).matches()) {
                        Path file = to.resolve(name(path))
                                .resolve(Path.of(entry.getName()).getFileName());
                        Files.createDirectories(to.resolve(name(path)));
                        try (InputStream in = jar.getInputStream(entry)) {
                            Files.write(file, in.readAllBytes());
                        }
                    }
                }
            }
        }
    }

    private List<Path> jars() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private static String name(Path jar) {
        String file = jar.getFileName().toString();
        return file.substring(0, file.length() - ".jar".length());
    }

    /** The licences of a descriptor, or else of its nearest parent that names some. */
    private List<String> licences(Element pom) throws IOException {
        Element current = pom;
        for (int i = 0; i < MOST_PARENTS; i++) {
            List<String> licences = ownLicences(current);
            Optional<Element> parent = child(current, "parent");
            if (!licences.isEmpty() || parent.isEmpty()) {
                return licences;
            }
            current = read(
                    folder.resolve(text(parent.get(), "artifactId") + "-" + text(parent.get(), "version") + ".pom"));
        }
        return List.of();
    }

    private static List<String> ownLicences(Element pom) {
        List<String> licences = new ArrayList<>();
        child(pom, "licenses")
                .ifPresent(all -> children(all)
                        .forEach(licence -> licences.add(
                                String.format(Locale.ROOT, "%s %s", text(licence, "name"), text(licence, "url"))
                                        .strip())));
        return licences;
    }

    private static String text(Element in, String tag) {
        return child(in, tag).map(Node::getTextContent).map(String::strip).orElse("");
    }

    private static Optional<Element> child(Element in, String tag) {
        return children(in).stream()
                .filter(element -> element.getTagName().equals(tag))
                .findFirst();
    }

    private static List<Element> children(Element in) {
        List<Element> elements = new ArrayList<>();
        for (Node node = in.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                elements.add(element);
            }
        }
        return elements;
    }

    private static Element read(Path pom) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder()
                    .parse(new InputSource(new StringReader(Files.readString(pom))))
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("No descriptor of Maven's: " + pom, e);
        }
    }
}
