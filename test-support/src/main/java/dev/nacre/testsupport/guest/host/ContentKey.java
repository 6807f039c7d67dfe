package dev.nacre.testsupport.guest.host;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names a cached thing by what it was made of. */
public final class ContentKey {
    private static final int LENGTH_BYTES = 8;

    private ContentKey() {}

    /**
     * A short name that differs whenever an ingredient differs.
     *
     * @param ingredients texts, each fenced from its neighbours
     * @return 16 hexadecimal digits
     */
    public static String of(String... ingredients) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String text : ingredients) {
                digest.update(text.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, LENGTH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java run-time has SHA-256", e);
        }
    }
}
