package org.smmulator.drm.gem;

import static com.google.common.truth.Truth.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.dmabuf.ReservationClass;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;

/** Names of buffers in one file. */
class GemHandlesTest {
  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final ReservationClass reservations = new ReservationClass(new Lockdep(scheduler));
  private final GemHandles handles = new GemHandles("a file", new FaultInjector());
  private final List<String> log = new ArrayList<>();

  @AfterEach
  void close() {
    scheduler.close();
  }

  /** A buffer whose driver has to wait before it can let go of it. */
  private class Buffer extends GemObject {
    Buffer() {
      super(4096, reservations.reservation(), new VmaOffsetManager(new FaultInjector()));
    }

    @Override
    protected void free() {
      log.add("freed");
    }

    @Override
    public long fault(long offset) {
      return offset;
    }
  }

  /** Kernel: {@code drm_gem_handle_delete()} gives the number back last. */
  @Test
  void whoMakesAHandleWhileAnotherIsBeingClosedDoesNotGetItsNumber() throws Exception {
    GemObject other = new Buffer();
    GemObject closing =
        new Buffer() {
          @Override
          protected void closedIn(GemHandles file) {
            log.add("meanwhile " + made(file, other));
          }
        };
    int handle = handles.create(closing);
    closing.put();

    handles.delete(handle);

    assertThat(log).containsExactly("meanwhile " + (handle + 1), "freed").inOrder();
    assertThat(handles.create(other)).isEqualTo(handle); // now it is free
  }

  private static int made(GemHandles file, GemObject object) {
    try {
      return file.create(object);
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
  }
}
