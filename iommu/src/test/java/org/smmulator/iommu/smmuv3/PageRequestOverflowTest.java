package org.smmulator.iommu.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.Translator.NO_SUBSTREAM;
import static org.smmulator.iommu.smmuv3.V3Machine.CARD_SID;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.ats.AtsPort.Answer;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.iommu.PageRequest;
import org.smmulator.iommu.PageResponse;
import org.smmulator.iommu.iopf.FaultGroup;
import org.smmulator.iommu.iopf.IopfQueue;
import org.smmulator.iommu.iopf.PageFaultHandler;
import org.smmulator.iommu.iopf.PageFaults;
import org.smmulator.iommu.smmuv3.fault.ArmSmmuV3Iopf;
import org.smmulator.kernel.task.Workqueue;

/** More page requests than the PRI queue holds, with the core's real queue behind the driver. */
@SuppressWarnings("NullAway.Init") // the machine makes the queue
class PageRequestOverflowTest {
  private static final long IOVA = 0x40_0000;
  private static final int ENTRIES = 1 << V3Machine.PAGE_REQUESTS_LOG2;

  /** How many groups there are before an index comes again: PRG indexes have nine bits. */
  private static final int INDEXES = 512;

  private final List<ImmutableList<PageRequest>> groups = new ArrayList<>();
  private IopfQueue queue;
  private V3Machine machine;

  @BeforeEach
  void make() throws Exception {
    machine =
        new V3Machine(
            V3Machine.full(),
            kernel -> {
              queue = new IopfQueue(kernel.iommu, new Workqueue(kernel.scheduler, "iopf_queue/v3"));
              return new ArmSmmuV3Iopf.Queue(queue, new PageFaults(kernel.iommu, this::answer));
            });
    machine.kernel.run(() -> {
      machine.boot();
      ArmSmmuV3Domain domain = machine.attached(machine.card);
      PageFaultHandler handler = this::answer;
      domain.setCookie(handler);
      queue.addDevice(machine.card);
    });
  }

  private void answer(FaultGroup group) {
    groups.add(group.requests());
    group.respond(PageResponse.SUCCESS);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void aGroupThatJustFitsIsAnsweredAsAWhole() throws Exception {
    machine.kernel.run(() -> assertThat(request(ENTRIES)).isEqualTo(Answer.SUCCESS));

    assertThat(groups).hasSize(1);
    assertThat(groups.getFirst()).hasSize(ENTRIES);
    assertThat(machine.logFrom("PRIQ")).isEmpty();
  }

  @Test
  void aGroupThatLostItsLastRequestIsAnsweredByTheHardwareAndForgotten() throws Exception {
    machine.kernel.run(() -> {
      assertThat(request(ENTRIES + 1)).isEqualTo(Answer.SUCCESS);
      machine.settle();
      assertThat(groups).isEmpty();

      // Until a group has the same index: what was lost must not be taken for a part of it.
      for (int i = 0; i < INDEXES; i++) {
        assertThat(request(1)).isEqualTo(Answer.SUCCESS);
      }
    });

    assertThat(machine.logFrom("PRIQ"))
        .containsExactly("platform 9050000.iommu: PRIQ overflow detected -- requests lost");
    assertThat(groups).hasSize(INDEXES);
    assertThat(groups.getLast()).hasSize(1);
  }

  @Test
  void aSecondOverflowIsSaidToo() throws Exception {
    machine.kernel.run(() -> {
      for (int i = 0; i < 2; i++) {
        assertThat(request(2 * ENTRIES)).isEqualTo(Answer.SUCCESS);
        machine.settle();
      }
      assertThat(request(1)).isEqualTo(Answer.SUCCESS);
    });

    assertThat(machine.logFrom("PRIQ")).hasSize(2);
    assertThat(groups).hasSize(1);
  }

  private Answer request(int pages) {
    return machine.ask(CARD_SID, NO_SUBSTREAM, IOVA, pages, BusMaster.READ);
  }
}
