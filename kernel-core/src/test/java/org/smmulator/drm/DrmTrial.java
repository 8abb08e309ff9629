package org.smmulator.drm;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.drm.gem.VmaOffsetManager;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FdTable;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Task;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracer;

/** A DRM core with nothing below it, and callers whose memory is one page. */
final class DrmTrial implements AutoCloseable {
  /** The address of the callers' page; whatever points below it is wrong. */
  static final long PAGE = OnePage.ADDRESS;

  /** The clients' clocks when the machine began. */
  static final long EPOCH_NS = 1_000_000;

  final FaultInjector faults = new FaultInjector();
  final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  final Dram dram;
  final NodeTree nodes = new NodeTree();
  final Dmesg dmesg = new Dmesg(scheduler);
  final PageAllocator pages;
  final DrmCore core;
  private final OnePage memory = new OnePage();
  final MemorySegment page = memory.bytes;
  final Caller user = caller("client", false);
  private int pids = 100;

  /** Writes a struct. */
  interface Writer {
    void write(MemorySegment memory, long at);
  }

  /** A client's code. */
  interface Body {
    void run() throws ErrnoException;
  }

  DrmTrial() {
    try {
      dram = new Dram(ImmutableList.of(new DramBank(0x80000000L, 1 << 24)));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    pages = new PageAllocator(dram);
    core =
        new DrmCore(
            new KernelServices(
                scheduler,
                new Lockdep(scheduler),
                pages,
                dram,
                dmesg,
                new Tracer(scheduler, 10),
                nodes,
                new MonotonicClock(scheduler, EPOCH_NS),
                faults),
            () -> new VmaOffsetManager(faults));
  }

  @Override
  public void close() {
    scheduler.close();
    dram.close();
  }

  Caller caller(String comm, boolean admin) {
    return new Caller(new Task(pids++, comm, admin), memory, new FdTable(faults));
  }

  /** A file on a render node of a driver with these features. */
  DrmFile open(DriverFeature... features) throws ErrnoException {
    return device(features).openRender(user);
  }

  /** A device whose driver has these features. */
  DrmDevice device(DriverFeature... features) {
    return new DrmDevice(core, new FeaturedDriver(ImmutableSet.copyOf(features)));
  }

  /** A buffer that notes when it is freed, and its handle. */
  int buffer(DrmFile file, Gem gem) throws ErrnoException {
    try (gem) {
      return file.handles().create(gem);
    }
  }

  Gem gem(DrmDevice device) {
    return new Gem(device);
  }

  /** Two pages of nothing. */
  final class Gem extends GemObject {
    boolean freed;
    boolean mayBeShared = true;

    Gem(DrmDevice device) {
      super(2 * OnePage.BYTES, core.reservations().reservation(), device.offsets());
    }

    @Override
    public long fault(long offset) {
      return offset;
    }

    @Override
    protected String exportName() throws ErrnoException {
      if (!mayBeShared) {
        throw Errno.EPERM.because("not to be shared");
      }
      return "featured";
    }

    @Override
    protected void free() {
      freed = true;
    }
  }

  /** Runs {@code body} in a task of its own, which others can follow. */
  void spawn(Body body) {
    spawn(user.task(), body);
  }

  void spawn(Task task, Body body) {
    var _ =
        scheduler.spawnUser(
            task,
            () -> {
              try {
                body.run();
              } catch (ErrnoException e) {
                throw new AssertionError(e);
              }
            });
  }

  void settle() {
    var _ = scheduler.run(() -> false);
  }

  /** Runs {@code body} in a task, and everything that follows. */
  void run(Body body) {
    spawn(body);
    settle();
  }

  /** An ioctl on {@code struct}, which stands at the begin of the page before and after. */
  void ioctl(FileOperations file, int cmd, Writer struct) throws ErrnoException {
    ioctl(user, file, cmd, struct);
  }

  void ioctl(Caller caller, FileOperations file, int cmd, Writer struct) throws ErrnoException {
    struct.write(page, 0);
    var _ = file.ioctl(caller, cmd, PAGE);
  }

  /** The errno that it fails with; null if it does not. */
  @Nullable Errno errno(FileOperations file, int cmd, Writer struct) {
    return errno(() -> ioctl(file, cmd, struct));
  }

  static @Nullable Errno errno(Body body) {
    try {
      body.run();
      return null;
    } catch (ErrnoException e) {
      return e.errno();
    }
  }

  /** A driver of nothing but features. */
  private record FeaturedDriver(ImmutableSet<DriverFeature> features) implements DrmDriver {
    @Override
    public String name() {
      return "featured";
    }

    @Override
    public String description() {
      return "Featured";
    }

    @Override
    public int major() {
      return 1;
    }

    @Override
    public int minor() {
      return 0;
    }

    @Override
    public int patchLevel() {
      return 0;
    }

    @Override
    public IoctlTable ioctls() {
      return IoctlTable.builder().build();
    }

    @Override
    public Object open(DrmFile file) {
      return this;
    }

    @Override
    public void postClose(DrmFile file) {}
  }
}
