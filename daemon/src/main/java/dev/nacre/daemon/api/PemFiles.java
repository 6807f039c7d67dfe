package dev.nacre.daemon.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate and its key, as files in PEM.
 *
 * @param store both of them
 * @param certificate the certificate itself
 */
record PemFiles(KeyStore store, X509Certificate certificate) {
    /** Of the key inside a store that exists in memory only. */
    static final String PASSWORD = "memory";

    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

    // HW: RFC 5280, GeneralName: dNSName and iPAddress
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    /**
     * Reads both.
     *
     * @param certificates the certificate, then those that it was signed by
     * @param key its key, in PKCS#8 without a password
     * @throws ApiException if one cannot be read, is none, or others can read the key
     */
    static PemFiles read(Path certificates, Path key) {
        BearerToken.requirePrivate("key", key);
        try {
            Certificate[] chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(bytes("certificate", certificates)))
                    .toArray(Certificate[]::new);
            if (chain.length == 0 || !(chain[0] instanceof X509Certificate first)) {
                throw new ApiException("certificate has no certificate in PEM: " + certificates);
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("api", key(key), PASSWORD.toCharArray(), chain);
            return new PemFiles(store, first);
        } catch (GeneralSecurityException | IOException e) {
            throw new ApiException("certificate cannot be used: " + certificates + ": " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(String what, Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ApiException(what + " is larger than 1 MiB: " + file);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ApiException(what + " cannot be read: " + file + ": " + e, e);
        }
    }

    private static PrivateKey key(Path file) throws GeneralSecurityException {
        Matcher matcher = KEY.matcher(new String(bytes("key", file), StandardCharsets.US_ASCII));
        if (!matcher.find()) {
            throw new ApiException("key is not 'BEGIN PRIVATE KEY' (PKCS#8 without a password): " + file
                    + "; openssl pkcs8 -topk8 -nocrypt converts it");
        }
        PKCS8EncodedKeySpec encoded;
        try {
            encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(1)));
        } catch (IllegalArgumentException e) {
            throw new ApiException("key is damaged: " + file, e);
        }
        for (String algorithm : ALGORITHMS) {
            Optional<PrivateKey> key = key(algorithm, encoded);
            if (key.isPresent()) {
                return key.get();
            }
        }
        throw new ApiException("key is of none of the kinds " + ALGORITHMS + ": " + file);
    }

    private static Optional<PrivateKey> key(String algorithm, PKCS8EncodedKeySpec encoded)
            throws GeneralSecurityException {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(encoded));
        } catch (InvalidKeySpecException e) {
            return Optional.empty();
        }
    }

    /** The hosts that the certificate is for: names in lower case, addresses as Java writes them. */
    Set<String> hosts() {
        Set<String> hosts = new HashSet<>();
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                if (name.get(0) instanceof Integer kind && name.get(1) instanceof String text) {
                    if (kind == DNS_NAME) {
                        hosts.add(text.toLowerCase(Locale.ROOT));
                    } else if (kind == IP_ADDRESS) {
                        hosts.add(InetAddress.ofLiteral(text).getHostAddress());
                    }
                }
            }
        } catch (CertificateParsingException | IllegalArgumentException e) {
            throw new ApiException("certificate names its hosts in a form that cannot be read: " + e.getMessage(), e);
        }
        if (hosts.isEmpty()) {
            throw new ApiException(
                    "certificate names no host (subjectAltName): " + certificate.getSubjectX500Principal());
        }
        return hosts;
    }
}
