package org.smmulator.drm;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.drm.syncobj.Syncobj;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fs.Caller;
import org.smmulator.kernel.fs.FdTable;
import org.smmulator.kernel.fs.OpenFile;
import org.smmulator.kernel.task.Task;
import org.smmulator.uapi.drm.DrmGetCap;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.DrmSyncobjCreate;
import org.smmulator.uapi.drm.DrmSyncobjDestroy;

/** Sync objects by handle: numbers, errors in the kernel's order, and whose they are. */
class SyncobjIoctlTest {
  private static final long ARG = DrmTrial.PAGE;

  private final DrmTrial trial = new DrmTrial();
  private final Caller user = trial.user;
  private final FdTable files = (FdTable) user.files();

  @AfterEach
  void close() {
    trial.close();
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
    Caller child = new Caller(new Task(101, "child", false), user.memory(), childsFiles);
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
    new DrmSyncobjCreate(0, flags).write(trial.page, 0);
    var _ = file.ioctl(caller, DrmIoctl.SYNCOBJ_CREATE, ARG);
    return DrmSyncobjCreate.read(trial.page, 0).handle();
  }

  private Errno createError(DrmFile file, int flags) {
    return errnoOf(() -> create(file, flags));
  }

  private @Nullable Errno destroy(DrmFile file, int handle, int pad) {
    new DrmSyncobjDestroy(handle, pad).write(trial.page, 0);
    try {
      var _ = file.ioctl(user, DrmIoctl.SYNCOBJ_DESTROY, ARG);
      return null;
    } catch (ErrnoException e) {
      return e.errno();
    }
  }

  private long capability(DrmFile file, long capability) throws ErrnoException {
    new DrmGetCap(capability, 0).write(trial.page, 0);
    var _ = file.ioctl(user, DrmIoctl.GET_CAP, ARG);
    return DrmGetCap.read(trial.page, 0).value();
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
    return trial.open(features);
  }
}
