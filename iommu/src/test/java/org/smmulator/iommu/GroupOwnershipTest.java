package org.smmulator.iommu;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.errno.Errno.ENOSPC;
import static org.smmulator.kernel.errno.Errno.ENOTSUPP;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;
import static org.smmulator.kernel.errno.Errno.EPERM;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.smmulator.iommu.nodes.IommuDebugNodes;
import org.smmulator.iommu.nodes.IommuGroupNodes;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.iommu.task.TaskBinder;
import org.smmulator.kernel.device.ArchDmaSetup;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.fs.Node;

/** Who decides where a group's DMA goes: drivers, claimants, firmware, userspace, the arguments. */
class GroupOwnershipTest {
  private static final DeviceTree TREE =
      TestKernel.parse(
          """
          /dts-v1/;
          / {
            #address-cells = <2>;
            #size-cells = <2>;
            smmu: iommu@100 { #iommu-cells = <1>; };
            other: iommu@200 { #iommu-cells = <1>; };
            gpu@1 { iommus = <&smmu 7>; smmulator,iommu-group = <4>; };
            dsp@2 { iommus = <&smmu 9>; compatible = "test,sdmmc"; };
            far@3 { iommus = <&other 9>; smmulator,iommu-group = <4>; };
            panel: panel@5 { iommus = <&smmu 3>; memory-region = <&splash>, <&secret>; };
            snooper: snooper@7 { iommus = <&smmu 2>; memory-region = <&odd>; dma-coherent; };
            odd: odd@90001800 {
              reg = <0 0x90001800 0 0x1000>;
              iommu-addresses = <&snooper 0 0x90001800 0 0x1000>, <&snooper 0 0x5000 0 0>;
            };
            camera: camera@6 { iommus = <&smmu 5>; memory-region = <&elsewhere>; };
            elsewhere: elsewhere@b0000000 {
              reg = <0 0xb0000000 0 0x1000>;
              iommu-addresses = <&camera 0 0xc0000000 0 0x1000>;
            };
            bus@8 {
              #address-cells = <2>;
              #size-cells = <2>;
              dma-ranges = <0 0x10000000 0 0x90000000 0 0x1000000>;
              radio: radio@8 { iommus = <&smmu 4>; memory-region = <&carried>; };
            };
            carried: carried@90010000 {
              reg = <0 0x90010000 0 0x1000>;
              iommu-addresses = <&radio 0 0x10010000 0 0x1000>, <&radio 0 0x20000000 0 0x1000>;
            };
            splash: splash@90000000 {
              reg = <0 0x90000000 0 0x400000>;
              iommu-addresses = <&panel 0 0x90000000 0 0x400000>;
            };
            secret: secret@a0000000 {
              iommu-addresses = <&panel 0 0x1000 0 0x2000>;
            };
          };
          """);

  /** A DMA layer that remembers what it was told. */
  private static final class RecordingDma implements DmaLayer {
    final List<String> calls = new ArrayList<>();

    /** The domains that it serves now. */
    final List<IommuDomain> adopted = new ArrayList<>();

    @Override
    public void adopt(IommuDomain.Paging domain) throws ErrnoException {
      domain.setCookie(this);
      adopted.add(domain);
    }

    @Override
    public void release(IommuDomain.Paging domain) {
      domain.clearCookie();
      adopted.remove(domain);
    }

    @Override
    public void setUp(Device device, IommuDomain domain) {
      calls.add("set up " + device.name() + " " + domain.type());
    }

    @Override
    public void tearDown(Device device) {
      calls.add("tear down " + device.name());
    }
  }

  private final RecordingDma dma = new RecordingDma();
  private TestKernel kernel;
  private Iommu iommu;
  private FakeIommuDriver driver;
  private Device gpu;
  private Device dsp;

  private void boot(IommuDesign design) throws Exception {
    if (kernel != null) {
      kernel.close();
    }
    kernel = new TestKernel(TestKernel.WITH_DMA_LAYER, design);
    iommu = kernel.iommu;
    driver = new FakeIommuDriver(iommu);
    gpu = device("/gpu@1");
    dsp = device("/dsp@2");
    kernel.run(() -> iommu.bus().register(new IommuDevice(device("/iommu@100"), driver)));
  }

  @BeforeEach
  void boot() throws Exception {
    boot(IommuDesign.today(dma));
  }

  @AfterEach
  void shutDown() {
    kernel.close();
  }

  // ---- ownership

  @Test
  void aGroupWithABoundDriverCannotBeClaimed() throws Exception {
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      iommu.bus().useDefaultDomain(gpu);
      assertErrno(EPERM, () -> iommu.claimGroup(group(gpu), "vfio"));

      iommu.bus().unuseDefaultDomain(gpu);
      iommu.claimGroup(group(gpu), "vfio");
      assertThat(iommu.domainOf(gpu)).isEqualTo(IommuDomain.Fixed.BLOCKED);
      assertErrno(EBUSY, () -> iommu.bus().useDefaultDomain(gpu));
    });
  }

  @Test
  void oneOwnerMayClaimADeviceTwiceAndAnotherNotAtAll() throws Exception {
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      Object first = new Object();
      iommu.claimDevice(gpu, first);
      iommu.claimDevice(gpu, first);
      assertErrno(EPERM, () -> iommu.claimDevice(gpu, new Object()));

      iommu.releaseDevice(gpu);
      assertThat(iommu.domainOf(gpu)).isEqualTo(IommuDomain.Fixed.BLOCKED);
      iommu.releaseDevice(gpu);
      assertThat(iommu.domainOf(gpu)).isSameInstanceAs(group(gpu).defaultDomain());
      iommu.bus().useDefaultDomain(gpu);
    });
  }

  @Test
  void whatAClaimantDetachesGoesBackToBlockedNotToTheDefault() throws Exception {
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      iommu.claimGroup(group(gpu), "vfio");
      IommuDomain.Paging own = iommu.allocPaging(gpu);
      iommu.attach(own, gpu);
      iommu.detach(own, gpu);
      assertThat(iommu.domainOf(gpu)).isEqualTo(IommuDomain.Fixed.BLOCKED);
    });
  }

  @Test
  void aDriverWithoutABlockedDomainBlocksWithAnEmptyOne() throws Exception {
    driver.hasBlocked = false;
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      iommu.claimGroup(group(gpu), "vfio");
      assertThat(iommu.domainOf(gpu)).isSameInstanceAs(driver.domains.getLast());
      assertThat(iommu.iovaToPhys(requireNonNull(iommu.domainOf(gpu)), 0)).isEqualTo(1);
    });
  }

  @Test
  void aDomainThatADriverAttachedKeepsClaimantsOut() throws Exception {
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      iommu.attach(iommu.allocPaging(gpu), gpu);
      assertErrno(EBUSY, () -> iommu.claimGroup(group(gpu), "vfio"));
    });
  }

  // ---- a default domain that the driver refuses

  @Test
  void aDriverThatOptsOutHasItsDeviceInNoDomainAndNothingIsPrinted() throws Exception {
    driver.refusesFirst = ENOTSUPP;
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);

      assertThat(group(gpu).type()).isEqualTo("DMA");
      assertThat(iommu.domainOf(gpu)).isNull();
      assertThat(dma.calls).isEmpty();
      iommu.bus().useDefaultDomain(gpu);

      IommuDomain.Paging own = iommu.allocPaging(gpu);
      iommu.attach(own, gpu);
      iommu.detach(own, gpu);
      assertThat(iommu.domainOf(gpu)).isNull();
    });
    assertThat(kernel.log()).containsExactly("platform 1.gpu: Adding to iommu group 0");
  }

  /** Kernel: {@code iommu_probe_device()} undoes all of it, and the device goes on without. */
  @Test
  void aDeviceThatCannotBeAttachedToItsFirstDomainHasNoIommu() throws Exception {
    driver.refusesFirst = ENOSPC;
    kernel.run(() -> {
      assertErrno(ENOSPC, () -> iommu.bus().configure(gpu));

      assertThat(iommu.groupOf(gpu)).isNull();
      assertThat(iommu.groups()).isEmpty();
      assertThat(driver.domains.getFirst().freed).isTrue();
      assertThat(driver.calls)
          .containsExactly("probe 1.gpu [7]", "attach 1.gpu BLOCKED", "release 1.gpu")
          .inOrder();
      assertThat(dma.calls).containsExactly("tear down 1.gpu");
    });
    assertThat(kernel.log())
        .containsExactly(
            "platform 1.gpu: Adding to iommu group 0",
            "WARNING: drivers/iommu/iommu.c at iommu_setup_default_domain: group 0: ENOSPC: told to"
                + " refuse at first")
        .inOrder();
  }

  /** Kernel: {@code bus_iommu_probe()} fails, and {@code iommu_device_register()} with it. */
  @Test
  void anIommuOfWhichOneDeviceCannotBeAttachedIsNotRegistered() throws Exception {
    kernel.run(() -> {
      iommu.bus().unregister(iommu.bus().instances().getFirst());
      iommu.bus().deviceAdded(gpu);
      iommu.bus().deviceAdded(dsp);
      driver.refusesFirst = ENOSPC;

      assertErrno(
          ENOSPC, () -> iommu.bus().register(new IommuDevice(device("/iommu@100"), driver)));

      assertThat(iommu.bus().instances()).isEmpty();
      assertThat(iommu.groups()).isEmpty();
      assertThat(iommu.groupOf(dsp)).isNull();
    });
  }

  @Test
  void aLateMemberThatCannotJoinTheOthersIsReleased() throws Exception {
    driver.sharesOneGroup = true;
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      driver.refusesFirst = ENOSPC;
      driver.calls.clear();

      assertErrno(ENOSPC, () -> iommu.bus().configure(dsp));

      assertThat(group(gpu).devices()).containsExactly(gpu);
      assertThat(iommu.groupOf(dsp)).isNull();
      assertThat(driver.calls)
          .containsExactly("probe 2.dsp [9]", "attach 2.dsp BLOCKED", "release 2.dsp")
          .inOrder();
    });
  }

  // ---- a caller's mistake is told in the log, and nothing else happens

  @Test
  void aDetachOfADomainThatTheGroupIsNotInWarns() throws Exception {
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      IommuDomain.Paging own = iommu.allocPaging(gpu);
      iommu.attach(own, gpu);
      iommu.detach(own, gpu);
      driver.calls.clear();

      iommu.detach(own, gpu);

      assertThat(driver.calls).isEmpty();
      assertThat(iommu.domainOf(gpu)).isSameInstanceAs(group(gpu).defaultDomain());
      assertThat(kernel.log().getLast())
          .isEqualTo(
              "WARNING: drivers/iommu/iommu.c at iommu_detach_device: group 0: the group is in"
                  + " another domain");
    });
  }

  @Test
  void soDoesAReleaseOfWhatNobodyClaimedAndAnEndOfUseThatNeverBegan() throws Exception {
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);

      iommu.releaseGroup(group(gpu));
      assertThat(kernel.log().getLast()).contains("__iommu_release_dma_ownership");
      iommu.bus().unuseDefaultDomain(gpu);
      assertThat(kernel.log().getLast()).contains("iommu_device_unuse_default_domain");
      iommu.pasids().detach(gpu, 5);

      iommu.claimGroup(group(gpu), "vfio");
      assertThat(iommu.domainOf(gpu)).isEqualTo(IommuDomain.Fixed.BLOCKED);
    });
  }

  /** Kernel: {@code __iommu_group_set_domain_nofail()}. */
  @Test
  void aMemberThatDoesNotGoBackIsBlockedAndTheLogSaysSo() throws Exception {
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      iommu.claimGroup(group(gpu), "vfio");
      IommuDomain.Paging own = iommu.allocPaging(gpu);
      iommu.attachGroup(own, group(gpu));
      driver.refusesDomain = group(gpu).defaultDomain();
      driver.calls.clear();

      iommu.releaseGroup(group(gpu));

      assertThat(driver.calls).containsExactly("attach 1.gpu BLOCKED");
      assertThat(kernel.log().getLast()).contains("1.gpu: ENOSPC: told to refuse");
      assertThat(iommu.domainOf(gpu)).isSameInstanceAs(group(gpu).defaultDomain());
    });
  }

  @Test
  void aReleasedGroupIsBackAtOnceHoweverOftenItsDevicesWereClaimed() throws Exception {
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      Object owner = new Object();
      iommu.claimGroup(group(gpu), owner);
      iommu.claimDevice(gpu, owner);

      iommu.releaseGroup(group(gpu));

      assertThat(iommu.domainOf(gpu)).isSameInstanceAs(group(gpu).defaultDomain());
      iommu.bus().useDefaultDomain(gpu);
    });
  }

  @Test
  void aGroupWhosePasidsLeadSomewhereCannotBeClaimed() throws Exception {
    driver.pasids = 16;
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      iommu.pasids().attach(iommu.allocPaging(gpu), gpu, 5);
      driver.calls.clear();

      assertErrno(EBUSY, () -> iommu.claimGroup(group(gpu), "vfio"));

      assertThat(driver.calls).isEmpty();
      iommu.pasids().detach(gpu, 5);
      iommu.claimGroup(group(gpu), "vfio");
    });
  }

  // ---- reserved regions

  @Test
  void firmwaresRegionIsMappedOneToOneBeforeADriverComesAndForbidsBlocking() throws Exception {
    Device panel = device("/panel@5");
    driver.nextHoles = true;
    kernel.tracer.enable(IommuEvents.Map.class);
    kernel.run(() -> {
      iommu.bus().deviceAdded(panel);
      assertThat(iommu.reservedRegions(group(panel)).stream().map(Object::toString).toList())
          .containsExactly(
              region(0x1000, 0x2000, ReservedRegion.Kind.RESERVED),
              region(0x9000_0000L, 0x40_0000, ReservedRegion.Kind.DIRECT))
          .inOrder();
      assertErrno(EINVAL, () -> iommu.claimGroup(group(panel), "vfio"));

      // 4 MiB where they are, with the rights of the region. Reserved iovas are not mapped.
      var home = (FakeIommuDriver.Domain) requireNonNull(group(panel).defaultDomain());
      assertThat(home.calls).containsExactly("map 0x90000000 0x200000 x 2");
      assertThat(home.lastProt).isEqualTo(IommuProt.READ | IommuProt.WRITE);
      assertThat(kernel.tracer.events().getFirst().print())
          .isEqualTo(
              "IOMMU: iova=0x0000000090000000 - 0x0000000090400000 paddr=0x0000000090000000"
                  + " size=4194304");
      assertThat(kernel.log())
          .containsExactly(
              "platform 5.panel: Adding to iommu group 0",
              "platform 5.panel: Firmware has requested this device have a 1:1 IOMMU mapping,"
                  + " rejecting configuring the device without a 1:1 mapping. Contact your platform"
                  + " vendor.")
          .inOrder();
    });
  }

  /** Kernel: {@code of_translate_dma_region()}, with the windows of the bus that it is on. */
  @Test
  void aRegionOnABusWithWindowsIsWhereTheCpusSeeItAndOneBesideThemIsRefused() throws Exception {
    Device radio = device("/bus@8/radio@8");
    driver.nextHoles = true;
    kernel.run(() -> {
      iommu.bus().deviceAdded(radio);
      assertThat(iommu.reservedRegions(group(radio)).stream().map(Object::toString).toList())
          .containsExactly(region(0x9001_0000L, 0x1000, ReservedRegion.Kind.DIRECT));
      assertThat(kernel.log())
          .contains("platform 8.radio: failed to parse memory region /carried@90010000");
    });
  }

  /** Kernel: {@code of_iommu_get_resv_regions()}, {@code iommu_create_device_direct_mappings()}. */
  @Test
  void aRegionInTheMiddleOfAPageIsRoundedUpAndOneOfNoSizeIsLeftOut() throws Exception {
    Device snooper = device("/snooper@7");
    driver.nextHoles = true;
    kernel.run(() -> {
      iommu.bus().deviceAdded(snooper);

      var home = (FakeIommuDriver.Domain) requireNonNull(group(snooper).defaultDomain());
      assertThat(home.calls).containsExactly("map 0x90002000 0x1000 x 1");
      assertThat(home.lastProt).isEqualTo(IommuProt.READ | IommuProt.WRITE | IommuProt.CACHE);
      assertThat(iommu.reservedRegions(snooper)).hasSize(1);
      assertThat(kernel.log()).contains("platform 7.snooper: Cannot reserve IOVA region of 0 size");
    });
  }

  @Test
  void whatIsMappedAlreadyOfFirmwaresRegionStays() throws Exception {
    Device panel = device("/panel@5");
    kernel.run(() -> {
      iommu.bus().deviceAdded(panel); // a fake domain without holes answers for every iova

      assertThat(driver.domains.getFirst().calls).isEmpty();
    });
  }

  @Test
  void aRegionThatCannotBeMappedAfterTheAttachEitherCostsTheDeviceItsIommu() throws Exception {
    driver.nextSizes = 0;
    driver.nextHoles = true;
    Device panel = device("/panel@5");
    kernel.run(() -> assertErrno(EINVAL, () -> iommu.bus().configure(panel)));

    assertThat(kernel.log())
        .containsExactly(
            "platform 5.panel: Adding to iommu group 0",
            "platform 100.iommu: IOMMU driver was not able to establish FW requested direct"
                + " mapping.")
        .inOrder();
    assertThat(iommu.groups()).isEmpty();
  }

  /** Kernel: {@code iommu_deinit_device()}: its DMA goes on after its device is gone. */
  @Test
  void whoMustNotBeBlockedIsLeftUntranslatedWhenItGoes() throws Exception {
    Device panel = device("/panel@5");
    kernel.run(() -> {
      iommu.bus().deviceAdded(panel);
      iommu.bus().deviceAdded(gpu);
      driver.calls.clear();

      iommu.bus().deviceRemoved(panel);
      iommu.bus().deviceRemoved(gpu);

      assertThat(driver.calls)
          .containsExactly(
              "attach 5.panel IDENTITY", "release 5.panel", "attach 1.gpu BLOCKED", "release 1.gpu")
          .inOrder();
    });
  }

  /** Kernel: {@code iommu_create_device_direct_mappings()}; claimants may unmap it later. */
  @Test
  void aRelaxableRegionIsMappedAndDoesNotForbidBlocking() throws Exception {
    driver.nextHoles = true;
    driver.reserved =
        ImmutableList.of(
            new ReservedRegion(0x4000, 0x2000, 3, ReservedRegion.Kind.DIRECT_RELAXABLE),
            new ReservedRegion(0x8000, 0x1000, 3, ReservedRegion.Kind.RESERVED));
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);

      assertThat(driver.domains.getFirst().calls).containsExactly("map 0x4000 0x1000 x 2");
      iommu.claimGroup(group(gpu), "vfio");
    });
  }

  /** Kernel: {@code iommu_insert_resv_region()}. */
  @Test
  void regionsOfOneKindThatTouchAreOneAndOthersStandBetween() throws Exception {
    ReservedRegion.Kind msi = ReservedRegion.Kind.MSI;
    ReservedRegion.Kind plain = ReservedRegion.Kind.RESERVED;
    driver.reserved =
        ImmutableList.of(
            new ReservedRegion(0x9000, 0x1000, 3, plain),
            new ReservedRegion(0x1000, 0x1000, 3, plain),
            new ReservedRegion(0x1800, 0x100, 3, msi),
            new ReservedRegion(0x2000, 0x2000, 3, plain), // touches the first
            new ReservedRegion(0x3000, 0x800, 3, plain), // within it
            new ReservedRegion(0x4001, 0x1000, 3, plain)); // a byte apart
    kernel.run(() -> iommu.bus().deviceAdded(gpu));

    assertThat(iommu.reservedRegions(group(gpu)).stream().map(Object::toString).toList())
        .containsExactly(
            region(0x1000, 0x3000, plain),
            region(0x1800, 0x100, msi),
            region(0x4001, 0x1000, plain),
            region(0x9000, 0x1000, plain))
        .inOrder();
  }

  private static String region(long start, long length, ReservedRegion.Kind kind) {
    int prot = IommuProt.READ | IommuProt.WRITE;
    return new ReservedRegion(start, length, prot, kind).toString();
  }

  @Test
  void aRegionThatIsElsewhereInMemoryIsOnlyReservedAndTheLogSaysSo() throws Exception {
    Device camera = device("/camera@6");
    kernel.run(() -> iommu.bus().deviceAdded(camera));

    assertThat(iommu.reservedRegions(camera)).hasSize(1);
    assertThat(iommu.reservedRegions(camera).getFirst().kind())
        .isEqualTo(ReservedRegion.Kind.RESERVED);
    assertThat(kernel.log())
        .contains(
            "platform 6.camera: treating non-direct mapping [[mem 0xb0000000-0xb0000fff]] ->"
                + " [0x00000000c0000000-0x00000000c0000fff] as reservation");
  }

  // ---- an IOMMU that loses its driver

  @Test
  void whenAnIommuGoesItsDevicesAreAsBeforeAndANewDriverTakesThem() throws Exception {
    Device far = device("/far@3");
    kernel.run(() -> {
      iommu.bus().register(new IommuDevice(device("/iommu@200"), driver));
      iommu.bus().deviceAdded(gpu);
      iommu.bus().deviceAdded(dsp);
      iommu.bus().deviceAdded(far);
      FakeIommuDriver.Domain first = driver.domains.getFirst();

      iommu.bus().unregister(iommu.bus().instances().getFirst());

      assertThat(iommu.groups()).hasSize(1);
      assertThat(iommu.groupOf(gpu)).isNull();
      assertThat(first.freed).isTrue();
      assertThat(driver.calls).containsAtLeast("release 1.gpu", "release 2.dsp");

      assertThat(iommu.groupOf(far)).isNotNull();

      FakeIommuDriver next = new FakeIommuDriver(iommu);
      iommu.bus().register(new IommuDevice(device("/iommu@100"), next));
      assertThat(next.calls).containsAtLeast("probe 1.gpu [7]", "attach 2.dsp DMA");
      assertThat(group(gpu).id()).isEqualTo(0);
    });
  }

  @Test
  void anIommuWhoseDeviceFailsIsNotRegisteredAndKeepsNobody() throws Exception {
    kernel.run(() -> {
      iommu.bus().unregister(iommu.bus().instances().getFirst());
      iommu.bus().deviceAdded(gpu);
      driver.refusesType = DomainType.DMA;

      assertErrno(
          EINVAL, () -> iommu.bus().register(new IommuDevice(device("/iommu@100"), driver)));

      assertThat(iommu.bus().instances()).isEmpty();
      assertThat(iommu.groups()).isEmpty();
    });
  }

  // ---- PASIDs

  @Test
  void aPasidHasOneDomainAndIsCheckedAgainstWhatTheDeviceHas() throws Exception {
    driver.pasids = 16;
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      IommuDomain.Paging own = iommu.allocPaging(gpu);
      assertErrno(EINVAL, () -> iommu.pasids().attach(own, gpu, 0));
      assertErrno(EINVAL, () -> iommu.pasids().attach(own, gpu, 16));

      iommu.pasids().attach(own, gpu, 5);
      assertErrno(EBUSY, () -> iommu.pasids().attach(own, gpu, 5));
      assertThat(group(gpu).domainOfPasid(5)).isSameInstanceAs(own);
      assertErrno(
          EBUSY,
          () -> {
            iommu.bus().useDefaultDomain(gpu);
            iommu.bus().useDefaultDomain(gpu);
          });

      iommu.pasids().detach(gpu, 5);
      assertThat(driver.calls).containsAtLeast("pasid 5 1.gpu UNMANAGED", "pasid 5 1.gpu BLOCKED");
    });
  }

  /** Kernel: {@code __iommu_set_group_pasid()}. */
  @Test
  void aMemberWithoutPasidsIsPassedOver() throws Exception {
    driver.sharesOneGroup = true;
    driver.pasids = 16;
    driver.withoutPasids = "2.dsp";
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      iommu.bus().deviceAdded(dsp);
      driver.calls.clear();

      iommu.pasids().attach(iommu.allocPaging(gpu), gpu, 5);
      iommu.pasids().detach(gpu, 5);

      assertThat(driver.calls)
          .containsExactly("pasid 5 1.gpu UNMANAGED", "pasid 5 1.gpu BLOCKED")
          .inOrder();
    });
  }

  @Test
  void whereOneMemberCannotHaveAPasidNobodyHasIt() throws Exception {
    driver.pasids = 16;
    driver.sharesOneGroup = true;
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      iommu.bus().deviceAdded(dsp);
      IommuDomain.Paging own = iommu.allocPaging(gpu);
      driver.calls.clear();
      driver.refusesToMove = "2.dsp";

      assertErrno(ENOSPC, () -> iommu.pasids().attach(own, gpu, 5));

      assertThat(driver.calls)
          .containsExactly("pasid 5 1.gpu UNMANAGED", "pasid 5 1.gpu BLOCKED")
          .inOrder();
      assertThat(group(gpu).domainOfPasid(5)).isNull();
      assertThat(group(gpu).pasids()).isEmpty();
    });
  }

  // ---- the type of the default domain, from userspace

  @Test
  void theTypeChangesWhileNobodyIsBoundAndNotAfter() throws Exception {
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      dma.calls.clear();
      iommu.changeDefaultType(group(gpu), "identity");
      assertThat(iommu.domainOf(gpu)).isEqualTo(IommuDomain.Fixed.IDENTITY);
      assertThat(driver.domains.getFirst().freed).isTrue();
      assertThat(dma.adopted).isEmpty();
      assertThat(dma.calls).containsExactly("tear down 1.gpu", "set up 1.gpu IDENTITY").inOrder();

      iommu.bus().useDefaultDomain(gpu);
      assertErrno(EPERM, () -> iommu.changeDefaultType(group(gpu), "DMA"));
      assertErrno(EINVAL, () -> iommu.changeDefaultType(group(gpu), "translated"));
    });
  }

  @Test
  void aTypeThatAMemberCannotMoveToLeavesTheOldDomainInItsPlace() throws Exception {
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      FakeIommuDriver.Domain first = driver.domains.getFirst();
      dma.calls.clear();
      driver.refusesToMove = "1.gpu";

      assertErrno(ENOSPC, () -> iommu.changeDefaultType(group(gpu), "identity"));

      assertThat(iommu.domainOf(gpu)).isSameInstanceAs(first);
      assertThat(group(gpu).defaultDomain()).isSameInstanceAs(first);
      assertThat(first.freed).isFalse();
      assertThat(dma.calls).isEmpty();
    });
  }

  @Test
  void aDomainToWhichOneOfTwoCannotMoveIsFreedAndTheOtherIsBack() throws Exception {
    driver.sharesOneGroup = true;
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      iommu.bus().deviceAdded(dsp);
      iommu.changeDefaultType(group(gpu), "identity");
      driver.refusesToMove = "2.dsp";
      driver.calls.clear();

      assertErrno(ENOSPC, () -> iommu.changeDefaultType(group(gpu), "DMA"));

      assertThat(driver.calls)
          .containsExactly("attach 1.gpu DMA", "attach 1.gpu IDENTITY")
          .inOrder();
      assertThat(group(gpu).type()).isEqualTo("identity");
      assertThat(driver.domains.getLast().freed).isTrue();
    });
  }

  /** Kernel: {@code __iommu_group_alloc_default_domain()} returns the domain that is there. */
  @Test
  void theTypeThatAGroupHasAlreadyKeepsItsDomain() throws Exception {
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      IommuDomain first = requireNonNull(group(gpu).defaultDomain());
      dma.calls.clear();
      driver.calls.clear();

      iommu.changeDefaultType(group(gpu), "DMA");
      iommu.changeDefaultType(group(gpu), "auto");

      assertThat(group(gpu).defaultDomain()).isSameInstanceAs(first);
      assertThat(driver.domains).hasSize(1);
      assertThat(driver.calls).isEmpty();
      assertThat(dma.calls).isEmpty();
    });
  }

  /** Kernel: {@code iommu_setup_default_domain()} sets the group's domain wherever it is. */
  @Test
  void aNewTypeTakesAGroupOutOfItsDriversOwnDomain() throws Exception {
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      iommu.attach(iommu.allocPaging(gpu), gpu); // a driver with driver_managed_dma is not counted

      iommu.changeDefaultType(group(gpu), "identity");

      assertThat(iommu.domainOf(gpu)).isEqualTo(IommuDomain.Fixed.IDENTITY);
      assertThat(driver.calls.getLast()).isEqualTo("attach 1.gpu IDENTITY");
    });
  }

  @Test
  void aTypeThatIsAskedForIsHadOrRefusedAndNotReplacedByAnother() throws Exception {
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      iommu.changeDefaultType(group(gpu), "identity");
      driver.refusesType = DomainType.DMA_FQ;

      assertErrno(ENOMEM, () -> iommu.changeDefaultType(group(gpu), "DMA-FQ"));
      assertThat(group(gpu).type()).isEqualTo("identity");

      iommu.changeDefaultType(group(gpu), "auto");
      assertThat(group(gpu).type()).isEqualTo("DMA");
    });
  }

  @Test
  void evenTheTypeThatItHasIsNotWrittenWhileADriverIsBoundNorToAnEmptyGroup() throws Exception {
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      IommuGroup group = group(gpu);
      iommu.bus().useDefaultDomain(gpu);
      assertErrno(EPERM, () -> iommu.changeDefaultType(group, "DMA"));
      iommu.bus().unuseDefaultDomain(gpu);

      iommu.bus().deviceRemoved(gpu);
      assertErrno(EPERM, () -> iommu.changeDefaultType(group, "identity"));
    });
  }

  // ---- one class for each side

  @Test
  void aDomainPerInstanceIsSharedByAllBehindIt() throws Exception {
    boot(with(new ArchDmaSetup.PerIommuInstance()));
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      iommu.bus().deviceAdded(dsp);
    });

    assertThat(iommu.domainOf(gpu)).isSameInstanceAs(iommu.domainOf(dsp));
    assertThat(driver.domains).hasSize(1);
    kernel.run(() -> {
      iommu.bus().deviceRemoved(gpu);
      assertThat(driver.domains.getFirst().freed).isFalse();
      iommu.bus().deviceRemoved(dsp);
      assertThat(driver.domains.getFirst().freed).isTrue();
    });
  }

  @Test
  void onlyListedDevicesJoinTheReservedDomainOthersReachNothing() throws Exception {
    boot(with(new ArchDmaSetup.ListedDevices()));
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      iommu.bus().deviceAdded(dsp);
    });

    assertThat(group(dsp).type()).isEqualTo("DMA");
    assertThat(iommu.domainOf(gpu)).isEqualTo(IommuDomain.Fixed.BLOCKED);
  }

  @Test
  void behindAnIommuThatCannotBlockTheOthersAreInAnEmptyDomain() throws Exception {
    boot(with(new ArchDmaSetup.ListedDevices()));
    driver.hasBlocked = false;
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      FakeIommuDriver.Domain empty = driver.domains.getLast();
      assertThat(iommu.domainOf(gpu)).isSameInstanceAs(empty);
      assertThat(empty.calls).isEmpty();

      IommuDomain.Paging own = iommu.allocPaging(gpu);
      iommu.attach(own, gpu);
      iommu.detach(own, gpu);
      assertThat(iommu.domainOf(gpu)).isSameInstanceAs(empty);

      iommu.bus().deviceRemoved(gpu);
      assertThat(empty.freed).isTrue();
    });
  }

  @Test
  void aGroupMaySpanTwoIommusIfTheBoardSaysSo() throws Exception {
    boot(IommuDesign.today(dma).with(new GroupPolicy.Spanning()));
    Device far = device("/far@3");
    kernel.run(() -> {
      iommu.bus().register(new IommuDevice(device("/iommu@200"), driver));
      iommu.bus().deviceAdded(gpu);
      iommu.bus().deviceAdded(far);
    });

    assertThat(group(gpu)).isSameInstanceAs(group(far));
    assertThat(driver.domains).hasSize(1);
  }

  @Test
  void aDriversDomainIsTheDmaApisOnlyWhereTheDesignHasACallForThat() throws Exception {
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      IommuDomain.Paging own = iommu.allocPaging(gpu);
      iommu.attach(own, gpu);
      assertErrno(EOPNOTSUPP, () -> iommu.useForDma(own, gpu));
    });
  }

  @Test
  void setDefaultMakesItTheDefaultUntilItIsDetached() throws Exception {
    boot(with(new DriverDomain.SetDefault()));
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      IommuDomain first = requireNonNull(group(gpu).defaultDomain());
      IommuDomain.Paging own = iommu.allocPaging(gpu);
      iommu.attach(own, gpu);
      dma.calls.clear();
      iommu.useForDma(own, gpu);
      assertThat(dma.calls).containsExactly("set up 1.gpu UNMANAGED");
      assertThat(dma.adopted).contains(own);
      assertThat(group(gpu).dmaDomain()).isSameInstanceAs(own);
      assertThat(group(gpu).defaultDomain()).isSameInstanceAs(own);

      dma.calls.clear();
      iommu.detach(own, gpu);
      assertThat(iommu.domainOf(gpu)).isSameInstanceAs(first);
      assertThat(dma.calls).containsExactly("tear down 1.gpu", "set up 1.gpu DMA").inOrder();
      assertThat(dma.adopted).doesNotContain(own);
    });
  }

  @Test
  void flagAndBlessKeepsDmaSetUpAwayUntilADomainIsBlessed() throws Exception {
    boot(with(new DriverDomain.FlagAndBless()));
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      iommu.bus().managedByDriver(gpu);
      assertThat(dma.calls).containsExactly("set up 1.gpu DMA", "tear down 1.gpu").inOrder();

      IommuDomain.Paging own = iommu.allocPaging(gpu);
      iommu.attach(own, gpu);
      dma.calls.clear();
      iommu.useForDma(own, gpu);
      assertThat(dma.calls).containsExactly("set up 1.gpu UNMANAGED");
      assertThat(dma.adopted).contains(own);
      assertThat(group(gpu).dmaDomain()).isSameInstanceAs(own);
      assertThat(group(gpu).defaultDomain()).isNotSameInstanceAs(own);

      // Back home its DMA API is direct while the driver is bound, and set up for the next one.
      dma.calls.clear();
      iommu.detach(own, gpu);
      assertThat(dma.calls.getLast()).isEqualTo("tear down 1.gpu");
      assertThat(dma.adopted).doesNotContain(own);
      assertThat(group(gpu).dmaDomain()).isNotSameInstanceAs(own);
      iommu.bus().releasedByDriver(gpu);
      assertThat(dma.calls.getLast()).isEqualTo("set up 1.gpu DMA");
    });
  }

  private IommuDesign with(ArchDmaSetup arch) {
    return IommuDesign.today(dma).with(arch);
  }

  private IommuDesign with(DriverDomain driverDomain) {
    return IommuDesign.today(dma).with(driverDomain);
  }

  // ---- who cuts ranges

  @Test
  void theSameRangeTakesTheDriverCallsThatEachSideSays() throws Exception {
    // 4 KiB up to the next 2 MiB, one block, and 4 KiB again: 511 + 1 + 1 leaves.
    assertThat(callsFor(new MapSplit.CoreBatched())).isEqualTo(3);
    assertThat(callsFor(new MapSplit.CorePageAtATime())).isEqualTo(513);
    assertThat(callsFor(new MapSplit.Driver())).isEqualTo(1);
    // 4K 8K 16K ... 1M up to the block, the block, and 4K: nine, one, one.
    assertThat(callsFor(new MapSplit.DriverLies())).isEqualTo(11);
  }

  private long callsFor(MapSplit split) throws Exception {
    boot(IommuDesign.today(dma).with(split));
    long[] calls = new long[1];
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      IommuDomain.Paging own = iommu.allocPaging(gpu);
      kernel.tracer.enable(IommuEvents.Map.class);
      iommu.map(own, 0x1000, 0x1000, 0x40_0000, 1);
      calls[0] = own.driverCalls();
      assertThat(((IommuEvents.Map) kernel.tracer.events().getFirst()).size()).isEqualTo(0x40_0000);
      assertThat(iommu.unmap(own, 0x1000, 0x40_0000)).isEqualTo(0x40_0000);
      assertThat(own.driverCalls()).isEqualTo(2 * calls[0]);
    });
    return calls[0];
  }

  @Test
  void aDriverThatLiesAdvertisesEveryPowerOfTwo() throws Exception {
    boot(IommuDesign.today(dma).with(new MapSplit.DriverLies()));
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      assertThat(iommu.pageSizes(iommu.allocPaging(gpu))).isEqualTo(-0x1000L);
    });
  }

  // ---- sysfs

  @Test
  void sysfsShowsGroupsAndTakesAType() throws Exception {
    driver.reserved =
        ImmutableList.of(new ReservedRegion(0x800_0000, 0x10_0000, 2, ReservedRegion.Kind.SW_MSI));
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      var nodes = new IommuGroupNodes(iommu);
      assertThat(nodes.names()).containsExactly("0");
      var dir = (Node.Directory) requireNonNull(nodes.find("0"));
      var devices = (Node.Directory) requireNonNull(dir.find("devices"));
      assertThat(devices.names()).containsExactly("1.gpu");
      assertThat(text(dir, "reserved_regions").content().get())
          .isEqualTo("0x0000000008000000 0x00000000080fffff msi\n");

      requireNonNull(text(dir, "type").writer()).write("identity\n");
      assertThat(text(dir, "type").content().get()).isEqualTo("identity\n");
    });
  }

  @Test
  void debugfsTellsOfTheDomainAndOfTheWalkThatIsAskedFor() throws Exception {
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      var dir = (Node.Directory) requireNonNull(nodes().find("0"));
      assertThat(text(dir, "domain").content().get())
          .isEqualTo(
              """
              type DMA
              where bank 3
              page sizes 0x201000
              aperture 0x0000000000000000 0x0000ffffffffffff
              driver calls 0
              default the same
              group references taken 0
              """);

      assertThat(text(dir, "walk").content().get()).isEqualTo("write an iova first\n");
      requireNonNull(text(dir, "walk").writer()).write("0x1000\n");
      assertThat(text(dir, "walk").content().get()).startsWith("0x0000000000001000: ");
      assertErrno(EINVAL, () -> requireNonNull(text(dir, "walk").writer()).write("there"));
    });
  }

  @Test
  void debugfsTellsOfTheDefaultDomainThatADriversOwnStandsBeside() throws Exception {
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      IommuDomain.Paging own = iommu.allocPaging(gpu);
      iommu.attach(own, gpu);

      var dir = (Node.Directory) requireNonNull(nodes().find("0"));
      String shown = text(dir, "domain").content().get();

      assertThat(shown).startsWith("type unmanaged\n");
      assertThat(shown).contains("default DMA, bank 3\n");
    });
  }

  private IommuDebugNodes nodes() {
    TaskBinder none =
        (device, _) -> {
          throw Errno.ENODEV.because("%s has no tables for tasks", device.name());
        };
    return new IommuDebugNodes(iommu, new IommuTasks(iommu, none));
  }

  private static Node.TextFile text(Node.Directory dir, String name) {
    return (Node.TextFile) requireNonNull(dir.find(name));
  }

  private IommuGroup group(Device device) {
    return requireNonNull(iommu.groupOf(device));
  }

  private Device device(String path) {
    return kernel.platformDevice(requireNonNull(TREE.find(path)));
  }

  private static void assertErrno(Errno errno, Executable call) {
    assertThat(assertThrows(ErrnoException.class, call).errno()).isEqualTo(errno);
  }
}
