package dev.nacre.daemon.api;

import dev.nacre.daemon.host.InjectedFault;
import dev.nacre.daemon.host.VgpuOperations;
import java.util.List;
import java.util.function.Consumer;

/** Faults that are made to happen. */
final class FaultRoutes implements Route.Resource {
    private static final List<String> KINDS = List.of("xid", "unplug", "stalled-gsp", "page-fault", "gpu-lost");

    // HW: Xid 31, a fault of the GPU's MMU, is what users see most
    private static final int USUAL_XID = 31;
    private static final int MAX_XID = 255;
    private static final int MAX_TEXT = 120;

    private final VgpuOperations service;
    private final Workers workers;

    FaultRoutes(VgpuOperations service, Workers workers) {
        this.service = service;
        this.workers = workers;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post(
                        "injectBoardFault",
                        "/v1/boards/{board}/faults",
                        Route.ANY,
                        exchange -> inject(exchange, fault -> service.injectBoard(exchange.path("board"), fault))),
                Route.post(
                        "injectVgpuFault",
                        "/v1/vgpus/{name}/faults",
                        Route.ANY,
                        exchange -> inject(exchange, fault -> service.inject(exchange.path("name"), fault))));
    }

    private Answer inject(Exchange exchange, Consumer<InjectedFault> target) throws InterruptedException {
        exchange.allowQuery();
        InjectedFault fault = fault(BodyReader.read(exchange.request()));
        workers.change(() -> {
            target.accept(fault);
            return true;
        });
        return Answer.done();
    }

    private static InjectedFault fault(RequestBody body) {
        InjectedFault fault = switch (body.oneOf("kind", KINDS)) {
            case "xid" ->
                new InjectedFault.Xid(
                        // CAST: in the range that was asked for
                        (int) body.optionalNumber("number", 1, MAX_XID).orElse(USUAL_XID),
                        body.optionalText("text", MAX_TEXT).orElse("injected by the operator"));
            case "unplug" -> new InjectedFault.Unplug();
            case "stalled-gsp" ->
                new InjectedFault.StalledGsp(body.optionalTruth("stalled").orElse(true));
            case "page-fault" -> new InjectedFault.PageFault();
            default -> new InjectedFault.GpuLost();
        };
        body.end();
        return fault;
    }
}
