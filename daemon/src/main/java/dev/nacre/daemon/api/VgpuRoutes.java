package dev.nacre.daemon.api;

import dev.nacre.daemon.api.json.AttachmentJson;
import dev.nacre.daemon.api.json.VgpusJson;
import dev.nacre.daemon.host.AttachView;
import dev.nacre.daemon.host.CreateVgpu;
import dev.nacre.daemon.host.VgpuOperations;
import dev.nacre.daemon.host.VgpuView;
import dev.nacre.daemon.host.Vmm;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Virtual GPUs. */
final class VgpuRoutes implements Route.Resource {
    private static final List<String> VMMS =
            Arrays.stream(Vmm.values()).map(Vmm::label).toList();

    // What a placement id can be at the most, far beyond any board's GiB.
    private static final int MAX_PLACEMENT = 65535;

    private static final int MAX_TYPE = 64;

    private final VgpuOperations service;
    private final Workers workers;

    VgpuRoutes(VgpuOperations service, Workers workers) {
        this.service = service;
        this.workers = workers;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("listVgpus", "/v1/vgpus", Answer.JSON, this::list),
                Route.post("createVgpu", "/v1/vgpus", Answer.JSON, this::create),
                Route.get("showVgpu", "/v1/vgpus/{name}", Answer.JSON, this::show),
                Route.delete("deleteVgpu", "/v1/vgpus/{name}", this::delete),
                Route.post("resetVgpu", "/v1/vgpus/{name}/reset", Answer.JSON, this::reset),
                Route.get("attachVgpu", "/v1/vgpus/{name}/attach", Answer.JSON, this::attach),
                Route.get("readGspLog", "/v1/vgpus/{name}/gsp-log", "text/plain", this::gspLog));
    }

    private Answer list(Exchange exchange) throws InterruptedException {
        exchange.allowQuery("board");
        Optional<String> board = exchange.queryName("board");
        List<VgpuView> all = workers.ask(() -> {
            board.ifPresent(service::board);
            return service.vgpus();
        });
        return Answer.json(new VgpusJson(all.stream()
                .filter(vgpu -> board.map(vgpu.board()::equals).orElse(true))
                .map(ToJson::vgpu)
                .toList()));
    }

    private Answer create(Exchange exchange) throws InterruptedException {
        exchange.allowQuery();
        CreateVgpu wanted = wanted(BodyReader.read(exchange.request()));
        VgpuView created = workers.change(() -> service.create(wanted));
        return new Answer.Whole(
                201, Answer.JSON, Json.bytes(ToJson.vgpu(created)), Map.of("Location", "/v1/vgpus/" + created.name()));
    }

    private static CreateVgpu wanted(RequestBody body) {
        String name = body.optionalText("name", Exchange.NAME, Exchange.NAME_FORM)
                .orElseThrow(() -> ProblemException.invalid("name", "is missing", List.of()));
        String type = body.text("type", MAX_TYPE);
        Optional<String> board = body.optionalText("board", Exchange.NAME, Exchange.NAME_FORM);
        OptionalLong placement = body.optionalNumber("placement", 0, MAX_PLACEMENT);
        CreateVgpu wanted = new CreateVgpu(
                name,
                type,
                board,
                body.optionalUuid("uuid"),
                // CAST: in the range that was asked for
                placement.isPresent() ? OptionalInt.of((int) placement.getAsLong()) : OptionalInt.empty());
        body.end();
        return wanted;
    }

    private Answer show(Exchange exchange) throws InterruptedException {
        exchange.allowQuery();
        return Answer.json(ToJson.vgpu(workers.ask(() -> service.vgpu(exchange.path("name")))));
    }

    private Answer delete(Exchange exchange) throws InterruptedException {
        exchange.allowQuery();
        workers.change(() -> {
            service.delete(exchange.path("name"));
            return true;
        });
        return Answer.done();
    }

    private Answer reset(Exchange exchange) throws InterruptedException {
        exchange.allowQuery();
        BodyReader.requireNone(exchange.request());
        return Answer.json(ToJson.vgpu(workers.change(() -> service.reset(exchange.path("name")))));
    }

    private Answer attach(Exchange exchange) throws InterruptedException {
        exchange.allowQuery("vmm");
        String word = exchange.queryWord("vmm", VMMS, Vmm.QEMU.label());
        Vmm vmm = Vmm.of(word).orElseThrow();
        AttachView view = workers.ask(() -> service.attach(exchange.path("name"), vmm));
        return Answer.json(new AttachmentJson(word, view.arguments(), view.text()));
    }

    private Answer gspLog(Exchange exchange) throws InterruptedException {
        exchange.allowQuery();
        return Answer.text("text/plain; charset=utf-8", workers.ask(() -> service.gspLog(exchange.path("name"))));
    }
}
