package dev.nacre.display.rfb;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The beginning of a session: version and security. The only security is none: whoever reaches the socket may look, so
 * that the socket is what is guarded.
 */
final class Handshake {
    // HW: RFC 6143, 7.1.
    private static final String VERSION = "RFB 003.008\n";
    private static final Pattern ANY_VERSION = Pattern.compile("RFB (\\d{3})\\.(\\d{3})\n");
    private static final int NONE = 1;
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int LISTS_SECURITY = 7;
    private static final int SAYS_RESULT = 8;

    private final DataInputStream in;
    private final DataOutputStream out;

    Handshake(DataInputStream in, DataOutputStream out) {
        this.in = in;
        this.out = out;
    }

    /**
     * Agrees with a viewer up to its wish to share the screen, which every viewer must.
     *
     * @throws RfbProtocolException if they do not agree
     */
    void agree() throws IOException {
        int minor = version();
        if (minor < LISTS_SECURITY) {
            out.writeInt(NONE);
        } else {
            out.write(new byte[] {1, NONE});
            out.flush();
            int chosen = in.readUnsignedByte();
            if (chosen != NONE) {
                if (minor >= SAYS_RESULT) {
                    out.writeInt(FAILED);
                    reason("Security " + chosen + " was not offered");
                }
                throw new RfbProtocolException("Chose security " + chosen);
            }
            if (minor >= SAYS_RESULT) {
                out.writeInt(OK);
            }
        }
        out.flush();
        in.readUnsignedByte();
    }

    /** Tells a viewer that it cannot be served. */
    void refuse(String why) throws IOException {
        if (version() < LISTS_SECURITY) {
            out.writeInt(0);
        } else {
            out.writeByte(0);
        }
        reason(why);
    }

    /** Exchanges versions; returns 3, 7 or 8. */
    private int version() throws IOException {
        out.writeBytes(VERSION);
        out.flush();
        byte[] said = new byte[VERSION.length()];
        in.readFully(said);
        Matcher version = ANY_VERSION.matcher(new String(said, StandardCharsets.ISO_8859_1));
        if (!version.matches()) {
            throw new RfbProtocolException("No version of RFB");
        }
        int major = Integer.parseInt(version.group(1));
        int minor = Integer.parseInt(version.group(2));
        if (major > 3 || minor >= SAYS_RESULT) {
            return SAYS_RESULT;
        }
        // HW: RFC 6143, 7.1.1: other versions mean 3.3.
        return minor == LISTS_SECURITY ? LISTS_SECURITY : 3;
    }

    private void reason(String why) throws IOException {
        byte[] text = why.getBytes(StandardCharsets.UTF_8);
        out.writeInt(text.length);
        out.write(text);
        out.flush();
    }
}
