package org.smmulator.mutants;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;

/**
 * Every contract holds on a sound machine, and every mutant breaks the contracts that it should.
 */
class MutantsTest {
  @ParameterizedTest
  @EnumSource
  void aSoundMachineKeeps(Contract contract) throws Exception {
    try (Machine machine = Machine.on(new Boards().load(contract.board())).boot()) {
      contract.check(machine);
    }
  }

  @ParameterizedTest
  @EnumSource
  void isNoticed(Mutant mutant) throws Exception {
    for (Contract contract : mutant.noticedBy()) {
      try (Machine machine = mutant.boot(contract.board())) {
        var _ =
            assertThrows(AssertionError.class, () -> contract.check(machine), contract::toString);
      }
    }
  }
}
