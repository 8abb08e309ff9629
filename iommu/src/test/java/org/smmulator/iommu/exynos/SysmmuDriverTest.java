package org.smmulator.iommu.exynos;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.iommu.exynos.ExynosMachine.sleep;
import static org.smmulator.iommu.exynos.ExynosMachine.wake;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.sysmmu.SysmmuConfig;
import org.smmulator.iommu.FaultResponse;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuFaultHandler;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.MachineStopped;

/** The driver on the real models, over MMIO: what it writes, and what the hardware then does. */
class SysmmuDriverTest {
  private static final long IOVA = 0x4000_0000L;
  private static final long PA = 0x8200_0000L;
  private static final long PAGE = 0x1000;
  private static final int DECON_0 = 0;
  private static final int DECON_1 = 1;
  private static final int MIXER = 2;
  private static final int MAGIC = 0x600d_cafe;

  private ExynosMachine machine;

  SysmmuDriverTest() throws Exception {
    machine = new ExynosMachine(5, 0);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void aMasterHasAGroupOfItsOwnHoweverManySysmmusItHas() throws Exception {
    boot(5, 0);

    assertThat(machine.kernel.iommu.groups()).hasSize(3);
    assertThat(ExynosIommuOwner.of(machine.decon).controllers()).hasSize(2);
    assertThat(ExynosIommuOwner.of(machine.mixer).controllers()).hasSize(1);
    assertThat(machine.controller(DECON_0).master()).isEqualTo(machine.decon);
    assertThat(machine.kernel.iommu.domainOf(machine.decon)).isEqualTo(IommuDomain.Fixed.IDENTITY);
  }

  @Test
  void whatAnEnabledSysmmuIsToldInTheKernelsOrder() throws Exception {
    boot(3, 3);
    machine.kernel.run(() -> {
      long root = rootOf(machine.attached(machine.mixer));

      assertThat(machine.registers.get(MIXER).takeStores())
          .containsExactly("0=7", "4=1100784", "14=%x".formatted(root), "c=1", "0=5")
          .inOrder();
    });
  }

  @Test
  void newerVersionsTakeThePageNumberOfTheRoot() throws Exception {
    boot(5, 0);
    machine.kernel.run(() -> {
      long root = rootOf(machine.attached(machine.mixer));

      assertThat(machine.registers.get(MIXER).takeStores())
          .containsExactly("0=7", "4=1100784", "c=%x".formatted(root >>> 12), "10=1", "0=5")
          .inOrder();
    });
  }

  @Test
  void withVirtualMachinesTheFirstIsStartedAndStallsOnFaults() throws Exception {
    machine =
        new ExynosMachine(new SysmmuConfig(7, 0, true, false, ExynosMachine.config(7, 0).tlb()));
    var _ = machine.boot();
    machine.kernel.run(() -> {
      long root = rootOf(machine.attached(machine.mixer));

      assertThat(machine.registers.get(MIXER).takeStores())
          .containsExactly(
              "0=7", "4=1100784", "800c=%x".formatted(root >>> 12), "8010=1", "8000=9", "0=5")
          .inOrder();
    });
  }

  @Test
  void olderVersionsAreConfiguredForWhatTheyHave() throws Exception {
    assertThat(configOf(1, 0)).isEqualTo(0x785);
    assertThat(configOf(2, 1)).isEqualTo(0x785);
    assertThat(configOf(3, 1)).isEqualTo(0x785);
    assertThat(configOf(3, 2)).isEqualTo(0x50_0785);
    assertThat(configOf(3, 3)).isEqualTo(0x110_0784);
    assertThat(configOf(6, 0)).isEqualTo(0x110_0784);
  }

  @Test
  void aMasterThatCannotBeStoppedGoesOnAndNothingIsForgotten() throws Exception {
    boot(3, 3);
    machine.kernel.run(() -> {
      IommuDomain.Paging domain = machine.attached(machine.mixer);
      machine.kernel.iommu.map(domain, IOVA, PA, PAGE, READ | WRITE);
      machine.kernel.dram.putInt(PA, MAGIC);
      assertThat(machine.port(MIXER).load32(IOVA)).isEqualTo(MAGIC);
      ExynosMachine.Registers registers = machine.registers.get(MIXER);
      var _ = registers.takeStores();
      registers.statusReads = 0;
      registers.neverBlocked = true;

      assertThat(machine.kernel.iommu.unmap(domain, IOVA, PAGE)).isEqualTo(PAGE);

      assertThat(registers.takeStores()).containsExactly("0=7", "0=5").inOrder();
      assertThat(registers.statusReads).isEqualTo(120);
      assertThat(machine.port(MIXER).load32(IOVA)).isEqualTo(MAGIC); // stale, as on silicon
      registers.neverBlocked = false;
      machine.kernel.iommu.map(domain, IOVA, PA + PAGE, PAGE, READ);
      var _ = machine.kernel.iommu.unmap(domain, IOVA, PAGE);
      assertThat(registers.takeStores())
          .containsExactly("0=7", "10=%x".formatted(IOVA | 1), "0=5")
          .inOrder();
    });
  }

  @Test
  void aSwitchOfTablesBlocksSetsTheBaseInvalidatesAndGoesOn() throws Exception {
    boot(5, 0);
    machine.kernel.run(() -> {
      IommuDomain.Paging first = machine.attached(machine.mixer);
      IommuDomain.Paging second = machine.kernel.iommu.allocPaging(machine.mixer);
      machine.kernel.iommu.map(first, IOVA, PA, PAGE, READ | WRITE);
      machine.kernel.iommu.map(second, IOVA, PA + PAGE, PAGE, READ | WRITE);
      machine.kernel.dram.putInt(PA, 1);
      machine.kernel.dram.putInt(PA + PAGE, 2);
      assertThat(machine.port(MIXER).load32(IOVA)).isEqualTo(1);
      var _ = machine.registers.get(MIXER).takeStores();

      machine.kernel.iommu.load(second, machine.mixer);

      assertThat(machine.registers.get(MIXER).takeStores())
          .containsExactly("0=7", "c=%x".formatted(rootOf(second) >>> 12), "10=1", "0=5")
          .inOrder();
      assertThat(machine.kernel.iommu.domainOf(machine.mixer)).isSameInstanceAs(second);
      assertThat(machine.port(MIXER).load32(IOVA)).isEqualTo(2);

      // An unmap reaches the table that is walked, and the former one costs no register any more.
      var _ = machine.kernel.iommu.unmap(second, IOVA, PAGE);
      assertThat(machine.registers.get(MIXER).takeStores()).isNotEmpty();
      var _ = machine.kernel.iommu.unmap(first, IOVA, PAGE);
      assertThat(machine.registers.get(MIXER).takeStores()).isEmpty();
      machine.kernel.iommu.detach(second, machine.mixer);
      assertThat(machine.kernel.iommu.domainOf(machine.mixer))
          .isEqualTo(IommuDomain.Fixed.IDENTITY);
    });
  }

  @Test
  void bothSysmmusOfAMasterTranslateByTheSameTableAndForgetTogether() throws Exception {
    boot(5, 0);
    machine.kernel.run(() -> {
      IommuDomain.Paging domain = machine.attached(machine.decon);
      machine.kernel.iommu.map(domain, IOVA, PA, PAGE, READ | WRITE);
      machine.kernel.dram.putInt(PA, 1);
      machine.kernel.dram.putInt(PA + PAGE, 2);
      assertThat(machine.port(DECON_0).load32(IOVA)).isEqualTo(1);
      assertThat(machine.port(DECON_1).load32(IOVA)).isEqualTo(1);

      remap(domain, PA + PAGE);

      assertThat(machine.port(DECON_0).load32(IOVA)).isEqualTo(2);
      assertThat(machine.port(DECON_1).load32(IOVA)).isEqualTo(2);
      assertThat(domain.place()).isEqualTo("0.sysmmu 1.sysmmu");
    });
  }

  @Test
  void everyUnmappedLeafIsFlushedUnderBlock() throws Exception {
    boot(5, 0);
    machine.kernel.run(() -> {
      IommuDomain.Paging domain = machine.attached(machine.mixer);
      machine.kernel.iommu.map(domain, IOVA, PA, 2 * PAGE, READ);
      var _ = machine.registers.get(MIXER).takeStores();

      assertThat(machine.kernel.iommu.unmap(domain, IOVA, 2 * PAGE)).isEqualTo(2 * PAGE);

      assertThat(machine.registers.get(MIXER).takeStores())
          .containsExactly("0=7", "14=40000001", "0=5", "0=7", "14=40001001", "0=5")
          .inOrder();
    });
  }

  @Test
  void aVersion2FlushesOneEntryForEachSetThatASectionCanBeIn() throws Exception {
    boot(2, 0);
    machine.kernel.run(() -> {
      IommuDomain.Paging domain = machine.attached(machine.mixer);
      machine.kernel.iommu.map(domain, IOVA, PA, 1 << 20, READ);
      assertThat(machine.port(MIXER).load32(IOVA)).isEqualTo(0);
      assertThat(machine.port(MIXER).load32(IOVA + 0x3_f000)).isEqualTo(0);
      var _ = machine.registers.get(MIXER).takeStores();

      assertThat(machine.kernel.iommu.unmap(domain, IOVA, 1 << 20)).isEqualTo(1 << 20);

      assertThat(machine.registers.get(MIXER).takeStores()).hasSize(2 + 64);
      machine.kernel.iommu.map(domain, IOVA, PA + (1 << 20), 1 << 20, READ);
      machine.kernel.dram.putInt(PA + (1 << 20) + 0x3_f000, MAGIC);
      assertThat(machine.port(MIXER).load32(IOVA + 0x3_f000)).isEqualTo(MAGIC);
    });
  }

  @Test
  void aTableInThePlaceOfTheLinkIsToldToSysmmusThatKeepLinks() throws Exception {
    for (int[] version : new int[][] {{3, 2}, {3, 3}, {5, 0}}) {
      boot(version[0], version[1]);
      machine.kernel.run(() -> {
        IommuDomain.Paging domain = machine.attached(machine.mixer);
        var _ = machine.registers.get(MIXER).takeStores();
        machine.kernel.iommu.map(domain, IOVA, PA, PAGE, READ);
        machine.kernel.iommu.map(domain, IOVA + PAGE, PA, PAGE, READ);

        List<String> stores = machine.registers.get(MIXER).takeStores();
        switch (version[0] * 10 + version[1]) {
          case 33 -> assertThat(stores).containsExactly("0=7", "10=40000001", "0=5").inOrder();
          case 50 -> assertThat(stores).containsExactly("0=7", "10=1", "0=5").inOrder();
          default -> assertThat(stores).isEmpty();
        }
      });
    }
  }

  @Test
  void whoSkipsThatFlushSeesAFaultWhereSomethingIsMapped() throws Exception {
    SysmmuConfig prefetching =
        new SysmmuConfig(3, 3, false, true, ExynosMachine.config(3, 3).tlb());
    assertThat(faultsBesideAMapping(prefetching, ExynosMachine.NOTHING)).isEqualTo(0);
    assertThat(faultsBesideAMapping(prefetching, 0x10)).isEqualTo(1);
  }

  /** The next megabyte is mapped after a walk has kept its link. */
  private int faultsBesideAMapping(SysmmuConfig config, int lostRegister) throws Exception {
    List<Long> faults = new ArrayList<>();
    boot(config);
    machine.kernel.run(() -> {
      IommuDomain.Paging domain = machine.attached(machine.mixer);
      machine.kernel.iommu.setFaultHandler(
          domain,
          (of, device, iova, flags) -> {
            faults.add(iova);
            machine.registers.get(MIXER).model().write32(0x10, (int) iova | 1);
            return FaultResponse.HANDLED;
          });
      machine.kernel.iommu.map(domain, IOVA, PA, PAGE, READ);
      assertThat(machine.port(MIXER).load32(IOVA)).isEqualTo(0);
      machine.registers.get(MIXER).lost = lostRegister;
      machine.kernel.iommu.map(domain, IOVA + (1 << 20), PA + PAGE, PAGE, READ);
      machine.kernel.dram.putInt(PA + PAGE, MAGIC);

      assertThat(machine.port(MIXER).load32(IOVA + (1 << 20))).isEqualTo(MAGIC);
    });
    return faults.size();
  }

  @Test
  void aFaultThatNobodyDealsWithIsAPanicInTheKernelsWords() throws Exception {
    boot(5, 0);
    MachineStopped stopped =
        assertThrows(
            MachineStopped.class,
            () ->
                machine.kernel.run(() -> {
                  var _ = machine.attached(machine.mixer);
                  machine.port(MIXER).store32(IOVA, 1);
                }));

    assertThat(stopped.reason()).isEqualTo(MachineStopped.Reason.PANIC);
    assertThat(stopped.report())
        .startsWith("Kernel panic - not syncing: Unrecoverable System MMU Fault!");
    assertThat(machine.log())
        .containsExactly(
            "platform 2.sysmmu: 14450000.mixer: [WRITE] PAGE FAULT occurred at 0x40000000");
  }

  @Test
  void eachVersionNamesItsFaults() throws Exception {
    assertThat(wordsOfAWriteToAReadOnlyPage(3, 3))
        .endsWith("[WRITE] ACCESS PROTECTION FAULT" + " occurred at 0x40000004");
    assertThat(wordsOfAWriteToAReadOnlyPage(5, 0))
        .endsWith("[WRITE] ACCESS PROTECTION FAULT" + " occurred at 0x40000004");
    assertThat(wordsOfAWriteToAReadOnlyPage(7, 0))
        .endsWith("[WRITE] ACCESS PROTECTION FAULT" + " occurred at 0x40000004");
  }

  private String wordsOfAWriteToAReadOnlyPage(int major, int minor) throws Exception {
    boot(major, minor);
    assertThrows(
        MachineStopped.class,
        () ->
            machine.kernel.run(() -> {
              IommuDomain.Paging domain = machine.attached(machine.mixer);
              machine.kernel.iommu.map(domain, IOVA, PA, PAGE, READ);
              machine.port(MIXER).store32(IOVA + 4, 1);
            }));
    String words = machine.log().getFirst();
    return words;
  }

  @Test
  void aHandlerThatMapsWhatIsMissingLetsTheMasterGoOn() throws Exception {
    List<String> heard = new ArrayList<>();
    boot(3, 3);
    machine.kernel.run(() -> {
      IommuDomain.Paging domain = machine.attached(machine.mixer);
      machine.kernel.dram.putInt(PA, MAGIC);
      machine.kernel.iommu.setFaultHandler(
          domain,
          (of, device, iova, flags) -> {
            heard.add("%s %s 0x%x".formatted(device, flags == IommuFaultHandler.READ, iova));
            map(of, iova);
            return FaultResponse.HANDLED;
          });

      assertThat(machine.port(MIXER).load32(IOVA)).isEqualTo(MAGIC);

      assertThat(heard).hasSize(1);
      assertThat(heard.getFirst()).endsWith(" true 0x40000000");
    });
  }

  @Test
  void aSysmmuSleepsWithItsMasterAndWakesWithItsTable() throws Exception {
    boot(5, 0);
    machine.kernel.run(() -> {
      IommuDomain.Paging domain = machine.attached(machine.decon);
      machine.kernel.iommu.map(domain, IOVA, PA, PAGE, READ);
      assertThat(machine.port(DECON_1).load32(IOVA)).isEqualTo(0);

      sleep(machine.decon);
      assertThat(machine.controller(DECON_0).isActive()).isFalse();
      assertThat(machine.clocks.get(DECON_0).isHigh()).isFalse();
      var _ =
          machine.kernel.iommu.unmap(domain, IOVA, PAGE); // touches no register: that would abort
      machine.kernel.iommu.map(domain, IOVA, PA + PAGE, PAGE, READ);
      machine.kernel.dram.putInt(PA + PAGE, MAGIC);

      wake(machine.decon);
      assertThat(machine.controller(DECON_0).isActive()).isTrue();
      assertThat(machine.port(DECON_0).load32(IOVA)).isEqualTo(MAGIC);
      assertThat(machine.port(DECON_1).load32(IOVA)).isEqualTo(MAGIC);
    });
  }

  @Test
  void aDomainThatIsAttachedWhileTheMasterSleepsIsUsedWhenItWakes() throws Exception {
    replace(ExynosMachine.config(3, 3));
    machine.kernel.run(() -> {
      machine.bootAsleep();
      IommuDomain.Paging domain = machine.attached(machine.mixer);
      assertThat(machine.registers.get(MIXER).takeStores()).isEmpty();
      machine.kernel.iommu.map(domain, IOVA, PA, PAGE, READ);
      machine.kernel.dram.putInt(PA, MAGIC);

      wake(machine.mixer);

      assertThat(machine.port(MIXER).load32(IOVA)).isEqualTo(MAGIC);
    });
  }

  /**
   * {@code exynos_iommu_identity_attach()} clears {@code pgtable} of every client of the domain,
   * but disables the leaving one's hardware alone.
   */
  @Test
  void whoLeavesASharedDomainTakesItAwayFromTheOthersButNotFromTheirHardware() throws Exception {
    boot(5, 0);
    machine.kernel.run(() -> {
      IommuDomain.Paging shared = shared();

      machine.kernel.iommu.detach(shared, machine.decon);

      assertThat(machine.controller(MIXER).domain()).isNull();
      assertThat(machine.controller(MIXER).isActive()).isTrue();
      remap(shared, PA + PAGE);
      assertThat(machine.port(MIXER).load32(IOVA)).isEqualTo(1); // no flush reached it

      sleep(machine.mixer);
      wake(machine.mixer);
      assertThat(machine.controller(MIXER).isActive()).isTrue(); // nor did sleep
      machine.kernel.iommu.detach(shared, machine.mixer);
      assertThat(machine.controller(MIXER).isActive()).isFalse();
    });
  }

  /**
   * A sysmmu that loses its domain in its sleep is not enabled when it wakes, and its registers
   * have no clocks then. Linux writes to them when it is detached at last; here it is only said.
   */
  @Test
  void whoLostItsDomainInItsSleepIsNotTouchedWhenItLeaves() throws Exception {
    boot(5, 0);
    machine.kernel.run(() -> {
      IommuDomain.Paging shared = shared();
      sleep(machine.mixer);
      machine.kernel.iommu.detach(shared, machine.decon);
      wake(machine.mixer);
      assertThat(machine.controller(MIXER).isActive()).isFalse();

      machine.kernel.iommu.detach(shared, machine.mixer);
    });

    assertThat(machine.log().stream().filter(line -> line.contains("clocks are off already")))
        .hasSize(1);
  }

  @Test
  void whoLeavesASharedDomainAloneLeavesItToTheOthers() throws Exception {
    machine.close();
    machine =
        new ExynosMachine(ExynosMachine.config(5, 0), new ExynosDetach.OwnControllers()).boot();
    machine.kernel.run(() -> {
      IommuDomain.Paging shared = shared();

      machine.kernel.iommu.detach(shared, machine.decon);

      assertThat(machine.controller(DECON_0).domain()).isNull();
      assertThat(machine.controller(DECON_0).isActive()).isFalse();
      assertThat(machine.controller(DECON_1).isActive()).isFalse();
      assertThat(shared.place()).isEqualTo("2.sysmmu");
      remap(shared, PA + PAGE);
      assertThat(machine.port(MIXER).load32(IOVA)).isEqualTo(2);

      sleep(machine.mixer);
      sleep(machine.decon);
      assertThat(machine.controller(MIXER).isActive()).isFalse();
      wake(machine.decon);
      wake(machine.mixer);

      assertThat(machine.controller(DECON_0).isActive()).isFalse();
      assertThat(machine.controller(MIXER).isActive()).isTrue();
      assertThat(machine.port(MIXER).load32(IOVA)).isEqualTo(2);
    });
  }

  @Test
  void theFirstSysmmuDecidesOnTheFormatForTheMachine() throws Exception {
    boot(5, 0);
    machine.kernel.run(() -> {
      IommuDomain.Paging domain = machine.kernel.iommu.allocPaging(machine.mixer);
      machine.kernel.iommu.map(domain, IOVA, 0xf_0000_0000L, PAGE, READ);

      assertThat(domain.pgsizeBitmap()).isEqualTo(0x11_1000);
      assertThat(domain.geometry()).isEqualTo(new IommuGeometry(0, -1, true));
      assertThat(domain.explain(IOVA).toString()).isEqualTo("L1[1024] L2[0] -> pa 0xf00000000");
      assertThat(machine.sysmmus.get(0).dma().mask()).isEqualTo(0xf_ffff_ffffL);
    });
  }

  @Test
  void thereIsNoBlockedDomainAndWhoLeavesPasses() throws Exception {
    boot(5, 0);
    ExynosIommuOps ops = (ExynosIommuOps) machine.controller(MIXER).instance().ops();

    assertThat(ops.hasBlockedDomain()).isFalse();
    assertThat(ops.releaseDomain()).isEqualTo(IommuDomain.Fixed.IDENTITY);
    ErrnoException refused =
        assertThrows(
            ErrnoException.class, () -> ops.attach(IommuDomain.Fixed.BLOCKED, machine.mixer, null));
    assertThat(refused.errno()).isEqualTo(Errno.EINVAL);
  }

  private void boot(int major, int minor) throws Exception {
    boot(ExynosMachine.config(major, minor));
  }

  private void boot(SysmmuConfig config) throws Exception {
    replace(config);
    machine.boot();
  }

  private void replace(SysmmuConfig config) throws Exception {
    machine.close();
    machine = new ExynosMachine(config);
  }

  private int configOf(int major, int minor) throws Exception {
    boot(major, minor);
    machine.kernel.run(() -> {
      var _ = machine.attached(machine.mixer);
    });
    int config = machine.models.get(MIXER).mmio().read32(4);
    return config;
  }

  /** Decon and mixer share a domain that maps a page with 1; the page behind it has 2. */
  private IommuDomain.Paging shared() throws ErrnoException {
    IommuDomain.Paging shared = machine.attached(machine.decon);
    machine.kernel.iommu.attach(shared, machine.mixer);
    machine.kernel.iommu.map(shared, IOVA, PA, PAGE, READ);
    machine.kernel.dram.putInt(PA, 1);
    machine.kernel.dram.putInt(PA + PAGE, 2);
    assertThat(machine.port(MIXER).load32(IOVA)).isEqualTo(1);
    return shared;
  }

  private void remap(IommuDomain.Paging domain, long pa) throws ErrnoException {
    assertThat(machine.kernel.iommu.unmap(domain, IOVA, PAGE)).isEqualTo(PAGE);
    machine.kernel.iommu.map(domain, IOVA, pa, PAGE, READ);
  }

  private void map(IommuDomain.Paging domain, long iova) {
    try {
      machine.kernel.iommu.map(domain, iova & -PAGE, PA, PAGE, READ);
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
  }

  private static long rootOf(IommuDomain.Paging domain) {
    return ((ExynosIommuDomain) domain).rootPa();
  }
}
