package org.smmulator.iommu.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Descriptors32.LONG;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Descriptors32.LONG_AND_SHORT;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Descriptors32.NONE;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Options.Feature.EXTENDED_IDS;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Options.Feature.WIDE_VMIDS;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.GRANULE_4K;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Version.V1;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Version.V2;
import static org.smmulator.iommu.prot.IommuProt.READ;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.hw.smmuv2.SmmuV2Config.Options;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.contract.IommuHarness;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * What the driver writes where an SMMU differs from most: register by register in the kernel's
 * order, with the values of {@code arm_smmu_write_context_bank()}.
 */
class VariantsTest {
  private static final long PA = IommuHarness.FREE_MEMORY;

  /** 4K, 64K, 1M and 16M; 4K, 2M and 1G. */
  private static final long SHORT_SIZES = 0x0111_1000L;

  private static final long LONG_SIZES = 0x4020_1000L;

  @Test
  void aKernelOf64BitsMakesAArch64TablesWhereThereAreAny() throws Exception {
    try (PlainSmmu machine = boot(v2(GRANULE_4K, LONG_AND_SHORT), new KernelBuild.Arm64())) {
      assertThat(attach(machine).getFirst()).isEqualTo("gr1+800=1");
    }
  }

  @Test
  void aKernelOf32BitsMakesLongDescriptorsIfItsCpuReadsThem() throws Exception {
    try (PlainSmmu machine = boot(v2(GRANULE_4K, LONG_AND_SHORT), new KernelBuild.ArmLpae())) {
      IommuDomain.Paging[] made = new IommuDomain.Paging[1];
      ImmutableList<String> stores = attach(machine, made);

      assertThat(stores.subList(0, 4))
          .containsExactly(
              "gr1+800=0", // CBA2R
              "gr1+000=1f300", // CBAR
              "cb0+010=38002", // TCR2: 40 bits, SEP upstream, 8-bit ASIDs
              "cb0+030=80803520") // TCR: EAE, EPD1, inner shareable, write-back
          .inOrder();
      assertThat(last(stores)).isEqualTo("cb0+000=1067");
      assertThat(made[0].pgsizeBitmap()).isEqualTo(LONG_SIZES);
      assertThat(made[0].geometry().apertureEnd()).isEqualTo(0xffff_ffffL);
    }
  }

  @Test
  void withoutLpaeItMakesShortOnesWithTheAsidInContextidr() throws Exception {
    try (PlainSmmu machine = boot(v2(GRANULE_4K, LONG_AND_SHORT), new KernelBuild.Arm())) {
      IommuDomain.Paging[] made = new IommuDomain.Paging[1];
      ImmutableList<String> stores = attach(machine, made);

      assertThat(stores).hasSize(10);
      assertThat(stores.subList(0, 5))
          .containsExactly(
              "gr1+800=0", "gr1+000=1f300", "cb0+010=0", "cb0+030=0", "cb0+034=0" /* CONTEXTIDR */)
          .inOrder();
      // S, NOS and write-back walks below a root of 16 KiB.
      assertThat(stores.get(5)).matches("cb0\\+020=[0-9a-f]{4}[048c]06a");
      assertThat(stores.subList(6, 10))
          .containsExactly("cb0+028=0", "cb0+038=800b8204", "cb0+03c=40004000", "cb0+000=1067")
          .inOrder();
      assertThat(made[0].pgsizeBitmap()).isEqualTo(SHORT_SIZES);
    }
  }

  @Test
  void anInvalidationOfAArch32HasPageAndAsidIn32Bits() throws Exception {
    try (PlainSmmu machine = boot(v2(0, LONG), new KernelBuild.Arm64())) {
      ImmutableList<String> stores = unmapInTheSecondDevicesDomain(machine);
      assertThat(stores).contains("cb1+620=10003001");
    }
  }

  @Test
  void hardwareIsAskedIn32BitsToo() throws Exception {
    try (PlainSmmu machine = boot(v2(0, LONG), new KernelBuild.Arm64())) {
      machine.kernel.run(() -> {
        IommuDomain.Paging domain = machine.kernel.iommu.allocPaging(machine.device(0));
        machine.kernel.iommu.attach(domain, machine.device(0));
        machine.kernel.iommu.map(domain, 0x1000_3000L, PA, 0x1000, READ);
        var _ = machine.registers.takeStores();
        assertThat(machine.kernel.iommu.iovaToPhys(domain, 0x1000_3123L)).isEqualTo(PA + 0x123);
        assertThat(machine.registers.takeStores()).containsExactly("cb0+800=10003000");
      });
    }
  }

  @Test
  void whatReadsNoTablesTakesNoDomain() throws Exception {
    ArmSmmuFeatures.Tables nothing = new ArmSmmuFeatures.Tables(0, false, false);
    for (KernelBuild build :
        ImmutableList.of(
            new KernelBuild.Arm64(), new KernelBuild.ArmLpae(), new KernelBuild.Arm())) {
      ArmSmmuFeatures features =
          new ArmSmmuFeatures(
              ArmSmmuArchVersion.V2,
              ImmutableSet.of(ArmSmmuFeatures.Flag.TRANS_S1, ArmSmmuFeatures.Flag.COHERENT_WALK),
              new ArmSmmuFeatures.Streams(8, true, 0x7fff, false),
              4,
              0,
              48,
              40,
              40,
              nothing);
      ErrnoException refused =
          assertThrows(ErrnoException.class, () -> ArmSmmuContextFmt.choose(features, build));
      assertThat(refused.errno()).isEqualTo(Errno.EINVAL);
    }
  }

  @Test
  void extendedIdsAreEnabledBeforeTheMasksAreTested() throws Exception {
    SmmuV2Config hardware =
        PlainSmmu.config(PlainSmmu.STAGE_1, GRANULE_4K, new Options(V2, NONE, EXTENDED_IDS));
    try (PlainSmmu machine =
        new PlainSmmu(PlainSmmu.Setup.of(hardware).withStreams(0x7fff, 0xffff)).probe()) {
      ImmutableList<String> stores = machine.registers.takeStores();

      int enabled = stores.indexOf("gr0+000=1c3e"); // and EXIDENABLE
      assertThat(enabled).isAtLeast(0);
      assertThat(stores.indexOf("gr0+800=ffff")).isGreaterThan(enabled);
      assertThat(stores.indexOf("gr0+800=ffff0000")).isGreaterThan(enabled);
      // S2CRs: fault, and valid; then the SMRs.
      assertThat(stores.subList(stores.indexOf("gr0+c00=20400"), stores.size()))
          .containsAtLeast("gr0+c00=20400", "gr0+800=7fff", "gr0+c04=20400", "gr0+804=ffff")
          .inOrder();
    }
  }

  @Test
  void wideVmidsAreEnabledAndStandInCba2r() throws Exception {
    SmmuV2Config hardware =
        PlainSmmu.config(PlainSmmu.STAGE_2, GRANULE_4K, new Options(V2, NONE, WIDE_VMIDS));
    try (PlainSmmu machine = new PlainSmmu(PlainSmmu.Setup.of(hardware)).probe()) {
      assertThat(machine.registers.takeStores()).contains("gr0+000=80001c36");

      ImmutableList<String> stores = attach(machine);
      assertThat(stores.subList(0, 2)).containsExactly("gr1+800=10001", "gr1+000=0").inOrder();
    }
  }

  @Test
  void anSmmuV1HandsItsInterruptsOutInTurn() throws Exception {
    PlainSmmu.Setup setup =
        VariantsContractTest.v1("arm,mmu-400", V1, 0, PlainSmmu.STAGE_2).withInterrupts(3);
    try (PlainSmmu machine = new PlainSmmu(setup).probe()) {
      assertThat(machine.kernel.log()).contains("platform 1000.iommu: SMMUv1 with:");

      // CBAR: IRPTNDX, and a VMID above the bank's number. No CBA2R, no TCR2.
      assertThat(attach(machine).subList(0, 2))
          .containsExactly("gr1+000=1000001", "cb0+030=80023558");
      assertThat(attach(machine, 1).getFirst()).isEqualTo("gr1+004=2000002");
      assertThat(attach(machine).getFirst()).isEqualTo("gr1+008=3");
    }
  }

  @Test
  void inStage2ItForgetsByVmidAndWaitsGlobally() throws Exception {
    PlainSmmu.Setup setup = VariantsContractTest.v1("arm,mmu-400", V1, 0, PlainSmmu.STAGE_2);
    try (PlainSmmu machine = new PlainSmmu(setup).probe()) {
      assertThat(unmapInTheSecondDevicesDomain(machine))
          .containsExactly("gr0+064=2", "gr0+070=ffffffff")
          .inOrder();
    }
  }

  private static ImmutableList<String> unmapInTheSecondDevicesDomain(PlainSmmu machine)
      throws Exception {
    var _ = attach(machine);
    machine.kernel.run(() -> {
      IommuDomain.Paging domain = machine.kernel.iommu.allocPaging(machine.device(1));
      machine.kernel.iommu.attach(domain, machine.device(1));
      machine.kernel.iommu.map(domain, 0x1000_3000L, PA, 0x1000, READ);
      var _ = machine.registers.takeStores();
      assertThat(machine.kernel.iommu.unmap(domain, 0x1000_3000L, 0x1000)).isEqualTo(0x1000);
    });
    return machine.registers.takeStores();
  }

  private static ImmutableList<String> attach(PlainSmmu machine) throws Exception {
    return attach(machine, 0, new IommuDomain.Paging[1]);
  }

  private static ImmutableList<String> attach(PlainSmmu machine, int device) throws Exception {
    return attach(machine, device, new IommuDomain.Paging[1]);
  }

  private static ImmutableList<String> attach(PlainSmmu machine, IommuDomain.Paging[] made)
      throws Exception {
    return attach(machine, 0, made);
  }

  /** A new domain for a device; what that wrote to the bank and before. */
  private static ImmutableList<String> attach(
      PlainSmmu machine, int device, IommuDomain.Paging[] made) throws Exception {
    var _ = machine.registers.takeStores();
    machine.kernel.run(() -> {
      made[0] = machine.kernel.iommu.allocPaging(machine.device(device));
      machine.kernel.iommu.attach(made[0], machine.device(device));
      if (device == 0) {
        machine.kernel.iommu.detach(made[0], machine.device(0));
      }
    });
    return machine.registers.takeStores().stream()
        .filter(store -> !store.startsWith("gr0"))
        .collect(ImmutableList.toImmutableList());
  }

  private static String last(ImmutableList<String> stores) {
    return stores.get(stores.size() - 1);
  }

  private static PlainSmmu boot(SmmuV2Config hardware, KernelBuild build) throws Exception {
    return new PlainSmmu(PlainSmmu.Setup.of(hardware).builtFor(build)).probe();
  }

  private static SmmuV2Config v2(int granules, SmmuV2Config.Descriptors32 descriptors) {
    Options options = new Options(V2, descriptors);
    return PlainSmmu.config(PlainSmmu.STAGE_1, granules, options);
  }
}
