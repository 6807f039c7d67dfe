package dev.nacre.board.intr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import org.junit.jupiter.api.Test;

class InterruptTreeTest {
    private static final int LEAF = 0xb81000;
    private static final int LEAF_EN_SET = 0xb81200;
    private static final int LEAF_EN_CLEAR = 0xb81400;
    private static final int TOP = 0xb81600;
    private static final int TOP_EN_SET = 0xb81608;
    private static final int TOP_EN_CLEAR = 0xb81610;
    private static final int TRIGGER = 0xb81640;
    private static final int VECTOR = 155;
    private static final int LEAF_OF_VECTOR = LEAF + 4 * 4;
    private static final int BIT_OF_VECTOR = 1 << 27;

    private int messages;
    private final InterruptTree tree = new InterruptTree(() -> messages++);

    @Test
    void aVectorIsItsLeafsBitAndItsSubtreesTopBit() {
        enable();

        tree.raise(VECTOR);

        assertThat(read(TOP)).isEqualTo(1 << 2);
        assertThat(read(LEAF_OF_VECTOR)).isEqualTo(BIT_OF_VECTOR);
        assertThat(messages).isOne();
    }

    @Test
    void nothingIsSentUntilLeafAndTopAreEnabled() {
        tree.raise(VECTOR);
        assertThat(read(TOP)).isZero();

        write(LEAF_EN_SET + 16, BIT_OF_VECTOR);
        assertThat(read(TOP)).isEqualTo(4);
        assertThat(messages).isZero();

        write(TOP_EN_SET, 4);
        assertThat(messages).isOne();
    }

    @Test
    void aSecondVectorWhileOneIsPendingSendsNothing() {
        enable();

        tree.raise(VECTOR);
        tree.raise(VECTOR);
        tree.raise(10);

        assertThat(messages).isOne();
    }

    @Test
    void anInterruptServiceAsNouveauDoesItLosesNothing() {
        enable();
        tree.raise(VECTOR);

        write(TOP_EN_CLEAR, 0xf);
        tree.rearm();
        assertThat(messages).isOne();
        write(LEAF_OF_VECTOR, read(LEAF_OF_VECTOR));
        tree.raise(10);
        write(TOP_EN_SET, 0xf);

        assertThat(messages).isEqualTo(2);
        assertThat(read(LEAF)).isEqualTo(1 << 10);
    }

    @Test
    void aVectorThatComesAfterAllWasTakenSendsAgain() {
        enable();
        tree.raise(VECTOR);
        write(LEAF_OF_VECTOR, BIT_OF_VECTOR);

        tree.raise(VECTOR);

        assertThat(messages).isEqualTo(2);
    }

    @Test
    void rearmingSendsOnlyWhileSomethingIsPending() {
        enable();
        tree.rearm();
        assertThat(messages).isZero();

        tree.raise(VECTOR);
        tree.rearm();

        assertThat(messages).isEqualTo(2);
    }

    @Test
    void enablingAnythingSendsAgainWhatIsPending() {
        enable();
        tree.raise(VECTOR);

        write(LEAF_EN_SET + 4, 1);

        assertThat(messages).isEqualTo(2);
    }

    @Test
    void enablesReadBackFromBothRegistersAndAreCleared() {
        write(LEAF_EN_SET + 4, 0xff);
        write(LEAF_EN_CLEAR + 4, 0x0f);
        write(TOP_EN_SET, 0xf);
        write(TOP_EN_CLEAR, 0x3);

        assertThat(read(LEAF_EN_SET + 4)).isEqualTo(0xf0);
        assertThat(read(LEAF_EN_CLEAR + 4)).isEqualTo(0xf0);
        assertThat(read(TOP_EN_SET)).isEqualTo(0xc);
        assertThat(read(TOP_EN_CLEAR)).isEqualTo(0xc);
    }

    @Test
    void theDriversSelfTestTriggersAVector() {
        enable();

        write(TRIGGER, 129);

        assertThat(read(LEAF + 16)).isEqualTo(2);
        assertThat(messages).isOne();
    }

    @Test
    void aTriggerBeyondTheVectorsIsDropped() {
        enable();

        write(TRIGGER, 256);
        write(TRIGGER, -1);

        assertThat(read(TOP)).isZero();
        assertThat(messages).isZero();
    }

    @Test
    void aRestoredTreeTellsWhatIsPendingOnceMore() {
        enable();
        tree.raise(VECTOR);
        StateWriter saved = new StateWriter();
        tree.save(saved);
        int[] sent = {0};
        InterruptTree other = new InterruptTree(() -> sent[0]++);

        other.restore(new StateReader(saved.toByteArray()));

        assertThat(sent[0]).isOne();
        assertThat(other.registers().read(TOP)).isEqualTo(4);
        assertThat(other.registers().read(LEAF_EN_SET + 16)).isEqualTo(-1);
    }

    @Test
    void afterAResetNothingIsPendingNorEnabled() {
        enable();
        tree.raise(VECTOR);

        tree.reset();
        tree.raise(VECTOR);

        assertThat(messages).isOne();
        assertThat(read(LEAF_EN_SET + 16)).isZero();
        assertThat(read(TOP_EN_SET)).isZero();
    }

    private void enable() {
        for (int leaf = 0; leaf < 8; leaf++) {
            write(LEAF_EN_SET + 4 * leaf, -1);
        }
        write(TOP_EN_SET, 0xf);
    }

    private int read(int address) {
        return tree.registers().read(address);
    }

    private void write(int address, int value) {
        tree.registers().write(address, value);
    }
}
