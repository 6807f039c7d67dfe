/** The daemon: boards and virtual GPUs as one service, its configuration, and what it keeps over a restart. */
@org.jspecify.annotations.NullMarked
module dev.nacre.daemon {
    requires static org.jspecify;
    requires transitive dev.nacre.board;
    requires transitive dev.nacre.core;
    requires transitive dev.nacre.display;
    requires transitive dev.nacre.drm;
    requires transitive dev.nacre.vfio;
    requires ch.qos.logback.classic;
    requires ch.qos.logback.core;
    requires dev.nacre.core.c;
    requires dev.nacre.core.java;
    requires dev.nacre.linux;
    requires io.avaje.json;
    requires io.avaje.jsonb;
    requires io.prometheus.metrics.core;
    requires io.prometheus.metrics.instrumentation.jvm;
    requires io.prometheus.metrics.model;
    requires io.prometheus.writer.text;
    requires jdk.jfr;
    requires org.eclipse.jetty.server;
    requires org.eclipse.jetty.unixdomain.server;
    requires org.eclipse.jetty.websocket.core.server;
    requires org.slf4j;
    requires org.tomlj;

    exports dev.nacre.daemon.api.json;
    exports dev.nacre.daemon.api;
    exports dev.nacre.daemon.config;
    exports dev.nacre.daemon.console;
    exports dev.nacre.daemon.host;
    exports dev.nacre.daemon.metrics;
    exports dev.nacre.daemon.state;
    exports dev.nacre.daemon;

    provides io.avaje.jsonb.spi.JsonbExtension with
            dev.nacre.daemon.api.json.jsonb.GeneratedJsonComponent;
    provides ch.qos.logback.classic.spi.Configurator with
            dev.nacre.daemon.log.LogConfigurator;
}
