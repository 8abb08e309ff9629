package org.smmulator.attacks;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;

/**
 * Clients that submit, bind and share by chance, on each board under each design that gives files
 * tables of their own: none reads or writes a byte of another. Where all files share one table they
 * do.
 */
class PagetablesPropertyTest {
  private static final int CALLS = Integer.getInteger("smmulator.attacks.pagetableCalls", 2_000);
  private static final long SECOND = 1_000_000_000;

  /**
   * Upstream's design and that of 2019 give files tables of their own where the GPU's SMMU has two
   * table bases.
   */
  @ParameterizedTest
  @CsvSource({
    "db410c, bind-task",
    "db410c, dynamic-domains",
    "db820c, bind-task",
    "db820c, dynamic-domains",
    "db845c, adreno-smmu",
    "db845c, bind-task",
    "db845c, dynamic-domains",
    "db845c, aux-domains",
    "trogdor, adreno-smmu",
    "trogdor, bind-task",
    "trogdor, dynamic-domains",
    "trogdor, aux-domains"
  })
  void whoeverMakesTheTableNobodyHarmsAnother(String board, String design) throws Exception {
    ImmutableMap<String, String> settings = ImmutableMap.of("msm.pagetables", design);
    new RandomRun(board, "random", 3, 4, 0, CALLS, settings).check();
    new RandomRun(board, "random", 4, 3, 2, CALLS, settings).check();
  }

  /** The other side: with one table for all, an address is enough. */
  @ParameterizedTest
  @CsvSource({
    "db410c, shared",
    "db410c, adreno-smmu",
    "db410c, aux-domains",
    "db820c, shared",
    "db820c, adreno-smmu",
    "db820c, aux-domains",
    "db845c, shared",
    "trogdor, shared"
  })
  void whereAllFilesShareATableOneReadsAndWritesTheOthers(String board, String design)
      throws Exception {
    KernelConfig config = KernelConfig.defaults().with("msm.pagetables", design);
    try (Machine machine = Machine.on(new Boards().load(board)).config(config).boot()) {
      Client victim = machine.host("victim");
      MsmDevice theirs = new MsmDevice(victim, victim.open(RawMsm.NODE));
      MsmBuffer secret = theirs.newBuffer(4096, GemNew.WC);
      secret.store32(0, 0xcafe);
      long at = secret.iova();
      Client attacker = machine.host("attacker");
      MsmDevice own = new MsmDevice(attacker, attacker.open(RawMsm.NODE));
      MsmBuffer loot = own.newBuffer(4096, GemNew.WC);
      var use = ImmutableList.of(new MsmDevice.Use(loot, GemSubmitBo.WRITE));
      // the victim's buffer must be in the table: a job of its own has put it there
      var its = ImmutableList.of(new MsmDevice.Use(secret, GemSubmitBo.WRITE));
      theirs.submit(0, its, theirs.stream().memWrite(at + 8, 1)).await(SECOND);

      own.submit(0, use, own.stream().memCopy(loot.iova(), at).memWrite(at + 4, 0xbeef))
          .await(SECOND);

      assertThat(loot.load32(0)).isEqualTo(0xcafe);
      assertThat(secret.load32(4)).isEqualTo(0xbeef);
    }
  }
}
