package dev.nacre.daemon.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import java.util.regex.Pattern;

/** The token that opens the API on TCP. */
final class BearerToken {
    // Fewer characters could be guessed over a fast line.
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~+/=-]{32,512}");

    private static final Set<PosixFilePermission> OF_OTHERS =
            Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.GROUP_WRITE);

    private final byte[] digest;

    private BearerToken(byte[] digest) {
        this.digest = digest;
    }

    /**
     * Reads it.
     *
     * @param file its only line
     * @throws ApiException if the file cannot be read, others than its owner and group can read it, others than its owner can
     *     write it, or it holds no token
     */
    static BearerToken read(Path file) {
        requirePrivate("token-file", file);
        try {
            if (Files.size(file) > 1024) {
                throw unfit(file);
            }
            String text = Files.readString(file, StandardCharsets.UTF_8).strip();
            if (!FORM.matcher(text).matches()) {
                throw unfit(file);
            }
            return new BearerToken(digest(text));
        } catch (IOException e) {
            throw new ApiException("token-file cannot be read: " + file + ": " + e, e);
        }
    }

    /**
     * Refuses a file of secrets that others can read.
     *
     * @param what it is
     * @throws ApiException if they can
     */
    static void requirePrivate(String what, Path file) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (!Files.isRegularFile(file) || permissions.stream().anyMatch(OF_OTHERS::contains)) {
                throw new ApiException(what + " must be a file that others cannot read, nor its group write: " + file
                        + "; chmod 0600 makes it so");
            }
        } catch (IOException e) {
            throw new ApiException(what + " cannot be read: " + file + ": " + e, e);
        }
    }

    /** Whether a text is the token; takes as long whether it is or not. */
    boolean is(String text) {
        return MessageDigest.isEqual(digest, digest(text));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private static ApiException unfit(Path file) {
        return new ApiException("token-file must hold one token of 32 to 512 letters, digits and ._~+/=-: " + file);
    }
}
