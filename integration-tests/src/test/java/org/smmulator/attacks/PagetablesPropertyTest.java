package org.smmulator.attacks;

import com.google.common.collect.ImmutableMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that submit, bind and share by chance, under each design that gives files tables of their
 * own: none reads or writes a byte of another.
 */
class PagetablesPropertyTest {
  private static final int CALLS = Integer.getInteger("smmulator.attacks.pagetableCalls", 2_000);

  @ParameterizedTest
  @ValueSource(strings = {"adreno-smmu", "bind-task", "dynamic-domains", "aux-domains"})
  void whoeverMakesTheTableNobodyHarmsAnother(String design) throws Exception {
    ImmutableMap<String, String> settings = ImmutableMap.of("msm.pagetables", design);
    new RandomRun("db845c", "random", 3, 4, 0, CALLS, settings).check();
    new RandomRun("db845c", "random", 4, 3, 2, CALLS, settings).check();
  }
}
