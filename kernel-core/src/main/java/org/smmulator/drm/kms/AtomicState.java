package org.smmulator.drm.kms;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * A change of what is shown: for each object that takes part, its state before and after. Kernel:
 * {@code struct drm_atomic_state}.
 *
 * <p>Until it is swapped in it owns the states after, and then the states before; {@link #close}
 * gives them back.
 */
public final class AtomicState implements AutoCloseable {
  /** One object's part. */
  public record Change<O, S>(O object, S before, S after) {}

  private final ModeConfig config;
  private final List<@Nullable Change<Plane, PlaneState>> planes;
  private final List<@Nullable Change<Crtc, CrtcState>> crtcs;
  private final List<@Nullable Change<Connector, ConnectorState>> connectors;

  /** Outputs may go dark meanwhile. */
  boolean allowModeset = true;

  /** A cursor moves, which waits for nothing. */
  boolean legacyCursorUpdate;

  private boolean swapped;

  /** Makes a change of nothing. Kernel: {@code drm_atomic_state_alloc()}. */
  public AtomicState(ModeConfig config) {
    this.config = config;
    this.planes = none(config.planes().size());
    this.crtcs = none(config.crtcs().size());
    this.connectors = none(config.connectors().size());
  }

  private static <T> List<@Nullable T> none(int count) {
    List<@Nullable T> made = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      made.add(null);
    }
    return made;
  }

  ModeConfig config() {
    return config;
  }

  /** Says whether outputs may go dark meanwhile. */
  public void setAllowModeset(boolean allowed) {
    allowModeset = allowed;
  }

  // ---- who takes part

  /** The state after of a CRTC, which takes part. Kernel: {@code drm_atomic_get_crtc_state()}. */
  public CrtcState crtc(Crtc crtc) {
    Change<Crtc, CrtcState> known = crtcs.get(crtc.index());
    if (known == null) {
      known = new Change<>(crtc, crtc.state(), crtc.state().duplicate());
      crtcs.set(crtc.index(), known);
    }
    return known.after();
  }

  /** The same of a plane, and of its CRTC. */
  public PlaneState plane(Plane plane) {
    Change<Plane, PlaneState> known = planes.get(plane.index());
    if (known == null) {
      known = new Change<>(plane, plane.state(), plane.state().duplicate());
      planes.set(plane.index(), known);
      if (known.after().crtc != null) {
        var _ = crtc(known.after().crtc);
      }
    }
    return known.after();
  }

  /** The same of a connector, and of its CRTC. */
  public ConnectorState connector(Connector connector) {
    Change<Connector, ConnectorState> known = connectors.get(connector.index());
    if (known == null) {
      known = new Change<>(connector, connector.state(), connector.state().duplicate());
      connectors.set(connector.index(), known);
      if (known.after().crtc != null) {
        var _ = crtc(known.after().crtc);
      }
    }
    return known.after();
  }

  boolean has(Connector connector) {
    return connectors.get(connector.index()) != null;
  }

  /** The state after of a CRTC that takes part. */
  public CrtcState newState(Crtc crtc) {
    return part(crtc).after();
  }

  /** The state before of a CRTC that takes part. */
  CrtcState oldState(Crtc crtc) {
    return part(crtc).before();
  }

  private Change<Crtc, CrtcState> part(Crtc crtc) {
    return Objects.requireNonNull(crtcs.get(crtc.index()), "the CRTC takes no part");
  }

  /** The CRTCs that take part, by their indices; a copy. */
  public ImmutableList<Change<Crtc, CrtcState>> crtcs() {
    return present(crtcs);
  }

  public ImmutableList<Change<Plane, PlaneState>> planes() {
    return present(planes);
  }

  public ImmutableList<Change<Connector, ConnectorState>> connectors() {
    return present(connectors);
  }

  private static <T> ImmutableList<T> present(List<@Nullable T> all) {
    ImmutableList.Builder<T> present = ImmutableList.builder();
    for (T each : all) {
      if (each != null) {
        present.add(each);
      }
    }
    return present.build();
  }

  /** Kernel: {@code drm_atomic_add_affected_connectors()}. */
  void addConnectorsOf(Crtc crtc) {
    int mask = crtc(crtc).connectorMask;
    for (Connector connector : config.connectors()) {
      if ((mask & connector.mask()) != 0) {
        var _ = connector(connector);
      }
    }
  }

  /** Kernel: {@code drm_atomic_add_affected_planes()}. */
  void addPlanesOf(Crtc crtc) {
    for (Plane plane : config.planes()) {
      if ((crtc.state().planeMask & plane.mask()) != 0) {
        var _ = plane(plane);
      }
    }
  }

  // ---- links

  /** Kernel: {@code drm_atomic_set_crtc_for_plane()}. */
  void setCrtc(PlaneState state, @Nullable Crtc next) {
    if (state.crtc == next) {
      return;
    }
    if (state.crtc != null) {
      crtc(state.crtc).planeMask &= ~state.plane().mask();
    }
    state.crtc = next;
    if (next != null) {
      crtc(next).planeMask |= state.plane().mask();
    }
  }

  /** Kernel: {@code drm_atomic_set_crtc_for_connector()}. */
  void setCrtc(ConnectorState state, @Nullable Crtc next) {
    if (state.crtc == next) {
      return;
    }
    if (state.crtc != null) {
      crtc(state.crtc).connectorMask &= ~state.connector().mask();
    }
    state.crtc = next;
    if (next != null) {
      crtc(next).connectorMask |= state.connector().mask();
    }
  }

  // ---- for ioctls, under the lock

  /**
   * Only checks the change. Kernel: {@code drm_atomic_check_only()}.
   *
   * @throws ErrnoException what makes it impossible
   */
  public void check() throws ErrnoException {
    new AtomicCheck(this).run();
  }

  /**
   * Makes the change, and waits until it shows. Kernel: {@code drm_atomic_commit()}.
   *
   * @throws ErrnoException what makes it impossible; nothing has changed then
   */
  public void commit() throws ErrnoException {
    check();
    new AtomicCommit(this).run(false);
  }

  /**
   * Makes the change without waiting. Kernel: {@code drm_atomic_nonblocking_commit()}.
   *
   * @throws ErrnoException as {@link #commit}; EBUSY if an earlier change does not show yet
   */
  public void commitWithoutWaiting() throws ErrnoException {
    check();
    new AtomicCommit(this).run(true);
  }

  // ---- the end

  /** The states after are now the objects'. */
  void swap() {
    checkState(!swapped, "a change is made once");
    swapped = true;
    connectors().forEach(change -> change.object().setState(change.after()));
    crtcs().forEach(change -> change.object().setState(change.after()));
    planes().forEach(change -> change.object().setState(change.after()));
  }

  /** Gives back the states that are nobody's. Kernel: {@code drm_atomic_state_put()}. */
  @Override
  public void close() {
    if (!swapped) {
      release();
    }
  }

  /** Gives back the states that it owns. */
  void release() {
    planes().forEach(change -> (swapped ? change.before() : change.after()).release());
    crtcs().forEach(change -> (swapped ? change.before() : change.after()).release());
  }
}
