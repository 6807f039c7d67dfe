package dev.nacre.board.rm;

import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.rm.RmStatus;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Which handler answers which control. */
final class ControlRegistry {
    private final Map<RmControl, ControlHandler> handlers = new EnumMap<>(RmControl.class);

    /** Has a handler answer a control. */
    void on(RmControl control, ControlHandler handler) {
        if (handlers.put(control, handler) != null) {
            throw new IllegalStateException("Control has two handlers: control=" + control);
        }
    }

    /** Has a control answered that cannot fail: the parameters go back with what {@code fill} put into them. */
    void reply(RmControl control, Consumer<ControlCall> fill) {
        on(control, call -> {
            fill.accept(call);
            return RmStatus.NV_OK;
        });
    }

    /** Takes controls that set what this board has no use for. The parameters go back as they came. */
    void accept(RmControl... controls) {
        for (RmControl control : controls) {
            reply(control, ControlCall::echo);
        }
    }

    /** Answers controls with zeros: there is none of what they ask for. */
    void none(RmControl... controls) {
        for (RmControl control : controls) {
            reply(control, call -> {});
        }
    }

    @Nullable
    ControlHandler find(RmControl control) {
        return handlers.get(control);
    }
}
