package dev.nacre.hw.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.hw.copy.Nvc7b5;
import dev.nacre.hw.reg.Reg;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HostFormatsTest {
    @Test
    void hostMethodsAreFoundByTheirAddress() {
        for (HostMethod method : HostMethod.values()) {
            assertThat(HostMethod.at(method.address())).isEqualTo(method);
        }
        assertThat(HostMethod.at(0x0c)).isNull();
        assertThat(HostMethod.at(HostMethod.FIRST_ENGINE_METHOD - 4)).isNull();
    }

    @Test
    void copyMethodsHaveAddressesOfTheirOwnInOrder() {
        assertThat(Nvc7b5.METHODS)
                .extracting(Reg::offset)
                .doesNotHaveDuplicates()
                .isSorted();
        assertThat(Nvc7b5.METHODS).extracting(Reg::name).allMatch(name -> name.startsWith("NVC7B5_"));
    }

    @Test
    void semaphoreOperationIsTakenApart() {
        int data = 0x0310_0001;

        assertThat(SemExecute.operation(data)).isEqualTo(SemExecute.Operation.RELEASE);
        assertThat(SemExecute.RELEASE_WFI.get(data)).isTrue();
        assertThat(SemExecute.PAYLOAD_SIZE_64BIT.get(data)).isTrue();
        assertThat(SemExecute.RELEASE_TIMESTAMP.get(data)).isTrue();
        assertThat(SemExecute.operation(7)).isNull();
    }

    @Test
    void entryIsTakenApart() {
        long entry = 0x8000_0000_0000_0000L | 0x1_2345L << 42 | 1L << 41 | 0x12_3456_7890L | 1;

        assertThat(GpEntry.GET.get(entry) << 2).isEqualTo(0x12_3456_7890L);
        assertThat(GpEntry.LENGTH.get(entry)).isEqualTo(0x12345);
        assertThat(GpEntry.LEVEL_SUBROUTINE.isSet(entry)).isTrue();
        assertThat(GpEntry.SYNC_WAIT.isSet(entry)).isTrue();
        assertThat(GpEntry.FETCH_CONDITIONAL.isSet(entry)).isTrue();
    }

    @Test
    void headerIsTakenApart() {
        int header = 0x2005_8103;

        assertThat(PushHeader.SEC_OP.get(header)).isEqualTo(PushHeader.SEC_OP_INC_METHOD);
        assertThat(PushHeader.METHOD_COUNT.get(header)).isEqualTo(5);
        assertThat(PushHeader.METHOD_SUBCHANNEL.get(header)).isEqualTo(4);
        assertThat(PushHeader.METHOD_ADDRESS.get(header) << 2).isEqualTo(0x40c);
    }

    @Test
    void instanceBlockGivesThePageDirectory() {
        // HW: as nouveau writes it
        long fields = 0x0000_0000_379f_1c00L;

        assertThat(InstanceBlock.USE_VER2_PT_FORMAT.isSet(fields)).isTrue();
        assertThat(InstanceBlock.PAGE_DIR_BASE_TARGET.get(fields)).isZero();
        assertThat(InstanceBlock.PAGE_DIR_BASE_ADDRESS.get(fields) << 12).isEqualTo(0x379f_1000L);
    }

    @Test
    void reductionsAreFoundByTheirCode() {
        assertThat(Arrays.asList(Reduction.of(0), Reduction.of(5), Reduction.of(7), Reduction.of(8), Reduction.of(-1)))
                .containsExactly(Reduction.IMIN, Reduction.IADD, Reduction.DEC, null, null);
    }
}
