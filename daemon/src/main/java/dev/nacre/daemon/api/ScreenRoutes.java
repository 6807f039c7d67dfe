package dev.nacre.daemon.api;

import dev.nacre.daemon.console.Head;
import dev.nacre.daemon.host.BoardView;
import dev.nacre.daemon.host.VgpuOperations;
import dev.nacre.daemon.host.VgpuView;
import dev.nacre.display.Frame;
import dev.nacre.display.PngWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;

/** What heads of virtual GPUs, and of boards for programs, show: as a picture, and as a console. */
final class ScreenRoutes implements Route.Resource {
    private static final String PNG = "image/png";
    private static final String BINARY = "binary";
    private static final int MIN_WIDTH = 16;
    private static final int MAX_WIDTH = 4096;

    private final VgpuOperations service;
    private final Workers workers;
    private final Consoles consoles;
    private final Streams viewers;
    private final WebSocketMappings webSockets;

    /**
     * Makes it.
     *
     * @param viewers those who look at consoles
     * @param webSockets upgrades connections
     */
    ScreenRoutes(
            VgpuOperations service, Workers workers, Consoles consoles, Streams viewers, WebSocketMappings webSockets) {
        this.service = service;
        this.workers = workers;
        this.consoles = consoles;
        this.viewers = viewers;
        this.webSockets = webSockets;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("screenshot", "/v1/vgpus/{name}/heads/{head}/screenshot", PNG, this::screenshot),
                Route.get("console", "/v1/vgpus/{name}/heads/{head}/console", Route.ANY, this::console),
                Route.get("boardScreenshot", "/v1/boards/{board}/heads/{head}/screenshot", PNG, this::boardScreenshot),
                Route.get("boardConsole", "/v1/boards/{board}/heads/{head}/console", Route.ANY, this::boardConsole));
    }

    private Answer screenshot(Exchange exchange) throws InterruptedException {
        String name = exchange.path("name");
        int head = exchange.head();
        return picture(exchange, name, () -> service.screenshot(name, head));
    }

    private Answer boardScreenshot(Exchange exchange) throws InterruptedException {
        String board = exchange.path("board");
        int head = exchange.head();
        return picture(exchange, board, () -> service.boardScreenshot(board, head));
    }

    private Answer picture(Exchange exchange, String whose, Callable<Optional<Frame>> look)
            throws InterruptedException {
        exchange.allowQuery("width");
        OptionalInt width = exchange.queryNumber("width", MIN_WIDTH, MAX_WIDTH);
        byte[] png = workers.ask(() -> {
            Frame frame = look.call()
                    .orElseThrow(() -> ProblemException.of(
                            ProblemCode.BUSY, "Head " + exchange.head() + " of " + whose + " is off"))
                    .whole();
            return png(width.isPresent() ? Thumbnail.of(frame, width.getAsInt()) : frame);
        });
        return new Answer.Whole(200, PNG, png, Map.of());
    }

    private static byte[] png(Frame frame) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PngWriter.write(frame, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private Answer console(Exchange exchange) throws InterruptedException {
        exchange.allowQuery();
        int head = exchange.head();
        VgpuView vgpu = workers.ask(() -> service.vgpu(exchange.path("name")));
        requireHead(vgpu.name(), head, vgpu.heads().size());
        return console(exchange, new Head.OfVgpu(vgpu.uuid(), head));
    }

    private Answer boardConsole(Exchange exchange) throws InterruptedException {
        exchange.allowQuery();
        int head = exchange.head();
        BoardView board = workers.ask(() -> service.board(exchange.path("board")));
        requireHead(board.name(), head, board.heads().size());
        return console(exchange, new Head.OfBoard(board.name(), head));
    }

    private static void requireHead(String whose, int head, int heads) {
        if (head >= heads) {
            throw ProblemException.of(ProblemCode.NOT_FOUND, whose + " has no such head: " + head + ", of " + heads);
        }
    }

    private Answer console(Exchange exchange, Head head) {
        if (!exchange.request().getHeaders().contains(HttpHeader.SEC_WEBSOCKET_KEY)) {
            throw ProblemException.of(ProblemCode.UPGRADE_REQUIRED, "A console is a WebSocket", "Upgrade", "websocket");
        }
        viewers.enter();
        ConsoleSocket socket = new ConsoleSocket(transport -> consoles.serve(head, transport), viewers::leave);
        boolean upgraded = false;
        try {
            upgraded = webSockets.upgrade(
                    (request, response, callback) -> negotiate(request, response, socket),
                    exchange.request(),
                    exchange.response(),
                    exchange.callback(),
                    ConsoleSocket::limit);
        } finally {
            if (!upgraded) {
                viewers.leave();
            }
        }
        if (!upgraded) {
            throw ProblemException.of(ProblemCode.INVALID, "This is no proper request for a WebSocket");
        }
        return new Answer.Upgraded();
    }

    private static FrameHandler negotiate(
            ServerUpgradeRequest request, ServerUpgradeResponse response, ConsoleSocket socket) {
        if (request.getSubProtocols().contains(BINARY)) {
            response.setAcceptedSubProtocol(BINARY);
        }
        // No compression: RFB has its own, and what a viewer says could swell without bound.
        response.setExtensions(List.of());
        return socket;
    }
}
