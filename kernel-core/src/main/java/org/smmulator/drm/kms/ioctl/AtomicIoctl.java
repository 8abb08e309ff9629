package org.smmulator.drm.kms.ioctl;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;

import com.google.common.collect.ImmutableList;
import org.smmulator.drm.DrmFile;
import org.smmulator.drm.IoctlArg;
import org.smmulator.drm.kms.AtomicProperties;
import org.smmulator.drm.kms.AtomicProperties.Signaling;
import org.smmulator.drm.kms.AtomicState;
import org.smmulator.drm.kms.KmsFile;
import org.smmulator.drm.kms.ModeConfig;
import org.smmulator.drm.kms.object.AttachedProperty;
import org.smmulator.drm.kms.object.ModeObject;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.uapi.drm.mode.ModeAtomic;
import org.smmulator.uapi.drm.mode.ModeCrtcPageFlip;

/** The ioctl that sets properties of several objects at once. */
final class AtomicIoctl {
  private static final int FLAGS =
      ModeCrtcPageFlip.EVENT
          | ModeCrtcPageFlip.ASYNC
          | ModeAtomic.TEST_ONLY
          | ModeAtomic.NONBLOCK
          | ModeAtomic.ALLOW_MODESET;

  private final ModeConfig config;

  AtomicIoctl(ModeConfig config) {
    this.config = config;
  }

  /**
   * EINVAL for a client without the capability, flags, {@code reserved}, asynchronous flips, and
   * events of a test; then object by object, property by property: EFAULT, ENOENT, EINVAL, EACCES;
   * then ENOMEM, EMFILE for events and fences; then what the change gives. Kernel: {@code
   * drm_mode_atomic_ioctl()}.
   */
  void commit(DrmFile file, IoctlArg arg) throws ErrnoException {
    ModeAtomic asked = arg.read(ModeAtomic::read);
    KmsFile client = KmsFile.of(file);
    int flags = asked.flags();
    boolean testOnly = (flags & ModeAtomic.TEST_ONLY) != 0;
    boolean withEvents = (flags & ModeCrtcPageFlip.EVENT) != 0;
    if (!client.atomic) {
      throw EINVAL.because("the client is not atomic");
    }
    if ((flags & ~FLAGS) != 0 || asked.reserved() != 0) {
      throw EINVAL.because("flags %#x, reserved %#x", flags, asked.reserved());
    }
    if ((flags & ModeCrtcPageFlip.ASYNC) != 0) {
      throw EINVAL.because("no flip is asynchronous");
    }
    if (testOnly && withEvents) {
      throw EINVAL.because("an event of a test");
    }
    try (var _ = config.lock().lockInterruptible();
        AtomicState change = new AtomicState(config)) {
      change.setAllowModeset((flags & ModeAtomic.ALLOW_MODESET) != 0);
      setAll(client, arg, asked, change);
      if (testOnly) {
        change.check();
        return;
      }
      Signaling signaling =
          AtomicProperties.prepare(change, client, arg.caller(), withEvents, asked.userData());
      try {
        if ((flags & ModeAtomic.NONBLOCK) != 0) {
          change.commitWithoutWaiting();
        } else {
          change.commit();
        }
      } catch (ErrnoException e) {
        AtomicProperties.cancel(change, signaling);
        throw e;
      }
      signaling.install();
    }
  }

  private static void setAll(KmsFile client, IoctlArg arg, ModeAtomic asked, AtomicState change)
      throws ErrnoException {
    UserElements in = new UserElements(arg.caller());
    long done = 0;
    for (int i = 0; Integer.compareUnsigned(i, asked.countObjs()) < 0; i++) {
      int id = in.getU32(asked.objsPtr(), i);
      ModeObject object = client.find(id, 0);
      if (object == null) {
        throw ENOENT.because("no object has the number %d", id);
      }
      try {
        if (object.properties() == null) {
          throw ENOENT.because("object %d has no properties", id);
        }
        int count = in.getU32(asked.countPropsPtr(), i);
        for (int j = 0; Integer.compareUnsigned(j, count) < 0; j++) {
          int property = in.getU32(asked.propsPtr(), done);
          checkHas(object, property);
          long value = in.getU64(asked.propValuesPtr(), done);
          AtomicProperties.set(change, client, arg.caller(), object, property, value);
          done++;
        }
      } finally {
        object.put();
      }
    }
  }

  private static void checkHas(ModeObject object, int property) throws ErrnoException {
    ImmutableList<? extends AttachedProperty> all = object.properties();
    if (all == null || all.stream().noneMatch(each -> each.property().id() == property)) {
      throw ENOENT.because("object %d has no property %d", object.id(), property);
    }
  }
}
