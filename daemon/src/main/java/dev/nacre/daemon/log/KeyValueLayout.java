package dev.nacre.daemon.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.TreeMap;

/**
 * A line for each event: {@code time=... level=... logger=... thread=... vgpu=... message="..."}. Values with anything but
 * letters, digits and {@code . _ : / -} stand in quotes, with what would end the line or the value escaped: who can have
 * something logged cannot make up a line.
 */
final class KeyValueLayout extends LayoutBase<ILoggingEvent> {
    private static final int FIRST_PRINTABLE = 0x20;
    private static final int DELETE = 0x7f;

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(200);
        put(line, "time", DateTimeFormatter.ISO_INSTANT.format(event.getInstant()));
        put(line, "level", event.getLevel().toString());
        put(line, "logger", event.getLoggerName());
        put(line, "thread", event.getThreadName());
        new TreeMap<>(event.getMDCPropertyMap()).forEach((key, value) -> put(line, key, value));
        put(line, "message", event.getFormattedMessage());
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            put(line, "exception", ThrowableProxyUtil.asString(thrown));
        }
        return line.append('\n').toString();
    }

    private static void put(StringBuilder line, String key, String value) {
        if (!line.isEmpty()) {
            line.append(' ');
        }
        line.append(key).append('=');
        if (!value.isEmpty() && value.chars().allMatch(KeyValueLayout::isPlain)) {
            line.append(value);
            return;
        }
        line.append('"');
        value.chars().forEach(character -> putEscaped(line, (char) character));
        line.append('"');
    }

    private static boolean isPlain(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || "._:/-".indexOf(character) >= 0;
    }

    private static void putEscaped(StringBuilder line, char character) {
        switch (character) {
            case '"' -> line.append("\\\"");
            case '\\' -> line.append("\\\\");
            case '\n' -> line.append("\\n");
            case '\t' -> line.append("\\t");
            default -> {
                if (character < FIRST_PRINTABLE
                        || character == DELETE
                        || Character.getType(character) == Character.LINE_SEPARATOR) {
                    line.append("\\u").append(HexFormat.of().toHexDigits(character));
                } else {
                    line.append(character);
                }
            }
        }
    }
}
