package dev.nacre.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class KeyValueLayoutTest {
    private final LoggerContext loggers = new LoggerContext();
    private final KeyValueLayout layout = new KeyValueLayout();

    KeyValueLayoutTest() {
        loggers.setMDCAdapter(new LogbackMDCAdapter());
    }

    private LoggingEvent event(String message, @Nullable Throwable thrown) {
        Logger logger = loggers.getLogger("dev.nacre.Test");
        LoggingEvent event = new LoggingEvent("here", logger, Level.INFO, message, thrown, null);
        event.setInstant(Instant.parse("2026-11-23T12:00:00.5Z"));
        event.setThreadName("main");
        return event;
    }

    @Test
    void lineHasItsFieldsInOrder() {
        ILoggingEvent event = event("A VMM has connected", null);

        assertThat(layout.doLayout(event))
                .isEqualTo("time=2026-11-23T12:00:00.500Z level=INFO logger=dev.nacre.Test thread=main"
                        + " message=\"A VMM has connected\"\n");
    }

    @Test
    void lineNamesItsVirtualGpu() {
        LoggingEvent event = event("reset", null);
        event.setMDCPropertyMap(Map.of("vgpu", "vm-1", "board", "gpu 0"));

        assertThat(layout.doLayout(event)).contains(" thread=main board=\"gpu 0\" vgpu=vm-1 message=reset\n");
    }

    @Test
    void nobodyMakesUpALine() {
        String line = layout.doLayout(event("x\ntime=1 level=ERROR \"quoted\" \\ \t \u0007 \u2028 \r", null));

        assertThat(line).containsOnlyOnce("\n").endsWith("\n");
        assertThat(line).contains("message=\"x\\ntime=1 level=ERROR \\\"quoted\\\" \\\\ \\t \\u0007 \\u2028 \\u000d\"");
    }

    @Test
    void exceptionStaysInTheLine() {
        String line = layout.doLayout(event("broken", new IllegalStateException("state=7")));

        assertThat(line)
                .containsOnlyOnce("\n")
                .contains("exception=\"java.lang.IllegalStateException: state=7\\n\\tat ");
    }

    @Test
    void contextEndsWithItsBlock() {
        try (LogContext _ = LogContext.ofVgpu("a")) {
            assertThat(MDC.get("vgpu")).isEqualTo("a");
        }

        assertThat(MDC.get("vgpu")).isNull();
    }

    @Test
    void logbackFindsTheConfiguration() throws JoranException {
        new ContextInitializer(loggers).autoConfig();

        Logger root = loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        assertThat(root.getLevel()).isEqualTo(Level.INFO);
        assertThat(root.getAppender("stderr")).isNotNull();
    }
}
