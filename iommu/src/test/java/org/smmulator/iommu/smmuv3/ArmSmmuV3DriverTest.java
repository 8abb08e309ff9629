package org.smmulator.iommu.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;
import static org.smmulator.iommu.smmuv3.V3Machine.DISPLAY_SID;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuCap;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.ReservedRegion;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;

/** The driver on the real model, over MMIO, queues and tables in memory. */
class ArmSmmuV3DriverTest {
  private static final long IOVA = 0x1234_5000L;
  private static final long PA = 0x8300_0000L;
  private static final int MAGIC = 0x600d_cafe;

  private V3Machine machine;

  @BeforeEach
  void make() throws Exception {
    machine = new V3Machine(V3Machine.full());
    machine.kernel.dram.putInt(PA, MAGIC);
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
            "platform 9050000.iommu: oas 48-bit (features 0x001a8f37)",
            "platform 9050000.iommu: allocated 256 entries for cmdq",
            "platform 9050000.iommu: allocated 32 entries for evtq",
            "platform 9050000.iommu: allocated 32 entries for priq",
            "platform 1.copier: Adding to iommu group 0",
            "platform 2.display: Adding to iommu group 1",
            "platform 3.card: Adding to iommu group 2")
        .inOrder();
  }

  @Test
  void resetTurnsOnOneThingAfterTheOtherAndTheSmmuItselfLast() throws Exception {
    machine.kernel.run(machine::probe);

    assertThat(machine.stores.take())
        .containsAtLeast(
            "20=0", // CR0: off
            "28=d75", // CR1: inner shareable, write-back
            "2c=6", // CR2: PTM, RECINVSID
            "88=10210", // STRTAB_BASE_CFG: two levels, 16 bits, split at 8
            "98=0", // CMDQ_PROD
            "20=8", // CMDQEN
            "98=2", // CFGI_ALL, CMD_SYNC
            "98=4", // TLBI_NSNH_ALL, CMD_SYNC
            "20=c", // EVTQEN
            "20=e", // PRIQEN
            "20=1e", // ATSCHK
            "50=0", // IRQ_CTRL: off
            "68=0", // no messages
            "50=7",
            "20=1f") // SMMUEN
        .inOrder();
  }

  @Test
  void anSmmuThatTranslatesAlreadyRefusesEverythingWhileItIsReset() throws Exception {
    machine.kernel.run(() -> {
      machine.model.mmio().write32(0x20, 1); // a boot loader left it on
      machine.settle();
      machine.probe();
    });

    assertThat(machine.kernel.log())
        .contains("platform 9050000.iommu: SMMU currently enabled! Resetting...");
    assertThat(machine.stores.take()).containsAtLeast("44=80100000", "20=0").inOrder();
  }

  @Test
  void whatIsMappedCanBeReachedUntilItIsUnmapped() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      ArmSmmuV3Domain domain = machine.attached(machine.display);
      machine.kernel.iommu.map(domain, IOVA, PA, 0x1000, READ | WRITE);

      assertThat(machine.master(DISPLAY_SID).load32(IOVA)).isEqualTo(MAGIC);
      assertThat(machine.master(DISPLAY_SID + 1).load32(IOVA)).isEqualTo(MAGIC);
      assertThat(machine.kernel.iommu.iovaToPhys(domain, IOVA + 4)).isEqualTo(PA + 4);

      assertThat(machine.kernel.iommu.unmap(domain, IOVA, 0x1000)).isEqualTo(0x1000);
      assertThat(machine.master(DISPLAY_SID).load32(IOVA)).isEqualTo(0);
      machine.settle();
    });

    assertThat(machine.logFrom("event"))
        .containsExactly(
            "platform 9050000.iommu: event 0x10 received:",
            "platform 9050000.iommu: \t0x0000002000000010",
            "platform 9050000.iommu: \t0x0000020800000000",
            "platform 9050000.iommu: \t0x0000000012345000",
            "platform 9050000.iommu: \t0x0000000000000000",
            "platform 9050000.iommu: event: F_TRANSLATION client: 2.display sid: 0x20 ssid: 0x0"
                + " iova: 0x12345000 ipa: 0x0",
            "platform 9050000.iommu: unpriv data read s1 \"Input address caused fault\" stag: 0x0")
        .inOrder();
  }

  @Test
  void aDomainOfStageOneOrTwoIsKnownByItsTag() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      ArmSmmuV3Domain one = machine.attached(machine.display);
      ArmSmmuV3Domain two = machine.attached(machine.copier);
      IommuDomain.Paging parent =
          machine.ops().allocPaging(machine.card, DomainType.UNMANAGED, IommuOps.ALLOC_NEST_PARENT);

      assertThat(one.place()).isEqualTo("ASID 1");
      assertThat(two.place()).isEqualTo("ASID 2");
      assertThat(parent.place()).isEqualTo("VMID 1");
      assertThat(one.geometry()).isEqualTo(new IommuGeometry(0, 0xffff_ffff_ffffL, true));
      assertThat(one.pgsizeBitmap()).isEqualTo(0x4020_1000L);
    });
  }

  @Test
  void theTagOfAFreedDomainIsTheNextOnesAndNothingStaleIsUnderIt() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      ArmSmmuV3Domain first = machine.attached(machine.display);
      machine.kernel.iommu.map(first, IOVA, PA, 0x1000, READ);
      assertThat(machine.master(DISPLAY_SID).load32(IOVA)).isEqualTo(MAGIC);
      machine.kernel.iommu.detach(first, machine.display);
      machine.kernel.iommu.free(first);

      ArmSmmuV3Domain second = machine.attached(machine.display);
      assertThat(second.place()).isEqualTo("ASID 1");
      assertThat(machine.master(DISPLAY_SID).load32(IOVA)).isEqualTo(0);
    });
  }

  @Test
  void aStageTwoDomainHasRoomForNoSubstream() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      IommuOps ops = machine.ops();
      IommuDomain.Paging parent =
          ops.allocPaging(machine.copier, DomainType.UNMANAGED, IommuOps.ALLOC_NEST_PARENT);
      IommuDomain.Paging table =
          ops.allocPaging(machine.copier, DomainType.UNMANAGED, IommuOps.ALLOC_PASID);

      ops.attachPasid(table, machine.copier, 5, null);
      assertErrno(Errno.EBUSY, () -> ops.attach(parent, machine.copier, null));

      ops.attachPasid(IommuDomain.Fixed.BLOCKED, machine.copier, 5, table);
      ops.attach(parent, machine.copier, null);
      assertErrno(Errno.EINVAL, () -> ops.attachPasid(table, machine.copier, 5, null));
      assertErrno(Errno.EINVAL, () -> ops.attachPasid(parent, machine.copier, 5, null));
    });
  }

  @Test
  void aSubstreamAndTheRestOfTheDeviceGoDifferentWays() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      IommuOps ops = machine.ops();
      IommuDomain.Paging table =
          ops.allocPaging(machine.card, DomainType.UNMANAGED, IommuOps.ALLOC_PASID);
      machine.kernel.iommu.map(table, IOVA, PA, 0x1000, READ);

      ops.attachPasid(table, machine.card, 3, null);
      var card = machine.master(V3Machine.CARD_SID);
      assertThat(card.withSubstream(3).load32(IOVA)).isEqualTo(MAGIC);
      assertThat(card.load32(PA)).isEqualTo(MAGIC); // identity, as before

      machine.kernel.iommu.attach(IommuDomain.Fixed.BLOCKED, machine.card);
      assertThat(card.withSubstream(3).load32(IOVA)).isEqualTo(MAGIC);
      assertThat(card.load32(PA)).isEqualTo(0);

      assertThat(machine.kernel.iommu.unmap(table, IOVA, 0x1000)).isEqualTo(0x1000);
      assertThat(card.withSubstream(3).load32(IOVA)).isEqualTo(0);

      ops.attachPasid(IommuDomain.Fixed.BLOCKED, machine.card, 3, table);
      assertThat(ArmSmmuV3Master.of(machine.card).hasCdTable()).isFalse();
    });
  }

  @Test
  void aSubstreamBeyondTheDevicesBitsIsRefused() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      IommuOps ops = machine.ops();
      IommuDomain.Paging table =
          ops.allocPaging(machine.card, DomainType.UNMANAGED, IommuOps.ALLOC_PASID);

      assertThat(ops.maxPasids(machine.copier)).isEqualTo(4096);
      assertThat(ops.maxPasids(machine.card)).isEqualTo(16);
      assertThat(ops.maxPasids(machine.display)).isEqualTo(0);
      assertErrno(Errno.EINVAL, () -> ops.attachPasid(table, machine.card, 16, null));
    });
  }

  @Test
  void aDomainLivesOnOneSmmu() throws Exception {
    try (V3Machine other = new V3Machine(V3Machine.full())) {
      AtomicReference<IommuDomain> elsewhere = new AtomicReference<>();
      other.kernel.run(() -> {
        other.boot();
        elsewhere.set(other.attached(other.display));
      });
      machine.kernel.run(() -> {
        machine.boot();
        assertErrno(
            Errno.EINVAL, () -> machine.ops().attach(elsewhere.get(), machine.display, null));
      });
    }
  }

  @Test
  void aStreamHasOneMasterAndLiesInTheTable() throws Exception {
    Device twin = machine.device("/twin@4");
    Device far = machine.device("/far@5");
    machine.kernel.run(() -> {
      machine.boot();
      machine.kernel.iommu.bus().deviceAdded(twin);
      machine.kernel.iommu.bus().deviceAdded(far);

      assertErrno(Errno.ENODEV, () -> machine.kernel.iommu.bus().configure(twin));
      assertErrno(Errno.ERANGE, () -> machine.kernel.iommu.bus().configure(far));
    });

    assertThat(machine.kernel.log())
        .contains(
            "platform 4.twin: Aliasing StreamID 0x10 (from 1.copier) unsupported, expect DMA to be"
                + " broken");
  }

  @Test
  void aStreamThatNobodyHasIsRefusedAndReported() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      assertThat(machine.master(0x7777).load32(PA)).isEqualTo(0);
      machine.settle();
    });

    assertThat(machine.kernel.log())
        .containsAtLeast(
            "platform 9050000.iommu: event 0x02 received:",
            "platform 9050000.iommu: event: C_BAD_STREAMID client: (unassigned sid) sid: 0x7777"
                + " ssid: 0x0")
        .inOrder();
  }

  /**
   * An entry that is there for nobody aborts and says nothing, in a table of one level or two.
   * Kernel: {@code arm_smmu_init_initial_stes()}.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStreamOfNobodyBesideOthersIsRefusedSilently(boolean twoLevels) throws Exception {
    try (V3Machine small = new V3Machine(V3Machine.config(true, twoLevels, true))) {
      small.kernel.run(() -> {
        small.kernel.iommu.bus().deviceAdded(small.copier);
        small.probe();
        small.kernel.dram.putInt(PA, MAGIC);
        assertThat(small.master(V3Machine.COPIER_SID).load32(PA)).isEqualTo(MAGIC);

        for (int sid : new int[] {0, V3Machine.COPIER_SID + 1, 0xff}) {
          assertThat(small.master(sid).load32(PA)).isEqualTo(0);
        }
        small.settle();
      });
      assertThat(small.logFrom("event")).isEmpty();
    }
  }

  /** Kernel: {@code arm_smmu_device_remove()}: it is off, and another driver finds it as new. */
  @Test
  void whenTheDriverLeavesTheSmmuIsOffAndCanBeTakenAgain() throws Exception {
    machine.kernel.run(() -> {
      var before = machine.kernel.pages.usage();
      machine.boot();
      var _ = machine.stores.take();

      machine.smmu.devres().releaseAll();

      assertThat(machine.stores.take()).contains("20=0");
      assertThat(machine.kernel.iommu.bus().instances()).isEmpty();
      assertThat(machine.kernel.iommu.groups()).isEmpty();
      assertThat(machine.smmu.find(ArmSmmuV3Device.class)).isNull();
      assertThat(machine.kernel.pages.usage()).isEqualTo(before);

      machine.probe();
      ArmSmmuV3Domain domain = machine.attached(machine.display);
      machine.kernel.iommu.map(domain, IOVA, PA, 0x1000, READ);
      assertThat(machine.master(DISPLAY_SID).load32(IOVA)).isEqualTo(MAGIC);
    });
  }

  /**
   * Kernel: {@code arm_smmu_install_old_domain_invs()}: whoever left is not told of changes any
   * more.
   */
  @Test
  void aDomainThatNobodyIsInInvalidatesNothing() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      ArmSmmuV3Domain domain = machine.attached(machine.display);
      machine.kernel.iommu.map(domain, IOVA, PA, 0x2000, READ);
      var _ = machine.stores.take();
      var _ = machine.kernel.iommu.unmap(domain, IOVA, 0x1000);
      assertThat(machine.stores.take()).isNotEmpty();
      machine.kernel.iommu.detach(domain, machine.display);
      var _ = machine.stores.take();

      assertThat(machine.kernel.iommu.unmap(domain, IOVA + 0x1000, 0x1000)).isEqualTo(0x1000);

      assertThat(machine.stores.take()).isEmpty();
    });
  }

  /** Kernel: {@code arm_smmu_domain_alloc_paging_flags()}. */
  @ParameterizedTest
  @CsvSource({
    "true,  0,  ASID",
    "true,  1,  ASID", // PASIDs
    "true,  4,  VMID", // a nest parent
    "true,  5,  none",
    "true,  2,  none", // dirty pages, which this one does not track
    "true,  3,  none",
    "true,  6,  none",
    "true,  8,  none",
    "false, 0,  VMID",
    "false, 1,  none",
    "false, 4,  none",
  })
  void aDomainsWishesAreHadOrRefused(boolean stage1, int flags, String tag) throws Exception {
    try (V3Machine small = new V3Machine(V3Machine.config(stage1, true, true))) {
      small.kernel.run(() -> {
        small.boot();
        IommuOps ops = small.ops();
        if (tag.equals("none")) {
          assertErrno(
              Errno.EOPNOTSUPP, () -> ops.allocPaging(small.copier, DomainType.UNMANAGED, flags));
          return;
        }
        IommuDomain.Paging made = ops.allocPaging(small.copier, DomainType.UNMANAGED, flags);
        assertThat(made.place()).startsWith(tag);
      });
    }
  }

  @Test
  void whatTheHardwareCanDoIsWhatTheDriverSays() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      IommuOps ops = machine.ops();

      assertThat(ops.capable(machine.copier, IommuCap.CACHE_COHERENCY)).isTrue();
      assertThat(ops.capable(machine.copier, IommuCap.DEFERRED_FLUSH)).isTrue();
      assertThat(ops.capable(machine.copier, IommuCap.DIRTY_TRACKING)).isFalse();
      assertErrno(
          Errno.EOPNOTSUPP, () -> ops.allocPaging(machine.copier, DomainType.UNMANAGED, 0x10));
      assertErrno(
          Errno.EOPNOTSUPP,
          () -> ops.allocPaging(machine.copier, DomainType.UNMANAGED, IommuOps.ALLOC_DIRTY));
      assertThat(ops.reservedRegions(machine.copier))
          .containsExactly(
              new ReservedRegion(
                  0x800_0000,
                  0x10_0000,
                  IommuProt.WRITE | IommuProt.NOEXEC | IommuProt.MMIO,
                  ReservedRegion.Kind.SW_MSI));
    });
  }

  @Test
  void whenTheDeviceLeavesItsMemoryComesBack() throws Exception {
    machine.kernel.run(() -> {
      machine.boot();
      var before = machine.kernel.pages.usage();
      ArmSmmuV3Domain domain = machine.attached(machine.copier);
      machine.kernel.iommu.map(domain, IOVA, PA, 0x20_0000, READ);
      machine.kernel.iommu.detach(domain, machine.copier);
      machine.kernel.iommu.free(domain);
      machine.kernel.iommu.bus().deviceRemoved(machine.copier);

      assertThat(machine.kernel.pages.usage()).isEqualTo(before);
    });
  }

  private static void assertErrno(Errno errno, Executable call) {
    assertThat(assertThrows(ErrnoException.class, call).errno()).isEqualTo(errno);
  }
}
