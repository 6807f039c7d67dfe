package dev.nacre.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A key and a certificate for 127.0.0.1, signed by itself, which the JDK's keytool makes. */
final class DemoCertificate {
    // TIMEOUT: it makes one key; half a minute is for a host under load.
    private static final int KEYTOOL_SECONDS = 30;

    private static final String ALIAS = "nacre";

    private DemoCertificate() {}

    /**
     * Makes them.
     *
     * @param folder only its owner may enter it
     * @param certificate where to put the certificate, PEM
     * @param key where to put the key, PEM
     * @return false if this Java has no keytool
     */
    static boolean make(Path folder, Path certificate, Path key) throws IOException, InterruptedException {
        Optional<Path> keytool = keytool();
        if (keytool.isEmpty()) {
            return false;
        }
        Path store = folder.resolve("key.p12");
        char[] password = word().toCharArray();
        try {
            run(keytool.get(), store, password);
            write(store, password, certificate, key);
        } finally {
            Files.deleteIfExists(store);
        }
        return true;
    }

    /** A word that nobody guesses. */
    static String word() {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** That of the Java that runs this. */
    private static Optional<Path> keytool() {
        return ProcessHandle.current()
                .info()
                .command()
                .map(java -> Path.of(java).resolveSibling("keytool"))
                .filter(Files::isExecutable);
    }

    private static void run(Path keytool, Path store, char[] password) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "SAN=ip:127.0.0.1,dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass:env",
                "NACRE_STORE"));
        builder.environment().put("NACRE_STORE", new String(password));
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(keytool + " does not end");
        }
        if (process.exitValue() != 0) {
            throw new IOException(keytool + " ended with " + process.exitValue());
        }
    }

    private static void write(Path store, char[] password, Path certificate, Path key) throws IOException {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, password);
            pem(certificate, "CERTIFICATE", keys.getCertificate(ALIAS).getEncoded());
            pem(key, "PRIVATE KEY", keys.getKey(ALIAS, password).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IOException("The key cannot be read back: " + e.getMessage(), e);
        }
    }

    private static void pem(Path file, String what, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        OwnFiles.write(
                file,
                "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n",
                StandardCharsets.US_ASCII);
    }
}
