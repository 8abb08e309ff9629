package org.smmulator.iommu.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuOps;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector.Site;

/** ASIDs are one space for all SMMUs, VMIDs one for each; and both come to an end. */
class TagSpaceTest {
  private static final int TAGS_OF_8_BITS = 255; // 0 is nobody's

  private V3Machine machine;

  @BeforeEach
  void make() throws Exception {
    machine = new V3Machine(V3Machine.narrowTags());
    machine.kernel.run(machine::boot);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void asidsOfEightBitsAreGoneAfter255Domains() throws Exception {
    machine.kernel.run(() -> {
      List<IommuDomain.Paging> made = take(machine.display, 0);
      var usage = machine.kernel.pages.usage();

      assertErrno(Errno.EBUSY, () -> machine.kernel.iommu.allocPaging(machine.card));
      assertThat(machine.kernel.pages.usage()).isEqualTo(usage);

      machine.kernel.iommu.free(made.get(76));
      assertThat(machine.kernel.iommu.allocPaging(machine.card).place()).isEqualTo("ASID 77");
    });
  }

  /** A tag that was taken for a domain whose table finds no page is free again. */
  @ParameterizedTest
  @ValueSource(ints = {0, IommuOps.ALLOC_NEST_PARENT})
  void aDomainThatFindsNoPageGivesItsTagBack(int flags) throws Exception {
    machine.kernel.run(() -> {
      IommuOps ops = machine.ops();
      var usage = machine.kernel.pages.usage();
      for (int nth = 1; ; nth++) {
        machine.kernel.faults.failNth(nth);
        IommuDomain.Paging made = null;
        try {
          made = ops.allocPaging(machine.display, DomainType.UNMANAGED, flags);
        } catch (ErrnoException e) {
          assertThat(machine.kernel.pages.usage()).isEqualTo(usage);
        }
        boolean failed = machine.kernel.faults.disarm() != null;
        if (made != null) {
          assertThat(made.place()).endsWith("ID 1");
          assertThat(failed).isFalse();
          assertThat(nth).isGreaterThan(2); // a tag and a page at least
          return;
        }
      }
    });
  }

  /** The probe of an SMMU. */
  @Test
  void anSmmuThatFindsNoPageGivesBackWhatItHas() throws Exception {
    try (V3Machine other = new V3Machine(V3Machine.full())) {
      other.kernel.run(() -> {
        var usage = other.kernel.pages.usage();
        int nth = 1;
        for (boolean probed = false; !probed; nth++) {
          other.kernel.faults.failNth(nth);
          try {
            other.probe();
            probed = other.kernel.faults.disarm() == null;
          } catch (ErrnoException e) {
            assertThat(other.kernel.faults.disarm()).isEqualTo(Site.PAGE);
          }
          other.smmu.devres().releaseAll();
          assertThat(other.kernel.pages.usage()).isEqualTo(usage);
        }
        assertThat(nth).isGreaterThan(4); // three queues and a stream table
      });
    }
  }

  @Test
  void vmidsOfEightBitsAreGoneAfter255Domains() throws Exception {
    machine.kernel.run(() -> {
      IommuOps ops = machine.ops();
      List<IommuDomain.Paging> made = take(machine.display, IommuOps.ALLOC_NEST_PARENT);

      assertErrno(Errno.ENOSPC, () -> parent(ops, machine.card));
      assertThat(machine.kernel.iommu.allocPaging(machine.card).place()).isEqualTo("ASID 1");

      machine.kernel.iommu.free(made.get(76));
      assertThat(parent(ops, machine.card).place()).isEqualTo("VMID 77");
    });
  }

  @Test
  void twoSmmusGiveNoAsidTwiceAndVmidsEachItsOwn() throws Exception {
    machine.kernel.run(() -> {
      Device remote = machine.probeAnother(V3Machine.full());
      IommuOps ops = machine.ops();

      assertThat(machine.kernel.iommu.allocPaging(machine.display).place()).isEqualTo("ASID 1");
      assertThat(machine.kernel.iommu.allocPaging(remote).place()).isEqualTo("ASID 2");
      assertThat(machine.kernel.iommu.allocPaging(machine.card).place()).isEqualTo("ASID 3");
      assertThat(parent(ops, machine.display).place()).isEqualTo("VMID 1");
      assertThat(parent(ops, remote).place()).isEqualTo("VMID 1");
    });
  }

  /**
   * The space is as wide as each SMMU's own tags: what one cannot say is still there for others.
   */
  @Test
  void anSmmuWithWideTagsGoesOnWhereOneWithNarrowTagsIsAtItsEnd() throws Exception {
    machine.kernel.run(() -> {
      Device remote = machine.probeAnother(V3Machine.full());
      List<IommuDomain.Paging> made = take(remote, 0);

      assertErrno(Errno.EBUSY, () -> machine.kernel.iommu.allocPaging(machine.display));
      assertThat(machine.kernel.iommu.allocPaging(remote).place()).isEqualTo("ASID 256");

      machine.kernel.iommu.free(made.getFirst());
      assertThat(machine.kernel.iommu.allocPaging(machine.display).place()).isEqualTo("ASID 1");
    });
  }

  private List<IommuDomain.Paging> take(Device device, int flags) throws ErrnoException {
    List<IommuDomain.Paging> made = new ArrayList<>();
    for (int i = 0; i < TAGS_OF_8_BITS; i++) {
      made.add(machine.ops().allocPaging(device, DomainType.UNMANAGED, flags));
    }
    return made;
  }

  private static IommuDomain.Paging parent(IommuOps ops, Device device) throws ErrnoException {
    return ops.allocPaging(device, DomainType.UNMANAGED, IommuOps.ALLOC_NEST_PARENT);
  }

  private static void assertErrno(Errno errno, Executable call) {
    assertThat(assertThrows(ErrnoException.class, call).errno()).isEqualTo(errno);
  }
}
