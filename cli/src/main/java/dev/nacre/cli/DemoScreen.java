package dev.nacre.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** What the first head of a demo's GPU shows. */
interface DemoScreen {
    /** The picture as PNG; empty if the head is off. */
    Optional<byte[]> png() throws IOException;

    /**
     * What is to be known of a picture.
     *
     * @param width in pixels
     * @param height in pixels
     * @param lit whether it is anything but black
     */
    record Look(int width, int height, boolean lit) {
        /** Looks at a picture of eight bits a sample, as Nacre writes them. */
        static Look at(byte[] png) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(png);
            bytes.getLong();
            int width = 0;
            int height = 0;
            boolean lit = false;
            try (Inflater inflater = new Inflater()) {
                while (bytes.remaining() >= 12) {
                    int count = bytes.getInt();
                    int type = bytes.getInt();
                    if (type == 0x49484452) { // "IHDR"
                        width = bytes.getInt(bytes.position());
                        height = bytes.getInt(bytes.position() + 4);
                    } else if (type == 0x49444154) { // "IDAT"
                        inflater.setInput(bytes.slice(bytes.position(), count));
                        lit |= hasLight(inflater, 1 + 3 * width);
                    }
                    bytes.position(bytes.position() + count + 4);
                }
            } catch (DataFormatException e) {
                throw new IOException("The picture is damaged: " + e.getMessage(), e);
            }
            return new Look(width, height, lit);
        }

        /** Whether any sample is not 0; the first byte of each row says only how the row is written. */
        private static boolean hasLight(Inflater inflater, int rowBytes) throws DataFormatException {
            byte[] buffer = new byte[1 << 16];
            boolean lit = false;
            long done = inflater.getBytesWritten();
            for (int count = inflater.inflate(buffer); count > 0; count = inflater.inflate(buffer)) {
                for (int i = 0; i < count; i++) {
                    lit |= buffer[i] != 0 && (done + i) % rowBytes != 0;
                }
                done += count;
            }
            return lit;
        }
    }
}
