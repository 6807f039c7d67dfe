package dev.nacre.board.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.reg.RegArray;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegisterBankTest {
    private static final Reg RO = Reg.ro("NV_RO", 0x1000, 0x1234);
    private static final Reg RW = Reg.rw("NV_RW", 0x1004, 0x55);
    private static final Reg WO = Reg.wo("NV_WO", 0x1008);
    private static final Reg W1C = Reg.w1c("NV_W1C", 0x100c);
    private static final RegArray ARRAY = new RegArray(Reg.rw("NV_ARRAY", 0x1010, 7), 3, 8);

    @Test
    void eachAccessDoesWhatItSays() {
        RegisterBank bank = bank();
        bank.or(W1C, 0xff);

        bank.write(0x1000, -1);
        bank.write(0x1004, -1);
        bank.write(0x1008, -1);
        bank.write(0x100c, 0x0f);

        assertThat(bank.read(0x1000)).isEqualTo(0x1234);
        assertThat(bank.read(0x1004)).isEqualTo(-1);
        assertThat(bank.read(0x1008)).isZero();
        assertThat(bank.read(0x100c)).isEqualTo(0xf0);
    }

    @Test
    void aPartialWriteMergesIntoZeroWhereOnesAct() {
        RegisterBank bank = bank();
        bank.or(W1C, 0xff);

        assertThat(bank.peek(0x1004)).isEqualTo(0x55);
        assertThat(bank.peek(0x1008)).isZero();
        assertThat(bank.peek(0x100c)).isZero();
    }

    @Test
    void arraysAreAtTheirStrideAndHolesAreNotModelled() {
        RegisterBank bank = bank();

        bank.write(0x1018, 9);

        assertThat(bank.value(ARRAY.at(0))).isEqualTo(7);
        assertThat(bank.value(ARRAY.at(1))).isEqualTo(9);
        assertThat(bank.models(0x1010)).isTrue();
        assertThat(bank.models(0x1014)).isFalse();
        assertThat(bank.read(0x1014)).isZero();
    }

    @Test
    void aWriteHookSeesOldAndNewAndDecidesWhatIsStored() {
        List<int[]> seen = new ArrayList<>();
        RegisterBank bank = RegisterBank.builder("hooked", 0x1000, 0x40)
                .onWrite(ARRAY, (index, old, value) -> {
                    seen.add(new int[] {index, old, value});
                    return value & 0xf;
                })
                .build();

        bank.write(0x1020, 0x1ff);

        assertThat(seen).singleElement().isEqualTo(new int[] {2, 7, 0x1ff});
        assertThat(bank.read(0x1020)).isEqualTo(0xf);
    }

    @Test
    void aWriteOnlyRegisterActsAndStoresNothing() {
        List<Integer> seen = new ArrayList<>();
        RegisterBank bank = RegisterBank.builder("doorbell", 0x1000, 0x40)
                .onWrite(WO, (index, old, value) -> {
                    seen.add(value);
                    return value;
                })
                .build();

        bank.write(0x1008, 3);

        assertThat(seen).containsExactly(3);
        assertThat(bank.read(0x1008)).isZero();
        assertThat(bank.value(WO)).isZero();
    }

    @Test
    void computedRegistersReadTheirFunctionAndDropWrites() {
        RegisterBank bank = RegisterBank.builder("computed", 0x1000, 0x40)
                .computed(RW, () -> 42)
                .build();

        bank.write(0x1004, 1);

        assertThat(bank.read(0x1004)).isEqualTo(42);
        assertThat(bank.peek(0x1004)).isEqualTo(42);
    }

    @Test
    void aPortActsOnEachReadButNotOnAPeek() {
        int[] next = {0};
        List<Integer> written = new ArrayList<>();
        RegisterBank bank = RegisterBank.builder("port", 0x1000, 0x40)
                .port(ARRAY, index -> next[0]++, (index, old, value) -> {
                    written.add(value);
                    return value;
                })
                .build();

        bank.write(0x1010, 5);

        assertThat(bank.peek(0x1010)).isZero();
        assertThat(bank.read(0x1010)).isZero();
        assertThat(bank.read(0x1010)).isEqualTo(1);
        assertThat(written).containsExactly(5);
    }

    @Test
    void resetGivesTheResetValues() {
        RegisterBank bank = bank();
        bank.write(0x1004, 1);
        bank.write(0x1010, 1);

        bank.reset();

        assertThat(bank.read(0x1004)).isEqualTo(0x55);
        assertThat(bank.read(0x1010)).isEqualTo(7);
    }

    @Test
    void savedStateRestoresEveryStoredRegister() {
        RegisterBank bank = bank();
        bank.write(0x1004, 0xcafe);
        bank.or(W1C, 3);
        bank.write(0x1020, 11);
        StateWriter saved = new StateWriter();
        bank.save(saved);
        RegisterBank other = bank();

        other.restore(new StateReader(saved.toByteArray()));

        assertThat(other.read(0x1004)).isEqualTo(0xcafe);
        assertThat(other.read(0x100c)).isEqualTo(3);
        assertThat(other.read(0x1020)).isEqualTo(11);
    }

    @Test
    void stateOfAnOlderBankLeavesNewRegistersAtReset() {
        StateWriter old = new StateWriter();
        old.put("NV_W1C", new int[] {1});
        RegisterBank bank = bank();
        bank.write(0x1004, 1);

        bank.restore(new StateReader(old.toByteArray()));

        assertThat(bank.read(0x1004)).isEqualTo(0x55);
        assertThat(bank.read(0x100c)).isEqualTo(1);
    }

    @Test
    void stateOfAnotherSizeIsRefusedAndChangesNothing() {
        StateWriter damaged = new StateWriter();
        damaged.put("NV_ARRAY", new int[] {1});
        RegisterBank bank = bank();
        bank.write(0x1004, 1);

        assertThatThrownBy(() -> bank.restore(new StateReader(damaged.toByteArray())))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("NV_ARRAY");
        assertThat(bank.read(0x1004)).isEqualTo(1);
    }

    @Test
    void oneAddressForTwoRegistersIsADefect() {
        RegisterBank.Builder builder =
                RegisterBank.builder("twice", 0x1000, 0x40).store(RW);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.store(Reg.rw("NV_SAME", 0x1004)))
                .withMessageContaining("NV_SAME");
    }

    private static RegisterBank bank() {
        return RegisterBank.builder("test", 0x1000, 0x40)
                .store(RO, RW, WO, W1C)
                .store(ARRAY)
                .build();
    }
}
