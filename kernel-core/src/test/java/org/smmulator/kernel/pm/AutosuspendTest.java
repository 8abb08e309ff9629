package org.smmulator.kernel.pm;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.kernel.errno.Errno.EBUSY;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.Wire;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;

/** A device sleeps after a delay without users. Kernel: {@code drivers/base/power/runtime.c}. */
class AutosuspendTest {
  private static final long DELAY_NS = 1_000;

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 2);
  private final Wire clock = Wire.low();
  private final RuntimePm pm = new RuntimePm(scheduler, "device");
  private final List<Throwable> failures = new ArrayList<>();

  private interface Body {
    void run() throws ErrnoException;
  }

  private void kernel(Body body) {
    pm.enable(RuntimePm.Callbacks.clocks(ImmutableList.of(new Supply("clock", clock))), false);
    pm.useAutosuspend(DELAY_NS);
    var _ =
        scheduler.spawnKernel(
            "test",
            () -> {
              try {
                body.run();
              } catch (ErrnoException e) {
                failures.add(e);
              }
            });
    var _ = scheduler.run(() -> false);
    assertThat(failures).isEmpty();
  }

  @AfterEach
  void close() {
    scheduler.close();
  }

  @Test
  void itStaysAwakeForTheDelayAndThenSleeps() {
    kernel(() -> {
      pm.get();
      pm.put();
      assertThat(clock.isHigh()).isTrue();
      scheduler.sleep(DELAY_NS - 100);
      assertThat(clock.isHigh()).isTrue();
      scheduler.sleep(200);
      assertThat(clock.isHigh()).isFalse();
    });
  }

  @Test
  void eachUseBeginsTheDelayAnew() {
    kernel(() -> {
      for (int i = 0; i < 5; i++) {
        pm.get();
        pm.put();
        scheduler.sleep(DELAY_NS - 100);
        assertThat(clock.isHigh()).isTrue();
      }
      scheduler.sleep(300);
      assertThat(clock.isHigh()).isFalse();
    });
  }

  @Test
  void aUserWhenTheDelayEndsKeepsItAwake() {
    kernel(() -> {
      pm.get();
      pm.put();
      scheduler.sleep(DELAY_NS / 2);
      pm.get();
      scheduler.sleep(3 * DELAY_NS);
      assertThat(clock.isHigh()).isTrue();
      pm.put();
      scheduler.sleep(DELAY_NS + 100);
      assertThat(clock.isHigh()).isFalse();
    });
  }

  /** {@code pm_runtime_force_suspend()}: the driver goes. */
  @Test
  void itIsPutToSleepAtOnceIfItsDriverGoes() {
    kernel(() -> {
      pm.get();
      pm.forceSuspend();
      assertThat(clock.isHigh()).isFalse();
      pm.reset();
    });
  }

  @Test
  void aRefusalKeepsItAwakeUntilItsNextUseEnds() {
    int[] refusals = {1};
    RuntimePm refusing = new RuntimePm(scheduler, "refusing");
    refusing.enable(
        new RuntimePm.Callbacks() {
          @Override
          public void suspend() throws ErrnoException {
            if (refusals[0]-- > 0) {
              throw EBUSY.because("not now");
            }
          }
        },
        false);
    refusing.useAutosuspend(DELAY_NS);
    kernel(() -> {
      refusing.get();
      refusing.put();
      scheduler.sleep(2 * DELAY_NS);
      assertThat(refusing.isActive()).isTrue();
      refusing.get();
      refusing.put();
      scheduler.sleep(2 * DELAY_NS);
      assertThat(refusing.isActive()).isFalse();
    });
  }
}
