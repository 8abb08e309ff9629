package org.smmulator.junit.truth;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.junit.msm.JobSubject.assertThat;
import static org.smmulator.junit.truth.MachineTruth.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.smmulator.junit.Board;
import org.smmulator.machine.Machine;
import org.smmulator.report.TableWalk;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.msm.Gpu;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmJob;

/** Each assertion holds where it should, and fails elsewhere with what it found. */
@Board("db845c")
class SubjectsTest {
  private static final long SECOND_NS = 1_000_000_000;
  private static final long IOVA = 0x1000;
  private static final long PAGE = 0x9000_0000L;

  @Test
  void aFenceHasNotSignalledUntilItsJobIsDone(Gpu painter) throws Exception {
    MsmBuffer canvas = painter.buffer(4096);
    MsmJob job = painter.submit(painter.stream().memWrite(canvas.iova(), 1), canvas);

    assertThat(job).hasNotSignalled();
    assertThat(failure(() -> assertThat(job).hasSignalled()))
        .hasMessageThat()
        .contains("expected to have signalled");

    job.await(SECOND_NS);
    assertThat(job).hasSignalled();
    assertThat(failure(() -> assertThat(job).hasNotSignalled()))
        .hasMessageThat()
        .contains("expected not to have signalled");
  }

  @Test
  void aWalkLeadsToAnAddressOrToNothing() {
    TableWalk walk = new TableWalk("L0[0] L1[0] L2[0] L3[1] ", PAGE);
    TableWalk nowhere = new TableWalk("L0[0] ", -1);

    assertThat(walk).leadsTo(PAGE);
    assertThat(nowhere).leadsToNothing();
    assertThat(failure(() -> assertThat(walk).leadsTo(PAGE + 1)))
        .hasMessageThat()
        .contains("pa 0x90000001");
    assertThat(failure(() -> assertThat(walk).leadsToNothing()))
        .hasMessageThat()
        .contains("expected to lead to nothing");
    assertThat(failure(() -> assertThat(nowhere).leadsTo(PAGE)))
        .hasMessageThat()
        .contains("pa 0x90000000");
  }

  @Test
  void aWalkOfAMachinesOwnTableLeadsToTheBuffersPage(Machine machine, Gpu painter)
      throws Exception {
    MsmBuffer canvas = painter.buffer(4096);
    long iova = canvas.iova();
    painter.submit(painter.stream().memWrite(iova, 0xcafe), canvas).await(SECOND_NS);
    long root = machine.tasks().bound().getFirst().pagetableBase();

    TableWalk walk = TableWalk.walk(machine.dram(), root, iova);

    assertThat(machine.dram().getInt(walk.pa())).isEqualTo(0xcafe);
    assertThat(walk).leadsTo(walk.pa());
    assertThat(TableWalk.walk(machine.dram(), root, IOVA)).leadsToNothing();
  }

  @Test
  void aProcessLivesUntilItEnds(Machine machine) throws Exception {
    Client brush = machine.spawn("brush", own -> {});
    assertThat(brush).isAlive();
    assertThat(failure(() -> assertThat(brush).hasEnded()))
        .hasMessageThat()
        .contains("expected to have ended");

    machine.await(brush);
    assertThat(brush).hasEnded();
    assertThat(failure(() -> assertThat(brush).isAlive()))
        .hasMessageThat()
        .contains("expected to be alive");
  }

  @Test
  void memoryHoldsAWord(Gpu painter) throws Exception {
    MsmBuffer canvas = painter.buffer(4096);
    canvas.store32(8, 0xcafe);

    assertThat(canvas).holds(8, 0xcafe);
    AssertionError failure = failure(() -> assertThat(canvas).holds(8, 0xbeef));
    assertThat(failure).hasMessageThat().contains("expected at 0x8: 0xbeef");
    assertThat(failure).hasMessageThat().contains("0xcafe");
  }

  private static AssertionError failure(Executable assertion) {
    return assertThrows(AssertionError.class, assertion);
  }
}
