package org.smmulator.iommu.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.GRANULE_4K;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.iommu.FaultResponse;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuCap;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.TestKernel;
import org.smmulator.iommu.pgtable.IoPgtableConfig;
import org.smmulator.iommu.pgtable.PgtableRegisters;
import org.smmulator.iommu.pgtable.Quirk;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr0;

/** The driver on the real model, over MMIO: what it writes, and what the hardware then does. */
class ArmSmmuDriverTest {
  private static final long UPPER = 0xffff_0000_0000_0000L;
  private static final long PA = 0x8200_0000L;

  private SmmuMachine machine;

  @BeforeEach
  void make() throws Exception {
    machine = new SmmuMachine();
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void theBootLogDescribesTheHardwareInTheKernelsWords() throws Exception {
    machine.kernel.run(machine::boot);

    assertThat(machine.kernel.log())
        .containsExactly(
            "platform 5040000.iommu: probing hardware configuration...",
            "platform 5040000.iommu: SMMUv2 with:",
            "platform 5040000.iommu: \tstage 1 translation",
            "platform 5040000.iommu: \taddress translation ops",
            "platform 5040000.iommu: \tstream matching with 8 register groups",
            "platform 5040000.iommu: \t5 context banks (0 stage-2 only)",
            "platform 5040000.iommu: \tSupported page sizes: 0x60211000",
            "platform 5040000.iommu: \tStage-1: 48-bit VA -> 48-bit IPA",
            "platform 5040000.iommu: \tpreserved 0 boot mappings",
            "platform 5000000.gpu: Adding to iommu group 0")
        .inOrder();
  }

  /** Kernel: {@code arm_smmu_device_cfg_probe()}. */
  @Test
  void theBootLogOfOneThatDoesStageTwoOnly() throws Exception {
    try (PlainSmmu plain = new PlainSmmu(PlainSmmu.STAGE_2, GRANULE_4K)) {
      var _ = plain.probe();

      assertThat(plain.kernel.log())
          .containsAtLeast(
              "platform 1000.iommu: SMMUv2 with:",
              "platform 1000.iommu: \tstage 2 translation",
              "platform 1000.iommu: \tStage-2: 40-bit IPA -> 40-bit PA")
          .inOrder();
      assertThat(plain.kernel.log().toString()).doesNotContain("stage 1 translation");
      assertThat(plain.kernel.log().toString()).doesNotContain("address translation ops");
      assertThat(plain.kernel.log().toString()).doesNotContain("Stage-1");
    }
  }

  @Test
  void resetClearsStreamsBanksAndTlbBeforeItLetsClientsIn() throws Exception {
    machine.kernel.run(machine::probe);

    var stores = machine.registers.takeStores();
    assertThat(stores)
        .containsAtLeast(
            "gr0+048=0", // sGFSR
            "gr0+c00=20000", // S2CR0: fault
            "gr0+800=0", // SMR0: invalid
            "cb0+000=0", // SCTLR: off
            "cb0+058=c00001fe", // FSR: all faults cleared
            "gr0+06c=ffffffff", // TLBIALLH
            "gr0+068=ffffffff", // TLBIALLNSNH
            "gr0+070=ffffffff", // sTLBGSYNC
            "gr0+000=1c36", // sCR0: clients in, unknown streams fault
            "gr0+800=7fff", // which bits of an id exist?
            "gr0+800=7fff0000") // and of a mask?
        .inOrder();
  }

  @Test
  void theGpuKeepsBankZeroAndTheUpperHalf() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      assertThat(machine.registers.takeStores()).contains("gr0+c00=10000"); // bypass
      ArmSmmuDomain domain = machine.gpuDomain();

      long root = domain.context().state().ttbr1();
      assertThat(machine.registers.takeStores())
          .containsExactly(
              "gr1+800=1", // CBA2R: AArch64
              "gr1+000=1f300", // CBAR: stage 1, weakest attributes
              "cb0+010=38015", // TCR2: 48-bit PA, 16-bit ASID, sign extension
              "cb0+030=a0100080", // TCR: T1SZ 16, TG1 4 KiB, uncached walks; EPD0
              "cb0+020=0", // TTBR0: closed
              "cb0+028=%x".formatted(root),
              "cb0+038=f404ff44", // MAIR0
              "cb0+03c=0",
              "cb0+000=1167", // SCTLR: on, HUPCF
              "gr0+c00=0") // S2CR0: to bank 0
          .inOrder();
      assertThat(domain.geometry()).isEqualTo(new IommuGeometry(UPPER, -1, true));
    });
  }

  @Test
  void othersStartAtBankOneAndASecondDomainForTheGpuFindsNoBank() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      Device gmu = machine.device("/gmu@506a000");
      machine.kernel.iommu.bus().deviceAdded(gmu);
      IommuDomain.Paging forGmu = machine.kernel.iommu.allocPaging(gmu);
      machine.kernel.iommu.attach(forGmu, gmu);
      ArmSmmuDomain forGpu = machine.gpuDomain();
      machine.kernel.iommu.detach(forGpu, machine.gpu);

      assertThat(((ArmSmmuDomain) forGmu).bankIndex()).isEqualTo(1);
      assertThat(forGpu.bankIndex()).isEqualTo(0);
      assertErrno(Errno.ENOSPC, () -> machine.gpuDomain());
      assertThat(machine.kernel.iommu.domainOf(machine.gpu)).isEqualTo(IommuDomain.Fixed.IDENTITY);
    });
  }

  @Test
  void anOwnersQuirksShapeTheTableUntilItIsMade() throws Exception {
    Device dsp = machine.device("/dsp@1");
    machine.kernel.run(() -> {
      machine.boot();
      Iommu iommu = machine.kernel.iommu;
      iommu.bus().deviceAdded(dsp);
      int plain = tcrOf(iommu, dsp, ImmutableSet.of());
      int cachedOutside = tcrOf(iommu, dsp, ImmutableSet.of(Quirk.ARM_OUTER_WBWA));

      assertThat(plain & 0xc00).isEqualTo(0); // ORGN0: not cacheable
      assertThat(cachedOutside ^ plain).isEqualTo(0x400); // write back, write allocate
    });
  }

  /** What TCR of the bank reads as whose table is made with {@code quirks}. */
  private int tcrOf(Iommu iommu, Device device, ImmutableSet<Quirk> quirks) throws ErrnoException {
    IommuDomain.Paging domain = iommu.allocPaging(device);
    iommu.setTableQuirks(domain, quirks);
    iommu.attach(domain, device);
    assertErrno(Errno.EPERM, () -> iommu.setTableQuirks(domain, ImmutableSet.of()));
    int tcr = ((ArmSmmuDomain) domain).bank().read(Cb.TCR);
    iommu.detach(domain, device);
    iommu.free(domain);
    return tcr;
  }

  @Test
  void devicesWithOneStreamShareAGroup() throws Exception {
    Device dsp = machine.device("/dsp@1");
    Device twin = machine.device("/twin@2");
    machine.kernel.run(() -> {
      machine.boot();
      machine.kernel.iommu.bus().deviceAdded(dsp);
      machine.kernel.iommu.bus().deviceAdded(twin);
    });

    assertThat(machine.kernel.iommu.groupOf(twin)).isEqualTo(machine.kernel.iommu.groupOf(dsp));
    assertThat(machine.kernel.iommu.groups()).hasSize(2);
  }

  @Test
  void whatIsMappedCanBeReachedUntilItIsUnmapped() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      ArmSmmuDomain domain = machine.gpuDomain();
      machine.kernel.iommu.map(domain, UPPER + 0x1000, PA, 0x2000, READ | WRITE);
      machine.kernel.dram.putInt(PA + 0x1010, 0xcafe);

      assertThat(machine.master(0).load32(UPPER + 0x2010)).isEqualTo(0xcafe);
      assertThat(machine.kernel.iommu.iovaToPhys(domain, UPPER + 0x2010)).isEqualTo(PA + 0x1010);

      assertThat(machine.kernel.iommu.unmap(domain, UPPER + 0x1000, 0x2000)).isEqualTo(0x2000);
      assertThat(machine.master(0).load32(UPPER + 0x2010)).isEqualTo(0);
      machine.settle();
    });

    assertThat(machine.kernel.log())
        .containsAtLeast(
            "platform 5040000.iommu: Unhandled context fault: fsr=0x402,"
                + " iova=0xffff000000002010, fsynr=0x3, cbfrsynra=0x0, cb=0",
            "platform 5040000.iommu: FSR    = 00000402 [Format=2 TF], SID=0x0",
            "platform 5040000.iommu: FSYNR0 = 00000003 [S1CBNDX=0 PLVL=3]")
        .inOrder();
  }

  @Test
  void aFaultHandlerKeepsTheLogQuiet() throws Exception {
    long[] faulted = new long[1];
    machine.kernel.run(() -> {
      machine.boot();
      ArmSmmuDomain domain = machine.gpuDomain();
      machine.kernel.iommu.setFaultHandler(
          domain,
          (d, device, iova, flags) -> {
            faulted[0] = machine.adreno().getFaultInfo().far();
            return FaultResponse.HANDLED;
          });
      machine.master(0).store32(UPPER + 0x5000, 1);
      machine.settle();
    });

    assertThat(faulted[0]).isEqualTo(UPPER + 0x5000);
    assertThat(machine.kernel.log().getLast()).contains("Adding to iommu group");
  }

  @Test
  void anUnknownStreamIsBlockedAndNamed() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      machine.master(77).store32(0x1000, 1);
      machine.settle();
    });

    assertThat(machine.kernel.log())
        .contains(
            "platform 5040000.iommu: Blocked unknown Stream ID 0x4d; boot with"
                + " \"arm-smmu.disable_bypass=0\" to allow, but this may have security"
                + " implications");
  }

  @Test
  void aFaultThatNobodyCanExplainIsSaidToBeSerious() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      machine.kernel.iommu.bus().deviceAdded(machine.device("/dsp@1"));
      machine.mmio().write(Gr0.S2CR, 1, Gr0.S2CR_TYPE.of(Gr0.S2CR_TYPE_FAULT));
      machine.master(9).store32(0x1000, 1);
      machine.settle();
    });

    assertThat(machine.kernel.log())
        .containsAtLeast(
            "platform 5040000.iommu: Unexpected global fault, this could be serious",
            "platform 5040000.iommu: \tGFSR 0x00000001, GFSYNR0 0x00000002, GFSYNR1 0x00000009,"
                + " GFSYNR2 0x00000000")
        .inOrder();
  }

  @Test
  void aStalledAccessGoesOnWhenTheHandlerHasRepairedIt() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      ArmSmmuDomain domain = machine.gpuDomain();
      machine.adreno().setStall(true);
      machine.kernel.iommu.setFaultHandler(
          domain,
          (d, device, iova, flags) -> {
            try {
              machine.kernel.iommu.map(domain, UPPER, PA, 0x1000, READ | WRITE);
            } catch (ErrnoException e) {
              throw new AssertionError(e);
            }
            return FaultResponse.RETRY;
          });
      machine.kernel.scheduler.process("gpu", () -> machine.master(0).store32(UPPER, 0x600d));
      machine.settle();

      assertThat(machine.kernel.dram.getInt(PA)).isEqualTo(0x600d);
    });
  }

  @Test
  void aStalledAccessThatNobodyRepairsIsTerminated() throws Exception {
    boolean[] aborted = new boolean[1];
    machine.kernel.run(() -> {
      machine.boot();
      var _ = machine.gpuDomain();
      machine.adreno().setStall(true);
      machine.kernel.scheduler.process(
          "gpu",
          () -> {
            BusMaster master = machine.master(0);
            master.store32(UPPER, 1);
            aborted[0] = master.aborted();
          });
      machine.settle();
    });

    assertThat(aborted[0]).isTrue();
    assertThat(machine.kernel.log())
        .contains(
            "platform 5040000.iommu: Unhandled context fault: fsr=0x40000402,"
                + " iova=0xffff000000000000, fsynr=0x10, cbfrsynra=0x0, cb=0");
  }

  /**
   * A device that goes on at once may fault at once, and a store to FSR that came after RESUME
   * would clear what the second fault has just set. Kernel: {@code arm_smmu_context_fault()}.
   */
  @Test
  void aFaultIsClearedBeforeTheStalledAccessGoesOn() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      var _ = machine.gpuDomain();
      machine.adreno().setStall(true);
      machine.kernel.scheduler.process("gpu", () -> machine.master(0).store32(UPPER, 1));
      var _ = machine.registers.takeStores();
      machine.settle();

      assertThat(machine.registers.takeStores())
          .containsExactly("cb0+058=40000402", "cb0+008=1") // FSR, RESUME
          .inOrder();
    });
  }

  @Test
  void aFloodOfFaultsIsPrintedTenTimesInFiveSeconds() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      var _ = machine.gpuDomain();
      for (int i = 0; i < 15; i++) {
        machine.master(0).store32(UPPER, 1);
        machine.settle();
      }
      machine.kernel.scheduler.sleep(5_000_000_001L);
      machine.master(0).store32(UPPER, 1);
      machine.settle();
    });

    var log = machine.kernel.log();
    assertThat(log.stream().filter(line -> line.contains("Unhandled context fault")).count())
        .isEqualTo(11);
    assertThat(log).contains("arm_smmu_context_fault: 5 callbacks suppressed");
  }

  @Test
  void ttbr0OpensOnceAndClosesOnce() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      ArmSmmuDomain domain = machine.gpuDomain();
      AdrenoSmmuPriv adreno = machine.adreno();
      IoPgtableConfig config = adreno.getTtbr1Cfg();
      assertThat(config.has(Quirk.ARM_TTBR1)).isTrue();
      var lower =
          new PgtableRegisters.Stage1(0x8000_3000L, new PgtableRegisters.Tcr(5, 0, 3, 1, 1, 16), 0);
      int closed = domain.context().state().tcr();

      assertErrno(Errno.EINVAL, () -> adreno.setTtbr0Cfg(null));
      adreno.setTtbr0Cfg(lower);
      assertThat(domain.context().state().tcr() & 0x80_0080).isEqualTo(0);
      assertThat(domain.context().state().ttbr0()).isEqualTo(0x8000_3000L);
      assertErrno(Errno.EINVAL, () -> adreno.setTtbr0Cfg(lower));
      adreno.setTtbr0Cfg(null);
      assertThat(domain.context().state().tcr()).isEqualTo(closed);
    });
  }

  /** {@code arm_smmu_ops} has no release_domain: an entry is written when its last user goes. */
  @Test
  void aDeviceThatGoesLeavesAnEntryToThoseWhoShareIt() throws Exception {
    machine.kernel.run(() -> {
      Device dsp = machine.device("/dsp@1");
      Device twin = machine.device("/twin@2");
      machine.boot();
      machine.kernel.iommu.bus().deviceAdded(dsp);
      machine.kernel.iommu.bus().deviceAdded(twin);
      machine.kernel.dram.putInt(PA, 42);
      assertThat(machine.kernel.iommu.groupOf(twin)).isEqualTo(machine.kernel.iommu.groupOf(dsp));
      assertThat(machine.master(9).load32(PA)).isEqualTo(42);

      machine.kernel.iommu.bus().deviceRemoved(dsp);
      assertThat(machine.master(9).load32(PA)).isEqualTo(42);

      machine.kernel.iommu.bus().deviceRemoved(twin);
      assertThat(machine.master(9).load32(PA)).isEqualTo(0);
    });
  }

  /** Kernel: {@code arm_smmu_master_alloc_smes()}: all or none. */
  @Test
  void aDeviceWithMoreStreamsThanThereAreEntriesTakesNone() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      Device array = machine.device("/array@3");
      machine.kernel.iommu.bus().deviceAdded(array);
      assertErrno(Errno.ENOSPC, () -> machine.kernel.iommu.bus().configure(array));

      Device dsp = machine.device("/dsp@1");
      machine.kernel.iommu.bus().deviceAdded(dsp);
      machine.kernel.iommu.bus().configure(dsp);
      machine.kernel.dram.putInt(PA, 42);
      assertThat(machine.master(9).load32(PA)).isEqualTo(42);
    });
  }

  /** Kernel: {@code arm_smmu_device_remove()}: clients bypass it, and it can be taken again. */
  @Test
  void whenTheDriverLeavesTheSmmuIsOffAndCanBeTakenAgain() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      var _ = machine.registers.takeStores();

      machine.smmu.devres().releaseAll();

      assertThat(machine.registers.takeStores()).contains("gr0+000=1"); // sCR0.CLIENTPD
      assertThat(machine.kernel.iommu.bus().instances()).isEmpty();
      assertThat(machine.smmu.find(ArmSmmuDevice.class)).isNull();
      machine.kernel.dram.putInt(PA, 42);
      assertThat(machine.master(77).load32(PA)).isEqualTo(42); // nobody is looked at

      machine.probe();
      ArmSmmuDomain domain = machine.gpuDomain();
      machine.kernel.iommu.map(domain, UPPER, PA, 0x1000, READ);
      assertThat(machine.master(0).load32(UPPER)).isEqualTo(42);
      assertThat(machine.master(77).load32(PA)).isEqualTo(0);
    });
  }

  /** {@code qcom_adreno_smmu_set_stall()}: CFCFG, and nothing else of SCTLR. */
  @Test
  void aBankStallsOrNotAndIsOtherwiseAsItWas() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      ArmSmmuDomain domain = machine.gpuDomain();
      int before = domain.bank().read(Cb.SCTLR);

      machine.adreno().setStall(true);
      assertThat(domain.bank().read(Cb.SCTLR)).isEqualTo(before | 0x80);
      machine.adreno().setStall(false);
      assertThat(domain.bank().read(Cb.SCTLR)).isEqualTo(before);
    });
  }

  /** Each of its masters is then without an IOMMU. Kernel: {@code bus_iommu_probe()}. */
  @Test
  void anSmmuWithoutABankForEachDefaultDomainIsNotRegistered() throws Exception {
    SmmuV2Config hardware =
        new SmmuV2Config(
            new SmmuV2Config.Streams(8, 10),
            new SmmuV2Config.Banks(1, 0, PlainSmmu.PAGES),
            PlainSmmu.stage1(49, GRANULE_4K, PlainSmmu.STAGE_1),
            PlainSmmu.STAGE_1,
            PlainSmmu.SLOW_INVALIDATION);
    try (PlainSmmu small =
        new PlainSmmu(PlainSmmu.Setup.of(hardware).underPolicy(TestKernel.WITH_DMA_LAYER))) {
      small.kernel.run(() -> {
        small.kernel.iommu.bus().deviceAdded(small.device(0));
        small.kernel.iommu.bus().deviceAdded(small.device(1));

        ErrnoException refused = assertThrows(ErrnoException.class, small::bind);

        assertThat(refused.errno()).isEqualTo(Errno.ENOSPC);
        assertThat(refused.reason()).isEqualTo("Failed to register iommu");
        assertThat(small.kernel.iommu.groupOf(small.device(0))).isNull();
        assertThat(small.kernel.iommu.groupOf(small.device(1))).isNull();
        assertThat(small.kernel.iommu.bus().instances()).isEmpty();
      });
    }
  }

  /** Kernel: {@code arm_smmu_rmr_install_bypass_smr()}. */
  @Test
  void everythingPassesUntilTheResetIsDone() throws Exception {
    machine.kernel.run(machine::boot);

    List<String> control =
        machine.registers.takeStores().stream()
            .filter(store -> store.startsWith("gr0+000") || store.startsWith("gr0+048"))
            .toList();
    assertThat(control).hasSize(3);
    assertThat(control.get(0)).isEqualTo("gr0+000=1"); // sCR0.CLIENTPD
    assertThat(control.get(1)).startsWith("gr0+048="); // sGFSR: the reset begins
    assertThat(Integer.parseInt(control.get(2).substring("gr0+000=".length()), 16) & 1)
        .isEqualTo(0);
  }

  /** Kernel: {@code context_fault_needs_threaded_irq}. */
  @Test
  void whoHearsOfAFaultOfAnAdrenosSmmuMayBlock() throws Exception {
    List<String> heard = new ArrayList<>();
    machine.kernel.run(() -> {
      machine.boot();
      ArmSmmuDomain domain = machine.gpuDomain();
      machine.kernel.iommu.setFaultHandler(
          domain,
          (of, device, iova, flags) -> {
            machine.kernel.scheduler.sleep(1_000);
            heard.add("0x%x".formatted(iova));
            return FaultResponse.HANDLED;
          });

      machine.master(0).store32(UPPER, 1);
      machine.settle();

      machine.master(0).store32(UPPER + 0x1000, 1);
      machine.kernel.iommu.detach(domain, machine.gpu);
      machine.kernel.iommu.free(domain); // waits for the thread
    });

    assertThat(heard).containsExactly("0xffff000000000000", "0xffff000000001000").inOrder();
  }

  @Test
  void aDeviceThatSnoopsIsCoherentWhateverTheSmmusWalksAre() throws Exception {
    try (PlainSmmu coherent = plain("dma-coherent;");
        PlainSmmu not = plain("")) {
      for (PlainSmmu smmu : List.of(coherent, not)) {
        smmu.kernel.run(() ->
            assertThat(smmu.kernel.iommu.capable(smmu.device(0), IommuCap.CACHE_COHERENCY))
                .isEqualTo(smmu == coherent));
      }
    }
  }

  /** An SMMU whose walks are not coherent, with a device that has {@code property}. */
  private static PlainSmmu plain(String property) throws Exception {
    return new PlainSmmu(
            PlainSmmu.Setup.of(PlainSmmu.config(PlainSmmu.STAGE_1, GRANULE_4K))
                .withDevices(
                    "one@1 { iommus = <&smmu 1>; %s }; other@2 { iommus = <&smmu 2>; };"
                        .formatted(property))
                .withIncoherentWalks())
        .probe();
  }

  @Test
  void aFreedDomainGivesBankPagesAndDoorBack() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      ArmSmmuDomain domain = machine.gpuDomain();
      machine.kernel.iommu.map(domain, UPPER, PA, 0x20_0000, READ);
      machine.kernel.iommu.detach(domain, machine.gpu);
      machine.kernel.iommu.free(domain);

      assertThat(machine.kernel.pages.usage()).isEmpty();
      assertThat(machine.gpu.find(AdrenoSmmuPriv.class)).isNull();
      assertThat(machine.gpuDomain().bankIndex()).isEqualTo(0);
    });
  }

  private static void assertErrno(Errno errno, Executable call) {
    assertThat(assertThrows(ErrnoException.class, call).errno()).isEqualTo(errno);
  }
}
