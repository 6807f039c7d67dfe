package dev.nacre.drm.kms;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a display is to show: changed as a copy, then checked, then committed. One thread. */
final class State {
    private final List<CrtcState> crtcs;
    private final List<PlaneState> planes;
    private final List<Crtc> outputs;

    /** Stands for a connector without a head, since lists here hold no null. */
    static final Crtc NOWHERE = new Crtc(-1);

    private final Set<Crtc> touched = new LinkedHashSet<>();

    private State(List<CrtcState> crtcs, List<PlaneState> planes, List<Crtc> outputs) {
        this.crtcs = new ArrayList<>(crtcs);
        this.planes = new ArrayList<>(planes);
        this.outputs = new ArrayList<>(outputs);
    }

    /** All off. */
    static State off(int crtcs, List<PlaneState> planes, int connectors) {
        return new State(
                Stream.generate(() -> CrtcState.OFF).limit(crtcs).toList(),
                planes,
                Stream.generate(() -> NOWHERE).limit(connectors).toList());
    }

    /** A copy in which nothing is touched yet. */
    State copy() {
        return new State(crtcs, planes, outputs);
    }

    /** The heads that what was changed belongs to. */
    Set<Crtc> touched() {
        return touched;
    }

    CrtcState of(Crtc crtc) {
        return crtcs.get(crtc.index());
    }

    void set(Crtc crtc, CrtcState next) {
        touched.add(crtc);
        crtcs.set(crtc.index(), next);
    }

    void touch(Crtc crtc) {
        touched.add(crtc);
    }

    PlaneState of(Plane plane) {
        return planes.get(plane.index());
    }

    void set(Plane plane, PlaneState next) {
        touch(of(plane).crtc(), next.crtc());
        planes.set(plane.index(), next);
    }

    private void touch(@Nullable Crtc before, @Nullable Crtc after) {
        Stream.of(before == null ? NOWHERE : before, after == null ? NOWHERE : after)
                .filter(crtc -> crtc != NOWHERE)
                .forEach(touched::add);
    }

    /** The head that a connector shows; null for none. */
    @Nullable
    Crtc of(Connector connector) {
        Crtc crtc = outputs.get(connector.of().index());
        return crtc == NOWHERE ? null : crtc;
    }

    void set(Connector connector, @Nullable Crtc next) {
        touch(of(connector), next);
        outputs.set(connector.of().index(), next == null ? NOWHERE : next);
    }

    /** Whether a head scans in another way than in another state, or elsewhere. */
    boolean needsModeset(State other, Crtc crtc) {
        CrtcState before = other.of(crtc);
        CrtcState after = of(crtc);
        return before.active() != after.active()
                || !Objects.equals(before.mode(), after.mode())
                || !other.connectorsOf(crtc).equals(connectorsOf(crtc));
    }

    /** Numbers of the connectors that show a head. */
    List<Integer> connectorsOf(Crtc crtc) {
        return IntStream.range(0, outputs.size())
                .filter(i -> outputs.get(i) == crtc)
                .boxed()
                .toList();
    }

    /** All pictures of planes. */
    List<FrameBuffer> frameBuffers() {
        return planes.stream()
                .map(PlaneState::fb)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }

    /** All blobs that heads use. */
    List<Blob> blobs() {
        return crtcs.stream()
                .flatMap(crtc -> Stream.of(crtc.modeBlob(), crtc.gamma()))
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }
}
