package org.smmulator.iommu.sva;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.iommu.PageRequest.EXEC;
import static org.smmulator.iommu.PageRequest.READ;
import static org.smmulator.iommu.PageRequest.WRITE;
import static org.smmulator.iommu.sva.SvaMachine.last;
import static org.smmulator.iommu.sva.SvaMachine.partial;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ENOMEM;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.smmulator.iommu.PageRequest;
import org.smmulator.iommu.PageResponse;
import org.smmulator.iommu.iopf.FaultGroup;
import org.smmulator.iommu.iopf.PageFaultHandler;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.AddressSpace;
import org.smmulator.kernel.mm.Prot;

/** Devices that find a page missing: what brings it, and what they are told. */
@SuppressWarnings("NullAway.Init") // boot() is the first thing that each test does
class PageFaultsTest {
  private static final int RW = Prot.READ | Prot.WRITE;

  private SvaMachine machine;
  private Device copy;
  private AddressSpace mm;
  private int pasid;

  /** A device that is bound to a process. */
  private void boot(PageFaultHandler handler) throws Exception {
    machine = new SvaMachine(handler);
    machine.kernel.run(() -> {
      copy = machine.device("/copy@1");
      mm = machine.process("painter").mm();
      pasid = machine.sva.bind(copy, mm).pasid();
      machine.driver.calls.clear();
    });
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void aPageOfTheProcessIsBroughtAndTheDeviceTriesAgain() throws Exception {
    boot(new ProcessFaults());
    machine.kernel.run(() -> {
      long va = mm.mmapAnonymous(0x2000, RW);
      assertThat(machine.faults.report(copy, last(3, pasid, READ | WRITE, va + 0x18))).isTrue();
      machine.queue.flush(copy);

      assertThat(machine.driver.calls).containsExactly("1.copy group 3 SUCCESS");
      assertThat(mm.translate(va)).isNotEqualTo(0);
      assertThat(mm.translate(va + 0x1000)).isEqualTo(0);
    });
  }

  @Test
  void whatTheProcessItselfMayNotDoIsInvalid() throws Exception {
    boot(new ProcessFaults());
    machine.kernel.run(() -> {
      long va = mm.mmapAnonymous(0x1000, Prot.READ);
      var _ = machine.faults.report(copy, last(1, pasid, WRITE, va));
      var _ = machine.faults.report(copy, last(2, pasid, READ | EXEC, va));
      var _ = machine.faults.report(copy, last(3, pasid, READ, 0x10));
      machine.queue.flush(copy);
      mm.destroy();
      var _ = machine.faults.report(copy, last(4, pasid, READ, va));
      machine.queue.flush(copy);

      assertThat(machine.driver.calls)
          .containsExactly(
              "1.copy group 1 INVALID",
              "1.copy group 2 INVALID",
              "1.copy group 3 INVALID",
              "released",
              "1.copy group 4 INVALID")
          .inOrder();
    });
  }

  @Test
  void aGroupIsAnsweredOnceAndItsFirstFailureStopsIt() throws Exception {
    boot(new ProcessFaults());
    machine.kernel.run(() -> {
      long va = mm.mmapAnonymous(0x3000, RW);
      assertThat(machine.faults.report(copy, partial(7, pasid, READ, va))).isTrue();
      assertThat(machine.faults.report(copy, partial(8, pasid, READ, 0x10))).isTrue();
      assertThat(machine.faults.report(copy, last(7, pasid, READ, va + 0x1000))).isTrue();
      assertThat(machine.faults.report(copy, last(8, pasid, READ, va + 0x2000))).isTrue();
      machine.queue.flush(copy);

      assertThat(machine.driver.calls)
          .containsExactly("1.copy group 7 SUCCESS", "1.copy group 8 INVALID")
          .inOrder();
      assertThat(mm.translate(va)).isNotEqualTo(0);
      assertThat(mm.translate(va + 0x1000)).isNotEqualTo(0);
      assertThat(mm.translate(va + 0x2000)).isEqualTo(0);
    });
  }

  @Test
  void anOverflowForgetsWhatIsNotComplete() throws Exception {
    boot(new ProcessFaults());
    machine.kernel.run(() -> {
      long va = mm.mmapAnonymous(0x1000, RW);
      var _ = machine.faults.report(copy, partial(7, pasid, READ, 0x10));
      machine.queue.discardPartial();
      var _ = machine.faults.report(copy, last(7, pasid, READ, va));
      machine.queue.flush(copy);

      assertThat(machine.driver.calls).containsExactly("1.copy group 7 SUCCESS");
    });
  }

  @Test
  void nobodyToAskIsInvalidAtOnce() throws Exception {
    boot(new ProcessFaults());
    machine.kernel.run(() -> {
      assertThat(machine.faults.report(copy, last(1, 9, READ, 0x1000))).isFalse();
      PageRequest plain = new PageRequest(PageRequest.LAST_PAGE, 0, 2, READ, 0x1000);
      assertThat(machine.faults.report(copy, plain)).isFalse();
      Device video = machine.device("/video@2");
      assertThat(machine.faults.report(video, last(3, pasid, READ, 0x1000))).isFalse();

      assertThat(machine.driver.calls)
          .containsExactly(
              "1.copy group 1 INVALID", "1.copy group 2 INVALID", "2.video group 3 INVALID")
          .inOrder();
    });
  }

  @Test
  void aHandlerThatCannotIsAFailure() throws Exception {
    boot(_ -> {
      throw ENOMEM.because("told to");
    });
    machine.kernel.run(() -> {
      assertThat(machine.faults.report(copy, last(1, pasid, READ, 0x1000))).isTrue();
      assertThat(machine.driver.calls).containsExactly("1.copy group 1 FAILURE");
    });
    assertThat(machine.kernel.log()).contains("platform 1.copy: iopf with pasid 1 aborted");
  }

  @Test
  void aDeviceThatLeavesIsAnsweredAndALateAnswerIsLost() throws Exception {
    List<FaultGroup> waiting = new ArrayList<>();
    boot(waiting::add);
    machine.kernel.run(() -> {
      assertErrno(EBUSY, () -> machine.queue.addDevice(copy));
      var _ = machine.faults.report(copy, last(1, pasid, READ, 0x1000));
      var _ = machine.faults.report(copy, last(2, pasid, READ, 0x1000));
      machine.queue.removeDevice(copy);
      waiting.getFirst().respond(PageResponse.SUCCESS);

      // The kernel's list grows at its head.
      assertThat(machine.driver.calls)
          .containsExactly("1.copy group 2 INVALID", "1.copy group 1 INVALID")
          .inOrder();
      assertErrno(ENODEV, () -> machine.queue.flush(copy));
      machine.driver.answers = false;
      assertErrno(ENODEV, () -> machine.queue.addDevice(copy));
    });
  }

  private static void assertErrno(Errno errno, Executable call) {
    assertThat(assertThrows(ErrnoException.class, call).errno()).isEqualTo(errno);
  }
}
