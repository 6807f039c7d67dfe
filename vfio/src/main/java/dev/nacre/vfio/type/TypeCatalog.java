package dev.nacre.vfio.type;

import dev.nacre.core.VgpuType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Types of virtual GPUs: those that come with the product, and those that an operator adds. Immutable. */
public final class TypeCatalog {
    /** Where the numbers begin that the product gives to types whose number at NVIDIA is not known. */
    public static final int FIRST_OWN_ID = 100_000;

    /** Where they end. Operators' types have other numbers. */
    public static final int LAST_OWN_ID = 199_999;

    private static final List<String> SHIPPED = List.of("l40.toml", "rtx-6000-ada.toml", "rtx-pro-6000-blackwell.toml");

    private static final int MOST_FILE_BYTES = 1 << 20;

    private final List<CatalogType> types;

    private TypeCatalog(List<CatalogType> types) {
        this.types = types.stream()
                .sorted(Comparator.comparing(CatalogType::chip).thenComparingInt(CatalogType::id))
                .toList();
    }

    /** The types that come with the product. */
    public static TypeCatalog shipped() {
        return new TypeCatalog(addShipped(new CatalogFiles()).finish());
    }

    /**
     * The types that come with the product, and those of all files {@code *.toml} in a folder.
     *
     * @throws CatalogException if a file has errors, or two types have the same id or name
     * @throws UncheckedIOException if the folder or a file cannot be read
     */
    public static TypeCatalog withFolder(Path folder) {
        CatalogFiles files = addShipped(new CatalogFiles());
        try (Stream<Path> list = Files.list(folder)) {
            for (Path path : list.filter(path -> path.toString().endsWith(".toml"))
                    .sorted()
                    .toList()) {
                addFile(files, path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Types cannot be read: folder=" + folder, e);
        }
        return new TypeCatalog(files.finish());
    }

    /**
     * The types of this catalog, with those of a firmware's metadata in the place of those that have their ids or names.
     *
     * @param metadata as {@link MetadataFile} reads it
     */
    public TypeCatalog withMetadata(List<CatalogType> metadata) {
        Stream<CatalogType> kept = types.stream()
                .filter(type -> metadata.stream()
                        .noneMatch(
                                other -> other.id() == type.id() || other.name().equals(type.name())));
        return new TypeCatalog(Stream.concat(kept, metadata.stream()).toList());
    }

    /** All types, by chip and id. */
    public List<CatalogType> types() {
        return types;
    }

    /**
     * The types that boards with a chip can have, by id.
     *
     * @param chip its name, as in {@link dev.nacre.core.BoardInfo#chip}
     */
    public List<CatalogType> forChip(String chip) {
        return types.stream().filter(type -> type.chip().equals(chip)).toList();
    }

    /** What the firmware of a board with a chip is told. */
    public List<VgpuType> coreTypes(String chip) {
        return forChip(chip).stream().map(CatalogType::toCore).toList();
    }

    /** The type with a name such as {@code L40-2Q}, or with an id in decimal. */
    public Optional<CatalogType> find(String nameOrId) {
        return types.stream()
                .filter(type -> type.name().equals(nameOrId)
                        || Integer.toString(type.id()).equals(nameOrId))
                .findFirst();
    }

    /** The type with an id. */
    public Optional<CatalogType> find(int id) {
        return types.stream().filter(type -> type.id() == id).findFirst();
    }

    private static CatalogFiles addShipped(CatalogFiles files) {
        for (String name : SHIPPED) {
            try (InputStream in = TypeCatalog.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IllegalStateException("A file of the product is missing: " + name);
                }
                files.add(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException("A file of the product cannot be read: " + name, e);
            }
        }
        return files;
    }

    private static void addFile(CatalogFiles files, Path path) throws IOException {
        if (Files.size(path) > MOST_FILE_BYTES) {
            files.refuse(path.toString(), "is larger than " + MOST_FILE_BYTES + " bytes");
        } else {
            // Malformed bytes become replacement characters, which no value allows: a clear error with its line.
            files.add(path.toString(), new String(Files.readAllBytes(path), StandardCharsets.UTF_8));
        }
    }
}
