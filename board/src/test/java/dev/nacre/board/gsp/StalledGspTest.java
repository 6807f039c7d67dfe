package dev.nacre.board.gsp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A firmware that hangs because somebody wants it to. */
class StalledGspTest {
    private final GspFixture fixture = new GspFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void stalledFirmwareSaysNothingAndGoesOnWhereItStood() {
        fixture.bootWithObjects(928);
        fixture.gsp.stall(true);
        fixture.gsp.errorLog(62, -1, -1, "made to happen");
        fixture.settle();
        assertThat(fixture.driver.hasMessage()).isFalse();

        fixture.gsp.stall(false);
        fixture.settle();

        assertThat(fixture.driver.receive().function).isEqualTo(0x1006);
    }

    @Test
    void resetEndsIt() {
        fixture.gsp.stall(true);

        fixture.gsp.reset();

        fixture.bootWithObjects(928);
        fixture.gsp.errorLog(62, -1, -1, "made to happen");
        fixture.settle();
        assertThat(fixture.driver.hasMessage()).isTrue();
    }
}
