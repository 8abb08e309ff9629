package org.smmulator.kernel.irq;

import static com.google.common.truth.Truth.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.trace.Dmesg;

/** A line, level or edge triggered, its handlers and their threads. */
class IrqLineTest {
  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final Dmesg dmesg = new Dmesg(scheduler);
  private final IrqLine line = new IrqController(scheduler, dmesg, 200).line(332);
  private final List<String> log = new ArrayList<>();

  @AfterEach
  void close() {
    scheduler.close();
  }

  @Test
  void theHandlerRunsLaterAndNotInsideTheCallThatRaisedThePin() {
    line.request(
        "gpu",
        () -> {
          note("handled");
          line.set(false);
          return IrqReturn.HANDLED;
        });

    line.set(true);
    note("raised");
    run();

    assertThat(log).containsExactly("0 raised", "200 handled").inOrder();
  }

  @Test
  void aPinThatStaysHighIsDeliveredAgain() {
    line.request(
        "gpu",
        () -> {
          note("handled");
          line.set(log.size() < 3);
          return IrqReturn.HANDLED;
        });

    line.set(true);
    run();

    assertThat(log).containsExactly("200 handled", "400 handled", "600 handled").inOrder();
  }

  @Test
  void anEdgeIsDeliveredOnceAndEdgesThatComeBeforeItIsAreOne() {
    line.request(
        "msi",
        () -> {
          note("handled");
          if (log.size() == 1) {
            line.pulse(); // another message while the first is dealt with
          }
          return IrqReturn.HANDLED;
        });

    line.pulse();
    line.pulse();
    run();

    assertThat(log).containsExactly("200 handled", "400 handled").inOrder();
  }

  @Test
  void aThreadedHandlerMayBlockAndTheLineIsMaskedMeanwhile() {
    line.request(
        "smmu",
        () -> {
          note("hard");
          return IrqReturn.WAKE_THREAD;
        },
        () -> {
          scheduler.sleep(1000);
          note("thread");
          line.set(false);
        });

    line.set(true);
    run();

    assertThat(log).containsExactly("200 hard", "1200 thread").inOrder();
  }

  @Test
  void everyDriverThatSharesTheLineIsAsked() {
    line.request("a", () -> answer("a", IrqReturn.NONE));
    line.request("b", () -> answer("b", IrqReturn.HANDLED));

    line.set(true);
    run();

    assertThat(log).containsExactly("200 a", "200 b").inOrder();
  }

  @Test
  void aClosedRegistrationIsNotCalled() throws Exception {
    var registration = line.request("a", () -> answer("a", IrqReturn.HANDLED));
    registration.close();

    line.set(true);
    run();

    assertThat(log).isEmpty();
  }

  @Test
  void anInterruptThatNobodyCaresForIsSwitchedOff() {
    line.request("a", () -> IrqReturn.NONE);

    line.set(true);
    run();

    assertThat(dmesg.lines().getFirst().text())
        .isEqualTo("irq 332: nobody cared (try booting with the \"irqpoll\" option)");
    assertThat(dmesg.lines().getLast().text()).isEqualTo("Disabling IRQ #332");
  }

  private IrqReturn answer(String who, IrqReturn answer) {
    note(who);
    line.set(false);
    return answer;
  }

  private void note(String what) {
    log.add(scheduler.nowNs() + " " + what);
  }

  private void run() {
    var _ = scheduler.run(() -> false);
  }
}
