package dev.nacre.daemon.api;

import dev.nacre.daemon.api.json.BoardsJson;
import dev.nacre.daemon.api.json.TypesJson;
import dev.nacre.daemon.host.TypeView;
import dev.nacre.daemon.host.VgpuOperations;
import java.util.List;
import java.util.Optional;

/** Boards, and the types of virtual GPUs that they can have. */
final class BoardRoutes implements Route.Resource {
    private final VgpuOperations service;
    private final Workers workers;

    BoardRoutes(VgpuOperations service, Workers workers) {
        this.service = service;
        this.workers = workers;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("listBoards", "/v1/boards", Answer.JSON, this::list),
                Route.get("showBoard", "/v1/boards/{board}", Answer.JSON, this::show),
                Route.post("resetBoard", "/v1/boards/{board}/reset", Answer.JSON, this::reset),
                Route.get("listUnknownRegisters", "/v1/boards/{board}/unknown-registers", Answer.JSON, this::unknown),
                Route.get("listFunctions", "/v1/boards/{board}/functions", Answer.JSON, this::functions),
                Route.get("listTypes", "/v1/types", Answer.JSON, this::types));
    }

    private Answer list(Exchange exchange) throws InterruptedException {
        exchange.allowQuery();
        return Answer.json(new BoardsJson(
                workers.ask(service::boards).stream().map(ToJson::board).toList()));
    }

    private Answer show(Exchange exchange) throws InterruptedException {
        exchange.allowQuery();
        return Answer.json(ToJson.board(workers.ask(() -> service.board(exchange.path("board")))));
    }

    private Answer reset(Exchange exchange) throws InterruptedException {
        exchange.allowQuery();
        BodyReader.requireNone(exchange.request());
        return Answer.json(ToJson.board(workers.change(() -> service.resetBoard(exchange.path("board")))));
    }

    private Answer unknown(Exchange exchange) throws InterruptedException {
        exchange.allowQuery();
        return Answer.json(ToJson.unknown(workers.ask(() -> service.unknown(exchange.path("board")))));
    }

    private Answer functions(Exchange exchange) throws InterruptedException {
        exchange.allowQuery();
        return Answer.json(ToJson.functions(workers.ask(() -> service.functions(exchange.path("board")))));
    }

    private Answer types(Exchange exchange) throws InterruptedException {
        exchange.allowQuery("board", "creatable");
        Optional<String> board = exchange.queryName("board");
        boolean creatable = exchange.queryTruth("creatable");
        List<TypeView> all = workers.ask(() -> {
            board.ifPresent(service::board);
            return service.types();
        });
        return Answer.json(new TypesJson(all.stream()
                .filter(type ->
                        board.map(name -> type.creatable().containsKey(name)).orElse(true))
                .filter(type -> !creatable || room(type, board) > 0)
                .map(ToJson::type)
                .toList()));
    }

    private static int room(TypeView type, Optional<String> board) {
        return board.map(name -> type.creatable().getOrDefault(name, 0)).orElseGet(type::left);
    }
}
