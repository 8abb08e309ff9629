package org.smmulator.drm;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.drm.gem.VmaOffsetManager;
import org.smmulator.drm.syncobj.Syncobj;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FdTable;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.fs.OpenFile;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.UserMemory;
import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Task;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracer;
import org.smmulator.uapi.drm.DrmGetCap;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.DrmSyncobjCreate;
import org.smmulator.uapi.drm.DrmSyncobjDestroy;

/** Sync objects by handle: numbers, errors in the kernel's order, and whose they are. */
class SyncobjIoctlTest {
  private static final long ARG = 0x1000;

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final Dram dram = memory();
  private final DrmCore core =
      new DrmCore(
          new KernelServices(
              scheduler,
              new Lockdep(scheduler),
              new PageAllocator(dram),
              dram,
              new Dmesg(scheduler),
              new Tracer(scheduler, 10),
              new NodeTree(),
              new MonotonicClock(scheduler, 0),
              new FaultInjector()),
          () -> new VmaOffsetManager(new FaultInjector()));
  private final UserBytes bytes = new UserBytes();
  private final FdTable files = new FdTable(new FaultInjector());
  private final Caller user = new Caller(new Task(100, "client", false), bytes, files);

  private static Dram memory() {
    try {
      return new Dram(ImmutableList.of(new DramBank(0x80000000L, 1 << 20)));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    scheduler.close();
    dram.close();
  }

  @Test
  void handlesCountFrom1AndTheLowestThatIsFreeIsTaken() throws Exception {
    DrmFile file = open(DriverFeature.SYNCOBJ);

    assertThat(create(file, 0)).isEqualTo(1);
    assertThat(create(file, 0)).isEqualTo(2);
    assertThat(create(file, 0)).isEqualTo(3);
    assertThat(destroy(file, 2, 0)).isNull();
    assertThat(create(file, 0)).isEqualTo(2);
    assertThat(create(file, 0)).isEqualTo(4);
  }

  @Test
  void aSyncObjectBeginsWithoutAFenceOrWithOneThatHasSignalled() throws Exception {
    DrmFile file = open(DriverFeature.SYNCOBJ);
    int empty = create(file, 0);
    int signaled = create(file, DrmSyncobjCreate.SIGNALED);

    assertThat(syncobj(file, empty).fence()).isNull();
    assertThat(requireNonNull(syncobj(file, signaled).fence()).isSignaled()).isTrue();
  }

  @Test
  void unknownFlagsMakeNothing() throws Exception {
    DrmFile file = open(DriverFeature.SYNCOBJ);

    assertThat(createError(file, 2)).isEqualTo(EINVAL);
    assertThat(createError(file, DrmSyncobjCreate.SIGNALED | 1 << 31)).isEqualTo(EINVAL);
    assertThat(file.syncobjs().find(1)).isNull();
  }

  @Test
  void paddingIsLookedAtBeforeTheHandle() throws Exception {
    DrmFile file = open(DriverFeature.SYNCOBJ);
    int handle = create(file, 0);

    assertThat(destroy(file, handle, 1)).isEqualTo(EINVAL);
    assertThat(file.syncobjs().find(handle)).isNotNull();
    assertThat(destroy(file, handle, 0)).isNull();
    assertThat(destroy(file, handle, 0)).isEqualTo(EINVAL);
    assertThat(destroy(file, 0, 0)).isEqualTo(EINVAL);
    assertThat(destroy(file, -1, 0)).isEqualTo(EINVAL);
  }

  @Test
  void aDriverWithoutTheFeatureHasNone() throws Exception {
    DrmFile file = open();

    assertThat(createError(file, 2)).isEqualTo(EOPNOTSUPP);
    assertThat(destroy(file, 1, 1)).isEqualTo(EOPNOTSUPP);
    assertThat(capability(file, DrmGetCap.SYNCOBJ)).isEqualTo(0);
  }

  @Test
  void theCapabilitiesAreTheDriversFeatures() throws Exception {
    DrmFile file = open(DriverFeature.SYNCOBJ);
    DrmFile both = open(DriverFeature.SYNCOBJ, DriverFeature.SYNCOBJ_TIMELINE);

    assertThat(capability(file, DrmGetCap.SYNCOBJ)).isEqualTo(1);
    assertThat(capability(file, DrmGetCap.SYNCOBJ_TIMELINE)).isEqualTo(0);
    assertThat(capability(both, DrmGetCap.SYNCOBJ_TIMELINE)).isEqualTo(1);
    // drm_getcap(): import and export, whatever the driver
    assertThat(capability(file, DrmGetCap.PRIME)).isEqualTo(3);
  }

  @Test
  void aPointerToNothingIsEfaultAndMakesNothing() throws Exception {
    DrmFile file = open(DriverFeature.SYNCOBJ);

    assertThat(errnoOf(() -> file.ioctl(user, DrmIoctl.SYNCOBJ_CREATE, 0x10))).isEqualTo(EFAULT);
    assertThat(file.syncobjs().find(1)).isNull();
  }

  @Test
  void eachOpenFileHasHandlesOfItsOwn() throws Exception {
    DrmFile one = open(DriverFeature.SYNCOBJ);
    DrmFile other = open(DriverFeature.SYNCOBJ);

    assertThat(create(one, 0)).isEqualTo(1);
    assertThat(destroy(other, 1, 0)).isEqualTo(EINVAL);
    assertThat(create(other, 0)).isEqualTo(1);
    assertThat(one.syncobjs().find(1)).isNotSameInstanceAs(other.syncobjs().find(1));
  }

  @Test
  void twoProcessesOnOneFileShareThemUntilTheLastOfThemHasGone() throws Exception {
    DrmFile file = open(DriverFeature.SYNCOBJ);
    FdTable childsFiles = new FdTable(new FaultInjector());
    Caller child = new Caller(new Task(101, "child", false), bytes, childsFiles);
    OpenFile opened = new OpenFile(file, "/dev/dri/renderD128");
    var _ = files.reserve().install(opened);
    var _ = childsFiles.reserve().install(opened.get());

    int handle = create(file, 0);
    int childs = create(file, child, 0);

    assertThat(childs).isEqualTo(handle + 1);
    assertThat(destroy(file, childs, 0)).isNull();
    files.closeAll();
    assertThat(file.syncobjs().find(handle)).isNotNull();
    childsFiles.closeAll();
    assertThat(file.syncobjs().find(handle)).isNull();
  }

  // ---- what a client does

  private int create(DrmFile file, int flags) throws ErrnoException {
    return create(file, user, flags);
  }

  private int create(DrmFile file, Caller caller, int flags) throws ErrnoException {
    new DrmSyncobjCreate(0, flags).write(bytes.page, 0);
    var _ = file.ioctl(caller, DrmIoctl.SYNCOBJ_CREATE, ARG);
    return DrmSyncobjCreate.read(bytes.page, 0).handle();
  }

  private Errno createError(DrmFile file, int flags) {
    return errnoOf(() -> create(file, flags));
  }

  private @Nullable Errno destroy(DrmFile file, int handle, int pad) {
    new DrmSyncobjDestroy(handle, pad).write(bytes.page, 0);
    try {
      var _ = file.ioctl(user, DrmIoctl.SYNCOBJ_DESTROY, ARG);
      return null;
    } catch (ErrnoException e) {
      return e.errno();
    }
  }

  private long capability(DrmFile file, long capability) throws ErrnoException {
    new DrmGetCap(capability, 0).write(bytes.page, 0);
    var _ = file.ioctl(user, DrmIoctl.GET_CAP, ARG);
    return DrmGetCap.read(bytes.page, 0).value();
  }

  private static Syncobj syncobj(DrmFile file, int handle) {
    return requireNonNull(file.syncobjs().find(handle));
  }

  private interface Call {
    Object run() throws ErrnoException;
  }

  private static Errno errnoOf(Call call) {
    return assertThrows(ErrnoException.class, call::run).errno();
  }

  private DrmFile open(DriverFeature... features) throws ErrnoException {
    return new DrmDevice(core, new FeaturedDriver(ImmutableSet.copyOf(features))).openRender(user);
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

  /** A caller's memory: one page at 0x1000, nothing else. */
  private static final class UserBytes implements UserMemory {
    final MemorySegment page = MemorySegment.ofArray(new long[512]);

    private long checked(long userPtr) throws ErrnoException {
      if (userPtr < ARG) {
        throw EFAULT.because("%#x", userPtr);
      }
      return userPtr - ARG;
    }

    @Override
    public void copyFrom(long userPtr, MemorySegment to, long toOffset, long sizeBytes)
        throws ErrnoException {
      MemorySegment.copy(page, checked(userPtr), to, toOffset, sizeBytes);
    }

    @Override
    public void copyTo(long userPtr, MemorySegment from, long fromOffset, long sizeBytes)
        throws ErrnoException {
      MemorySegment.copy(from, fromOffset, page, checked(userPtr), sizeBytes);
    }

    @Override
    public String string(long userPtr, int maxBytes) {
      throw new UnsupportedOperationException();
    }
  }
}
