package org.smmulator.iommu;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.errno.Errno.ENOSPC;
import static org.smmulator.kernel.errno.Errno.EPROBE_DEFER;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DeviceTree;

/** The core's rules: who is in which group and domain, and what map and unmap ask of a driver. */
class IommuTest {
  private static final DeviceTree TREE =
      TestKernel.parse(
          """
          /dts-v1/;
          / {
            smmu: iommu@100 { #iommu-cells = <1>; };
            off: iommu@200 { #iommu-cells = <1>; status = "disabled"; };
            gpu@1 { iommus = <&smmu 7>, <&smmu 8>; };
            dsp@2 { iommus = <&smmu 9>; };
            plain@3 { };
            orphan@4 { iommus = <&off 1>; };
            display@5 { iommus = <&smmu 3>; test,wants = "IDENTITY"; };
            codec@6 { iommus = <&smmu 4>; test,wants = "DMA"; };
          };
          """);

  private TestKernel kernel;
  private Iommu iommu;
  private FakeIommuDriver driver;
  private Device smmu;
  private Device gpu;
  private Device dsp;

  @BeforeEach
  void boot() throws Exception {
    start(TestKernel.WITHOUT_DMA_LAYER);
  }

  private void start(IommuPolicy policy) throws Exception {
    if (kernel != null) {
      kernel.close();
    }
    kernel = new TestKernel(policy);
    iommu = kernel.iommu;
    driver = new FakeIommuDriver(iommu);
    smmu = device("/iommu@100");
    gpu = device("/gpu@1");
    dsp = device("/dsp@2");
  }

  @AfterEach
  void shutDown() {
    kernel.close();
  }

  // ---- probing

  @Test
  void devicesThatCameBeforeTheirIommuAreTakenWhenItRegisters() throws Exception {
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      iommu.bus().deviceAdded(dsp);
      iommu.bus().deviceAdded(device("/plain@3"));
      assertThat(iommu.groups()).isEmpty();

      register();
    });

    assertThat(driver.calls)
        .containsExactly(
            "probe 1.gpu [7, 8]",
            "probe 2.dsp [9]",
            "attach 1.gpu IDENTITY",
            "attach 2.dsp IDENTITY")
        .inOrder();
    assertThat(kernel.log())
        .containsExactly(
            "platform 1.gpu: Adding to iommu group 0", "platform 2.dsp: Adding to iommu group 1")
        .inOrder();
  }

  @Test
  void aDriverThatBindsBeforeItsIommuIsThereIsDeferred() throws Exception {
    kernel.run(() -> assertErrno(EPROBE_DEFER, () -> iommu.bus().configure(gpu)));
  }

  @Test
  void noIommuAndADisabledIommuAreEnodev() throws Exception {
    kernel.run(() -> {
      register();
      assertErrno(ENODEV, () -> iommu.bus().configure(device("/plain@3")));
      assertErrno(ENODEV, () -> iommu.bus().configure(device("/orphan@4")));
    });
  }

  @Test
  void configuringTwiceTakesTheDeviceOnce() throws Exception {
    kernel.run(() -> {
      register();
      iommu.bus().configure(gpu);
      iommu.bus().configure(gpu);
    });

    assertThat(iommu.groups()).hasSize(1);
  }

  @Test
  void aRemovedDeviceLeavesItsGroupAndItsDriver() throws Exception {
    kernel.run(() -> {
      register();
      iommu.bus().deviceAdded(gpu);
      iommu.bus().deviceRemoved(gpu);
    });

    assertThat(driver.calls).contains("release 1.gpu");
    assertThat(iommu.groupOf(gpu)).isNull();
    assertThat(iommu.groups()).isEmpty();
  }

  // ---- default domains

  @Test
  void theBootLogSaysWhatTheDefaultIs() {
    iommu.initcall();

    assertThat(kernel.log())
        .containsExactly(
            "iommu: Default domain type: Translated",
            "iommu: DMA domain TLB invalidation policy: strict mode")
        .inOrder();
  }

  @Test
  void withADmaLayerADeviceIsTranslatedUnlessItsDriverSaysOtherwise() throws Exception {
    start(TestKernel.WITH_DMA_LAYER);
    Device display = device("/display@5");
    kernel.run(() -> {
      register();
      iommu.bus().deviceAdded(gpu);
      iommu.bus().deviceAdded(display);
    });

    assertThat(group(gpu).type()).isEqualTo("DMA");
    assertThat(group(display).type()).isEqualTo("identity");
  }

  @Test
  void lazyInvalidationMakesFlushQueueDomains() throws Exception {
    start(IommuPolicy.of(false, false));
    kernel.run(() -> {
      register();
      iommu.bus().deviceAdded(gpu);
    });

    assertThat(group(gpu).type()).isEqualTo("DMA-FQ");
  }

  @Test
  void anUntrustedDeviceIsTranslatedAndStrictWhateverThePolicyIs() throws Exception {
    for (boolean passthrough : new boolean[] {true, false}) {
      start(IommuPolicy.of(passthrough, false));
      gpu.dma().setUntrusted(true);
      kernel.run(() -> {
        register();
        iommu.bus().deviceAdded(gpu);
        iommu.bus().deviceAdded(dsp);

        assertErrno(EINVAL, () -> iommu.changeDefaultType(group(gpu), "identity"));
      });

      assertThat(group(gpu).type()).isEqualTo("DMA");
      assertThat(group(dsp).type()).isEqualTo(passthrough ? "identity" : "DMA-FQ");
    }
  }

  @Test
  void anUntrustedDeviceWhoseDriverWantsItUntranslatedGetsNoDomain() throws Exception {
    start(TestKernel.WITH_DMA_LAYER);
    Device display = device("/display@5");
    display.dma().setUntrusted(true);
    kernel.run(() -> {
      register();
      assertErrno(EINVAL, () -> iommu.bus().configure(display));
    });

    assertThat(kernel.log())
        .contains(
            "platform 5.display: Device is not trusted, but driver is overriding group 0 to"
                + " Passthrough, refusing to probe.");
    assertThat(iommu.groupOf(display)).isNull();
    assertThat(iommu.groups()).isEmpty();
  }

  @Test
  void withoutADmaLayerATranslatedDefaultIsRefused() throws Exception {
    Device codec = device("/codec@6");
    kernel.run(() -> {
      register();
      assertErrno(EINVAL, () -> iommu.bus().configure(codec));
    });
  }

  @Test
  void ofConflictingOpinionsInAGroupIdentityWins() throws Exception {
    start(TestKernel.WITH_DMA_LAYER);
    driver.sharesOneGroup = true;
    Device codec = device("/codec@6");
    Device display = device("/display@5");
    kernel.run(() -> {
      iommu.bus().deviceAdded(codec);
      iommu.bus().deviceAdded(display);
      register();
    });

    assertThat(group(codec).type()).isEqualTo("identity");
    assertThat(kernel.log().getLast()).contains("requesting conflicting def_domain_type");
  }

  @Test
  void aFirstAttachThatFailsIsToldAndTheInstanceIsNotRegistered() throws Exception {
    start(TestKernel.WITH_DMA_LAYER);
    driver.sharesOneGroup = true;
    driver.refusesFirst = ENOSPC;
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      iommu.bus().deviceAdded(dsp);

      assertErrno(ENOSPC, this::register);

      // The other member is attached all the same, and both are released then.
      assertThat(driver.calls)
          .containsAtLeast("attach 2.dsp DMA", "attach 1.gpu BLOCKED", "release 1.gpu")
          .inOrder();
      assertThat(driver.calls).contains("release 2.dsp");
      assertThat(iommu.groups()).isEmpty();
      assertThat(iommu.bus().instances()).isEmpty();
    });
    assertThat(kernel.log().getLast())
        .isEqualTo(
            "WARNING: drivers/iommu/iommu.c at iommu_setup_default_domain: group 0: ENOSPC: told"
                + " to refuse at first");
  }

  @Test
  void aDomainForADeviceWithPasidsIsOneThatGoesTogetherWithThemIfThereIsSuch() throws Exception {
    start(TestKernel.WITH_DMA_LAYER);
    driver.pasids = 16;
    kernel.run(() -> {
      register();
      iommu.bus().deviceAdded(gpu);
      driver.knowsPasidFlag = false;
      iommu.bus().deviceAdded(dsp);
    });

    assertThat(driver.flagsAsked)
        .containsExactly(IommuOps.ALLOC_PASID, IommuOps.ALLOC_PASID, 0)
        .inOrder();
    assertThat(group(dsp).type()).isEqualTo("DMA");
  }

  @Test
  void aLazyDomainThatCannotBeHadIsReplacedByAStrictOne() throws Exception {
    start(IommuPolicy.of(false, false));
    driver.refusesType = DomainType.DMA_FQ;
    kernel.run(() -> {
      register();
      iommu.bus().deviceAdded(gpu);
    });

    assertThat(group(gpu).type()).isEqualTo("DMA");
    assertThat(kernel.log())
        .contains(
            "iommu: Failed to allocate default IOMMU domain of type 11 for group (null) - Falling"
                + " back to IOMMU_DOMAIN_DMA");
  }

  @Test
  void withoutAnyDomainTheDeviceIsNotTaken() throws Exception {
    start(TestKernel.WITH_DMA_LAYER);
    driver.refusesType = DomainType.DMA;
    kernel.run(() -> {
      register();
      assertErrno(EINVAL, () -> iommu.bus().configure(gpu));
    });

    assertThat(iommu.groups()).isEmpty();
  }

  @Test
  void theNumberOfAGroupThatIsGoneIsTheNextOnes() throws Exception {
    kernel.run(() -> {
      register();
      iommu.bus().deviceAdded(gpu);
      iommu.bus().deviceAdded(dsp);
      iommu.bus().deviceRemoved(gpu);
      assertThat(iommu.groups()).containsExactly(group(dsp));

      iommu.bus().deviceAdded(device("/display@5"));
      assertThat(iommu.groups().stream().map(IommuGroup::id).toList()).containsExactly(0, 1);
      assertThat(group(dsp).id()).isEqualTo(1);
    });
  }

  // ---- attach

  @Test
  void aGroupOfTwoIsAttachedAsOneAndComesBack() throws Exception {
    driver.sharesOneGroup = true;
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      iommu.bus().deviceAdded(dsp);
      register();
      IommuGroup group = group(gpu);
      IommuDomain.Paging domain = iommu.allocPaging(gpu);
      driver.calls.clear();

      iommu.attachGroup(domain, group);
      assertErrno(EBUSY, () -> iommu.attachGroup(iommu.allocPaging(gpu), group));
      iommu.detachGroup(group);

      assertThat(driver.calls)
          .containsExactly(
              "attach 1.gpu UNMANAGED",
              "attach 2.dsp UNMANAGED",
              "attach 1.gpu IDENTITY",
              "attach 2.dsp IDENTITY")
          .inOrder();
      driver.refusesToMove = "2.dsp";
      assertErrno(ENOSPC, () -> iommu.attachGroup(domain, group));
      assertThat(group.domain()).isEqualTo(IommuDomain.Fixed.IDENTITY);
    });
  }

  @Test
  void aDeviceLeavesItsDefaultDomainAndComesBack() throws Exception {
    kernel.run(() -> {
      IommuDomain.Paging domain = attachedGpu();
      assertThat(iommu.domainOf(gpu)).isSameInstanceAs(domain);

      iommu.detach(domain, gpu);
      assertThat(iommu.domainOf(gpu)).isEqualTo(IommuDomain.Fixed.IDENTITY);
    });

    assertThat(driver.calls)
        .containsExactly(
            "probe 1.gpu [7, 8]",
            "attach 1.gpu IDENTITY",
            "attach 1.gpu UNMANAGED",
            "attach 1.gpu IDENTITY")
        .inOrder();
  }

  @Test
  void aThirdDomainIsEbusy() throws Exception {
    kernel.run(() -> {
      var _ = attachedGpu();
      IommuDomain.Paging other = iommu.allocPaging(gpu);

      assertErrno(EBUSY, () -> iommu.attach(other, gpu));
    });
  }

  @Test
  void aDeviceWithoutIommuHasNoDomain() throws Exception {
    kernel.run(() -> {
      register();
      Device plain = device("/plain@3");
      assertErrno(ENODEV, () -> iommu.allocPaging(plain));
      assertErrno(ENODEV, () -> iommu.attach(IommuDomain.Fixed.BLOCKED, plain));
    });
  }

  @Test
  void aDomainOfAnotherDriverIsEinval() throws Exception {
    kernel.run(() -> {
      register();
      iommu.bus().deviceAdded(gpu);
      var stranger = new FakeIommuDriver.Domain(new FakeIommuDriver(iommu), DomainType.UNMANAGED);

      assertErrno(EINVAL, () -> iommu.attach(stranger, gpu));
    });
  }

  @Test
  void aGroupOfTwoCannotBeAttachedByOneOfThem() throws Exception {
    driver.sharesOneGroup = true;
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      iommu.bus().deviceAdded(dsp);
      register();

      IommuDomain.Paging domain = iommu.allocPaging(gpu);
      assertErrno(EINVAL, () -> iommu.attach(domain, gpu));
    });
  }

  @Test
  void aRefusedAttachLeavesTheDeviceWhereItWas() throws Exception {
    kernel.run(() -> {
      register();
      iommu.bus().deviceAdded(gpu);
      driver.refusesToMove = "1.gpu";
      IommuDomain.Paging domain = iommu.allocPaging(gpu);

      assertErrno(ENOSPC, () -> iommu.attach(domain, gpu));
      assertThat(iommu.domainOf(gpu)).isEqualTo(IommuDomain.Fixed.IDENTITY);
    });
  }

  @Test
  void whenOneMemberCannotMoveTheOthersMoveBack() throws Exception {
    driver.sharesOneGroup = true;
    kernel.run(() -> {
      iommu.bus().deviceAdded(gpu);
      iommu.bus().deviceAdded(dsp);
      register();
      driver.calls.clear();
      driver.refusesToMove = "2.dsp";
      IommuGroup group = group(gpu);

      try (var _ = group.hold()) {
        assertErrno(ENOSPC, () -> group.setDefaultDomain(IommuDomain.Fixed.BLOCKED));
      }
      assertThat(group.domain()).isEqualTo(IommuDomain.Fixed.IDENTITY);
    });

    assertThat(driver.calls)
        .containsExactly("attach 1.gpu BLOCKED", "attach 1.gpu IDENTITY")
        .inOrder();
  }

  // ---- ownership

  @Test
  void aSecondDriverOfAGroupThatLeftItsDefaultDomainIsEbusy() throws Exception {
    kernel.run(() -> {
      register();
      iommu.bus().deviceAdded(gpu);
      iommu.bus().useDefaultDomain(gpu);
      IommuDomain.Paging domain = iommu.allocPaging(gpu);
      iommu.attach(domain, gpu);

      assertErrno(EBUSY, () -> iommu.bus().useDefaultDomain(gpu));

      iommu.detach(domain, gpu);
      iommu.bus().useDefaultDomain(gpu);
    });
  }

  @Test
  void aDeviceWithoutIommuMayAlwaysUseTheDmaApi() throws Exception {
    kernel.run(() -> iommu.bus().useDefaultDomain(device("/plain@3")));
  }

  // ---- mappings

  @Test
  void mapAsksForEachPageSizeOnceAndUnmapSyncsOnce() throws Exception {
    kernel.tracer.enable(IommuEvents.Map.class);
    kernel.tracer.enable(IommuEvents.Unmap.class);
    kernel.run(() -> {
      FakeIommuDriver.Domain domain = attachedGpu();
      iommu.map(domain, 0x1f_f000, 0x801f_f000L, 0x20_2000, READ | WRITE);
      assertThat(iommu.unmap(domain, 0x1f_f000, 0x20_2000)).isEqualTo(0x20_2000);

      assertThat(domain.calls)
          .containsExactly(
              "map 0x1ff000 0x1000 x 1",
              "map 0x200000 0x200000 x 1",
              "map 0x400000 0x1000 x 1",
              "unmap 0x1ff000 0x1000 x 1",
              "unmap 0x200000 0x200000 x 1",
              "unmap 0x400000 0x1000 x 1",
              "sync 0x1ff000..0x400fff")
          .inOrder();
    });

    assertThat(kernel.tracer.events().stream().map(e -> e.print()))
        .containsExactly(
            "IOMMU: iova=0x00000000001ff000 - 0x0000000000401000 paddr=0x00000000801ff000"
                + " size=2105344",
            "IOMMU: iova=0x00000000001ff000 - 0x0000000000401000 size=2105344"
                + " unmapped_size=2105344")
        .inOrder();
  }

  @Test
  void aMapThatFailsHalfwayUndoesItsOwnWork() throws Exception {
    kernel.run(() -> {
      FakeIommuDriver.Domain domain = attachedGpu();
      domain.capacityPages = 3;

      assertErrno(ENOMEM, () -> iommu.map(domain, 0x1000, 0x8000_1000L, 0x5000, READ));

      assertThat(domain.calls)
          .containsExactly(
              "map 0x1000 0x1000 x 3", "unmap 0x1000 0x1000 x 3", "sync 0x1000..0x3fff")
          .inOrder();
    });
  }

  /** Kernel: {@code iommu_map_sg()}. */
  @Test
  void aListIsMappedRunByRunAndNotAtAllIfOneFails() throws Exception {
    ScatterList list = new ScatterList();
    list.add(0x8000_0000L, 0x1000);
    list.add(0x8000_1000L, 0x3000);
    list.add(0x8000_4000L, 0x1000);
    list.add(0x8000_9000L, 0x2000);
    kernel.run(() -> {
      FakeIommuDriver.Domain domain = attachedGpu();
      assertThat(iommu.mapSg(domain, 0x1_0000, list, READ)).isEqualTo(0x7000);
      assertThat(domain.calls)
          .containsExactly("map 0x10000 0x1000 x 5", "map 0x15000 0x1000 x 2")
          .inOrder();

      domain.calls.clear();
      domain.capacityPages = 6;
      assertErrno(ENOMEM, () -> iommu.mapSg(domain, 0x1_0000, list, READ));
      assertThat(domain.calls)
          .containsExactly(
              "map 0x10000 0x1000 x 5",
              "map 0x15000 0x1000 x 1",
              "unmap 0x15000 0x1000 x 1",
              "sync 0x15000..0x15fff",
              "unmap 0x10000 0x1000 x 5",
              "sync 0x10000..0x14fff")
          .inOrder();
    });
  }

  /** {@code include/trace/events/iommu.h}; a detach is an attach to the default domain. */
  @Test
  void theTraceShowsWhoJoinsWhichGroupAndDomain() throws Exception {
    kernel.tracer.enable(IommuEvents.AddDeviceToGroup.class);
    kernel.tracer.enable(IommuEvents.RemoveDeviceFromGroup.class);
    kernel.tracer.enable(IommuEvents.AttachDeviceToDomain.class);
    kernel.run(() -> {
      FakeIommuDriver.Domain domain = attachedGpu();
      iommu.detach(domain, gpu);
      iommu.bus().deviceAdded(dsp);
      iommu.bus().deviceRemoved(dsp);
    });

    assertThat(kernel.tracer.events().stream().map(e -> e.name() + ": " + e.print()))
        .containsExactly(
            "add_device_to_group: IOMMU: groupID=0 device=1.gpu",
            "attach_device_to_domain: IOMMU: device=1.gpu",
            "attach_device_to_domain: IOMMU: device=1.gpu",
            "attach_device_to_domain: IOMMU: device=1.gpu",
            "add_device_to_group: IOMMU: groupID=1 device=2.dsp",
            "attach_device_to_domain: IOMMU: device=2.dsp",
            "remove_device_from_group: IOMMU: groupID=1 device=2.dsp")
        .inOrder();
    assertThat(kernel.tracer.events().getFirst().system()).isEqualTo("iommu");
  }

  /** Kernel: {@code iommu_map_nosync()} traces what was mapped before it looks at the error. */
  @Test
  void theTraceShowsThePartThatWasMappedAndItsEnd() throws Exception {
    kernel.tracer.enable(IommuEvents.Map.class);
    kernel.tracer.enable(IommuEvents.Unmap.class);
    kernel.run(() -> {
      FakeIommuDriver.Domain domain = attachedGpu();
      domain.capacityPages = 3;
      assertErrno(ENOMEM, () -> iommu.map(domain, 0x1000, 0x8000_1000L, 0x5000, READ));
      assertErrno(EINVAL, () -> iommu.map(domain, 0x1000, 0x800, 0x1000, READ));
    });

    assertThat(kernel.tracer.events().stream().map(e -> e.print()))
        .containsExactly(
            "IOMMU: iova=0x0000000000001000 - 0x0000000000004000 paddr=0x0000000080001000"
                + " size=12288",
            "IOMMU: iova=0x0000000000001000 - 0x0000000000004000 size=12288 unmapped_size=12288",
            "IOMMU: iova=0x0000000000001000 - 0x0000000000001000 paddr=0x0000000000000800 size=0",
            "IOMMU: iova=0x0000000000001000 - 0x0000000000001000 size=0 unmapped_size=0")
        .inOrder();
  }

  @Test
  void whatIsNotAMultipleOfTheSmallestPageIsEinvalAndUnmapsNothing() throws Exception {
    kernel.run(() -> {
      FakeIommuDriver.Domain domain = attachedGpu();

      assertErrno(EINVAL, () -> iommu.map(domain, 0x800, 0x1000, 0x1000, READ));
      assertErrno(EINVAL, () -> iommu.map(domain, 0x1000, 0x800, 0x1000, READ));
      assertErrno(EINVAL, () -> iommu.map(domain, 0x1000, 0x1000, 0x800, READ));
      assertThat(iommu.unmap(domain, 0x800, 0x1000)).isEqualTo(0);
      assertThat(iommu.unmap(domain, 0x1000, 0x800)).isEqualTo(0);
      assertThat(domain.calls).isEmpty();
    });

    assertThat(kernel.log())
        .containsAtLeast(
            "iommu: unaligned: iova 0x800 pa 0x0000000000001000 size 0x1000 min_pagesz 0x1000",
            "iommu: unaligned: iova 0x800 size 0x1000 min_pagesz 0x1000",
            "iommu: unaligned: iova 0x1000 size 0x800 min_pagesz 0x1000")
        .inOrder();
  }

  @Test
  void anUnmapStopsAtAHole() throws Exception {
    kernel.run(() -> {
      FakeIommuDriver.Domain domain = attachedGpu();

      assertThat(iommu.unmap(domain, 0xdead_0000L, 0x1000)).isEqualTo(0);
    });
  }

  @Test
  void identityLeadsToItselfAndBlockedNowhere() {
    assertThat(iommu.iovaToPhys(IommuDomain.Fixed.IDENTITY, 0x1234)).isEqualTo(0x1234);
    assertThat(iommu.iovaToPhys(IommuDomain.Fixed.BLOCKED, 0x1234)).isEqualTo(0);
  }

  // ---- faults

  @Test
  void aFaultWithoutHandlerIsTheDriversToPrint() throws Exception {
    kernel.tracer.enable(IommuEvents.IoPageFault.class);
    kernel.run(() -> {
      FakeIommuDriver.Domain domain = attachedGpu();
      assertThat(iommu.reportFault(domain, null, 0xbad0, IommuFaultHandler.WRITE))
          .isEqualTo(FaultResponse.UNHANDLED);

      iommu.setFaultHandler(domain, (d, device, iova, flags) -> FaultResponse.RETRY);
      assertThat(iommu.reportFault(domain, gpu, 0xbad0, IommuFaultHandler.READ))
          .isEqualTo(FaultResponse.RETRY);
    });

    assertThat(kernel.tracer.events().stream().map(e -> e.print()))
        .containsExactly(
            "IOMMU:(null) (null) iova=0x000000000000bad0 flags=0x0001",
            "IOMMU:platform 1.gpu iova=0x000000000000bad0 flags=0x0000")
        .inOrder();
  }

  private FakeIommuDriver.Domain attachedGpu() throws ErrnoException {
    register();
    iommu.bus().deviceAdded(gpu);
    var domain = (FakeIommuDriver.Domain) iommu.allocPaging(gpu);
    iommu.attach(domain, gpu);
    return domain;
  }

  private void register() throws ErrnoException {
    iommu.bus().register(new IommuDevice(smmu, driver));
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
