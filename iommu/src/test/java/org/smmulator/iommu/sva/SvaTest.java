package org.smmulator.iommu.sva;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ENOSPC;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;
import static org.smmulator.kernel.errno.Errno.EOVERFLOW;
import static org.smmulator.kernel.errno.Errno.ESRCH;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.kernel.mm.AddressSpace;
import org.smmulator.kernel.mm.Prot;
import org.smmulator.kernel.process.Process;

/** Tables of processes on devices: who gets which PASID, what is shared, and how it ends. */
class SvaTest {
  private SvaMachine machine;
  private Sva sva;
  private FakeSvaDriver driver;

  @BeforeEach
  void boot() throws Exception {
    machine = new SvaMachine();
    sva = machine.sva;
    driver = machine.driver;
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void bindsOfOneProcessOnOneDeviceShareAHandleUntilTheLastIsUndone() throws Exception {
    machine.kernel.run(() -> {
      Device copy = machine.device("/copy@1");
      AddressSpace mm = machine.process("painter").mm();

      SvaHandle first = sva.bind(copy, mm);
      assertThat(sva.bind(copy, mm)).isSameInstanceAs(first);
      assertThat(first.pasid()).isEqualTo(1);
      sva.unbind(first);
      assertThat(driver.calls).containsExactly("alloc", "1.copy pasid 1 SVA").inOrder();

      sva.unbind(first);
      assertThat(driver.calls)
          .containsExactly("alloc", "1.copy pasid 1 SVA", "1.copy pasid 1 BLOCKED", "free")
          .inOrder();
    });
  }

  @Test
  void aProcessHasOnePasidAndOneDomainOnAllDevicesOfADriver() throws Exception {
    machine.kernel.run(() -> {
      AddressSpace mm = machine.process("painter").mm();
      SvaHandle copy = sva.bind(machine.device("/copy@1"), mm);
      SvaHandle video = sva.bind(machine.device("/video@2"), mm);

      assertThat(video.pasid()).isEqualTo(copy.pasid());
      assertThat(video.domain()).isSameInstanceAs(copy.domain());
      sva.unbind(copy);
      assertThat(driver.calls).doesNotContain("free");
      sva.unbind(video);
      assertThat(driver.calls).contains("free");
      assertThat(sva.bind(machine.device("/narrow@3"), mm).pasid()).isEqualTo(1);
    });
  }

  @Test
  void whatIsMissingHasAnErrnoOfItsOwn() throws Exception {
    machine.kernel.run(() -> {
      AddressSpace painter = machine.process("painter").mm();
      AddressSpace reader = machine.process("reader").mm();
      Device copy = machine.device("/copy@1");
      Device narrow = machine.device("/narrow@3");

      assertErrno(ENODEV, () -> sva.bind(machine.device("/plain@5"), painter));
      assertErrno(ENOSPC, () -> sva.bind(machine.device("/explicit@4"), painter));
      driver.sharesTables = false;
      assertErrno(EOPNOTSUPP, () -> sva.bind(copy, painter));
      driver.sharesTables = true;

      assertThat(sva.bind(copy, painter).pasid()).isEqualTo(1);
      assertThat(sva.bind(copy, reader).pasid()).isEqualTo(2);
      assertErrno(EOVERFLOW, () -> sva.bind(narrow, reader));
      assertErrno(ENOSPC, () -> sva.bind(narrow, machine.process("third").mm()));

      machine.iommu.pasids().attach(IommuDomain.Fixed.IDENTITY, narrow, 1);
      assertErrno(EBUSY, () -> sva.bind(narrow, painter));
    });
  }

  @Test
  void whatTheProcessUnmapsIsInvalidatedBeforeTheMemoryGoes() throws Exception {
    machine.kernel.run(() -> {
      AddressSpace mm = machine.process("painter").mm();
      SvaHandle handle = sva.bind(machine.device("/copy@1"), mm);
      long va = mm.mmapAnonymous(0x3000, Prot.READ | Prot.WRITE);
      mm.store(va, 4, 7);

      mm.munmap(va, 0x3000);
      assertThat(driver.calls.getLast()).isEqualTo("invalidate 0x3000 bytes");

      sva.unbind(handle);
      driver.calls.clear();
      mm.munmap(mm.mmapAnonymous(0x1000, Prot.READ), 0x1000);
      assertThat(driver.calls).isEmpty();
    });
  }

  @Test
  void aPasidOutlivesItsProcessUntilTheDeviceIsDone() throws Exception {
    machine.kernel.run(() -> {
      Device copy = machine.device("/copy@1");
      Process painter = machine.process("painter");
      SvaHandle handle = sva.bind(copy, painter.mm());
      machine.processes.kill(painter);

      assertThat(driver.calls.getLast()).isEqualTo("released");
      assertErrno(ESRCH, () -> sva.bind(copy, painter.mm()));
      assertThat(sva.bind(copy, machine.process("reader").mm()).pasid()).isEqualTo(2);
      sva.unbind(handle);
      assertThat(sva.bind(copy, machine.process("third").mm()).pasid()).isEqualTo(1);
    });
  }

  @Test
  void aBindThatFindsNoPasidLeavesNothingBehind() throws Exception {
    machine.kernel.run(() -> {
      Device copy = machine.device("/copy@1");
      AddressSpace mm = machine.process("painter").mm();

      machine.kernel.faults.failNth(1);
      assertErrno(ENOSPC, () -> sva.bind(copy, mm));
      assertThat(machine.kernel.faults.disarm()).isEqualTo(Site.PASID);

      assertThat(driver.calls).isEmpty();
      assertThat(sva.bind(copy, mm).pasid()).isEqualTo(1);
    });
  }

  private static void assertErrno(Errno errno, Executable call) {
    assertThat(assertThrows(ErrnoException.class, call).errno()).isEqualTo(errno);
  }
}
