package org.smmulator.script;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever gets at another's private memory fails the run, unless the scenario says so. */
class IsolationTest {
  private static String aStaleEntry(String after) {
    return """
    faults:
      - lose_invalidation: {iommu: 5040000.iommu, armed_by: deaf}
    processes:
      painter:
        - open: {node: renderD128, as: gpu}
        - gem_new: {fd: gpu, size: 4K, as: old}
        - submit: {fd: gpu, buffers: [old], commands: [{mem_write: {at: old, value: 1}}], as: first}
        - wait: {fence: first}
        - inject: deaf
        - gem_close: {buffer: old}
        - barrier: closed
        - barrier: written
        - gem_new: {fd: gpu, size: 4K, as: new}
        - submit: {fd: gpu, buffers: [new], commands: [{mem_write: {at: new, value: 2}}], as: second}
        - wait: {fence: second}
        - barrier: painted
      diarist:
        - mmap: {size: 4K, as: diary}
        - barrier: closed
        - write: {at: diary, value: 3}
        - barrier: written
        - barrier: painted
    """
        + after;
  }

  @Test
  void aStoreIntoAnothersMemoryFailsARunThatExpectsNothing() throws Exception {
    ScenarioTrial.run(aStaleEntry(""), "db845c")
        .assertFailed(
            "nobody else to get at the memory of diarist[101]",
            "painter[100] writes by iova 0x100000000 through 5040000.iommu to pa ");
  }

  @Test
  void aScenarioThatNamesTheTrespassGoesOn() throws Exception {
    ScenarioTrial.run(aStaleEntry("after: [{expect: {trespass: painter, on: diarist}}]"), "db845c")
        .assertOk(1);
  }

  @Test
  void aTrespassThatNobodySawFailsTheRun() throws Exception {
    ScenarioTrial.run(aStaleEntry("after: [{expect: {trespass: diarist, on: painter}}]"), "db845c")
        .assertFailed("diarist to get at the memory of painter", "nobody saw that");
  }

  @Test
  void anotherTrespassThanTheNamedOneFailsTheRun() throws Exception {
    ScenarioTrial.of(
            """
            thief: [sleep: 1ms]
            victim:
              - sleep: 2ms
              - expect: {trespass: thief, on: victim}
            """)
        .assertFailed("thief to get at the memory of victim", "nobody saw that");
  }

  /** Under the table that a driver of 2017 binds, too, and on another board. */
  @ParameterizedTest
  @CsvSource({"db845c, msm.pagetables=bind-task", "trogdor, msm.pagetables=adreno-smmu"})
  void aStoreUnderEachDesignIsSeen(String board, String setting) throws Exception {
    ScenarioTrial.run(aStaleEntry(""), board, setting)
        .assertFailed("memory of diarist[101]", "painter[100] writes");
  }

  @ParameterizedTest
  @CsvSource({
    "db845c, msm.pagetables=adreno-smmu",
    "db845c, msm.pagetables=bind-task",
    "db845c, msm.pagetables=dynamic-domains",
    "db845c, msm.pagetables=shared",
    "db410c, msm.pagetables=bind-task",
    "db410c, msm.pagetables=shared",
    "trogdor, gem.backing=scattered"
  })
  void whatIsSharedOnPurposeIsNobodysAlone(String board, String setting) throws Exception {
    ScenarioTrial.run(
            """
            processes:
              maker:
                - open: {node: card0, as: gpu}
                - dup: {fd: gpu, as: again}
                - gem_new: {fd: again, size: 8K, as: page}
                - gem_flink: {buffer: page, as: name}
                - gem_new: {fd: gpu, size: 8K, as: given}
                - prime_export: {buffer: given, as: file}
                - gem_new: {fd: gpu, size: 8K, as: inherited}
                - write: {at: inherited, value: 1}
                - fork:
                    process: child
                    steps:
                      - gem_new: {fd: gpu, size: 4K, as: own}
                      - submit: {fd: gpu, buffers: [inherited, own], commands: [{mem_write: {at: inherited+4, value: 2}}, {mem_write: {at: own, value: 3}}], as: job}
                      - wait: {fence: job}
                      - expect: {read: own, is: 3}
                - fork:
                    process: taker
                    steps:
                      - open: {node: card0, as: mine}
                      - gem_open: {fd: mine, name: name, as: named}
                      - prime_import: {fd: mine, from: file, as: taken}
                      - submit: {fd: mine, buffers: [named, taken], commands: [{mem_write: {at: named, value: 7}}, {mem_write: {at: taken, value: 8}}], as: job}
                      - wait: {fence: job}
                - expect: {process: child, exits: 0}
                - expect: {read: inherited+4, is: 2}
                - expect: {process: taker, exits: 0}
                - expect: {read: page, is: 7}
                - expect: {read: given, is: 8}
            """,
            board,
            setting)
        .assertOk(6);
  }
}
