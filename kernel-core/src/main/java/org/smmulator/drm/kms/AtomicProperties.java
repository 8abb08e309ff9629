package org.smmulator.drm.kms;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOENT;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.kms.AtomicState.Change;
import org.smmulator.drm.kms.object.ModeObject;
import org.smmulator.drm.kms.vblank.VblankEvent;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Caller;

/** Properties as parts of an atomic change. Kernel: {@code drm_atomic_uapi.c}. */
public final class AtomicProperties {
  private AtomicProperties() {}

  /**
   * Sets a property in {@code change}. Kernel: {@code drm_atomic_set_property()}.
   *
   * @throws ErrnoException ENOENT if the object has no such property; EINVAL, EACCES, EFAULT for
   *     values
   */
  public static void set(
      AtomicState change,
      KmsFile file,
      Caller caller,
      ModeObject object,
      int propertyId,
      long value)
      throws ErrnoException {
    PropertyContext context = new PropertyContext(change, file, caller);
    switch (object) {
      case Plane plane -> {
        StateProperty<PlaneState> property = find(plane.properties(), propertyId);
        checkTakes(change, property, value);
        property.set(change.plane(plane), value, context);
      }
      case Crtc crtc -> {
        StateProperty<CrtcState> property = find(crtc.properties(), propertyId);
        checkTakes(change, property, value);
        property.set(change.crtc(crtc), value, context);
      }
      case Connector connector -> {
        StateProperty<ConnectorState> property = find(connector.properties(), propertyId);
        checkTakes(change, property, value);
        property.set(change.connector(connector), value, context);
      }
      default -> throw EINVAL.because("object %d has no properties", object.id());
    }
  }

  private static <S> StateProperty<S> find(List<StateProperty<S>> all, int id)
      throws ErrnoException {
    for (StateProperty<S> each : all) {
      if (each.property().id() == id) {
        return each;
      }
    }
    throw ENOENT.because("the object has no property %d", id);
  }

  private static void checkTakes(AtomicState change, StateProperty<?> property, long value)
      throws ErrnoException {
    if (!property.property().takes(value, change.config().objects())) {
      throw EINVAL.because("%s takes no %#x", property.property().name(), value);
    }
  }

  /** Events and fences by which the caller of a commit is told when it shows. */
  public static final class Signaling {
    private final OutFences fences;

    private Signaling(OutFences fences) {
      this.fences = fences;
    }

    /** The commit is made. */
    public void install() {
      fences.install();
    }
  }

  /**
   * Prepares events and fences of a change. Kernel: {@code prepare_signaling()}.
   *
   * @param withEvents whether the file is to be told
   * @param userData what the events carry
   * @throws ErrnoException ENOMEM without room for the events; EMFILE, EFAULT; EINVAL for events of
   *     a change of no CRTC
   */
  public static Signaling prepare(
      AtomicState change, KmsFile file, Caller caller, boolean withEvents, long userData)
      throws ErrnoException {
    OutFences fences = new OutFences(caller);
    try {
      ImmutableList<Change<Crtc, CrtcState>> crtcs = change.crtcs();
      for (Change<Crtc, CrtcState> crtc : crtcs) {
        prepare(crtc, file, withEvents, userData, fences);
      }
      if (crtcs.isEmpty() && withEvents) {
        throw EINVAL.because("an event of a change of no CRTC");
      }
      return new Signaling(fences);
    } catch (ErrnoException e) {
      cancel(change, fences);
      throw e;
    }
  }

  private static void prepare(
      Change<Crtc, CrtcState> crtc,
      KmsFile file,
      boolean withEvents,
      long userData,
      OutFences fences)
      throws ErrnoException {
    CrtcState state = crtc.after();
    if (!withEvents && state.outFencePtr == 0) {
      return;
    }
    VblankEvent event =
        new VblankEvent(VblankEvent.Kind.FLIP_COMPLETE, crtc.object().id(), userData);
    if (withEvents) {
      event.tell(file.drm().events());
    }
    state.event = event;
    if (state.outFencePtr != 0) {
      var fence = crtc.object().newFence();
      fences.add(state.outFencePtr, fence);
      event.signal(fence);
    }
  }

  /** The commit failed: nobody is told. Kernel: {@code complete_signaling()}. */
  public static void cancel(AtomicState change, @Nullable Signaling signaling) {
    cancel(change, signaling == null ? null : signaling.fences);
  }

  private static void cancel(AtomicState change, @Nullable OutFences fences) {
    for (Change<Crtc, CrtcState> crtc : change.crtcs()) {
      VblankEvent event = crtc.after().takeEvent();
      if (event != null) {
        event.cancel();
      }
    }
    if (fences != null) {
      fences.cancel();
    }
  }
}
