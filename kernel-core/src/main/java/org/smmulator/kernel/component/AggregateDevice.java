package org.smmulator.kernel.component;

import static com.google.common.base.Preconditions.checkState;
import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.smmulator.kernel.errno.Errno.EPROBE_DEFER;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.Devres;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * A logical device that is there when all of its components are. Kernel: {@code struct
 * aggregate_device}.
 */
public final class AggregateDevice {
  /** One entry of the match. Kernel: {@code struct component_match_array}. */
  private static final class Slot {
    final Predicate<Device> wanted;
    @Nullable Component component;

    /** Another entry has the same component, and binds it. */
    boolean duplicate;

    Slot(Predicate<Device> wanted) {
      this.wanted = wanted;
    }
  }

  private final Device parent;
  private final AggregateOps ops;
  private final ImmutableList<Slot> slots;
  private @Nullable Devres binding;

  AggregateDevice(Device parent, AggregateOps ops, ComponentMatch match) {
    this.parent = parent;
    this.ops = ops;
    this.slots = match.entries().stream().map(Slot::new).collect(toImmutableList());
  }

  /** The device whose driver brought the components together. */
  public Device parent() {
    return parent;
  }

  /** Returns whether its bind has succeeded. */
  public boolean isBound() {
    return binding != null;
  }

  /** The devices of the components that are bound, in the order of the match. */
  public ImmutableList<Device> boundComponents() {
    return slots.stream()
        .filter(slot -> !slot.duplicate)
        .map(slot -> slot.component)
        .filter(component -> component != null && component.binding != null)
        .map(component -> component.device)
        .collect(toImmutableList());
  }

  /**
   * Binds the components in the order of the match; if one refuses, those before it are unbound in
   * reverse. Kernel: {@code component_bind_all()}.
   *
   * @throws ErrnoException the one of the component that refuses
   */
  public void bindAll() throws ErrnoException {
    try {
      for (Slot slot : slots) {
        if (!slot.duplicate) {
          bind(Objects.requireNonNull(slot.component));
        }
      }
    } catch (ErrnoException e) {
      unbindAll();
      throw e;
    }
  }

  /** Unbinds the components in reverse. Kernel: {@code component_unbind_all()}. */
  public void unbindAll() {
    for (Slot slot : slots.reverse()) {
      Component component = slot.component;
      if (!slot.duplicate && component != null && component.binding != null) {
        Devres held = component.binding;
        component.binding = null;
        held.releaseAll();
      }
    }
  }

  /** Kernel: {@code component_bind()}. */
  private void bind(Component component) throws ErrnoException {
    checkState(component.binding == null, "%s is bound", component);
    Devres acquired = new Devres();
    try {
      component.ops.bind(component.device, this, acquired);
    } catch (ErrnoException e) {
      acquired.releaseAll();
      if (e.errno() != EPROBE_DEFER) {
        parent.err("failed to bind %s: %d", component, -e.errno().number());
      }
      throw e;
    }
    component.binding = acquired;
    parent.info("bound %s", component);
  }

  // ---- for the framework, which holds its lock

  /** Claims components until every entry has one. Kernel: {@code find_components()}. */
  boolean findComponents(List<Component> added) {
    for (Slot slot : slots) {
      if (slot.component != null) {
        continue;
      }
      Component found = find(slot.wanted, added);
      if (found == null) {
        return false;
      }
      slot.duplicate = found.aggregate != null;
      slot.component = found;
      found.aggregate = this;
    }
    return true;
  }

  /** Kernel: {@code find_component()}, which passes over those of another aggregate. */
  private @Nullable Component find(Predicate<Device> wanted, List<Component> added) {
    for (Component component : added) {
      boolean free = component.aggregate == null || component.aggregate == this;
      if (free && wanted.test(component.device)) {
        return component;
      }
    }
    return null;
  }

  /** Kernel: {@code remove_component()}. */
  void forget(Component component) {
    for (Slot slot : slots) {
      if (slot.component == component) {
        slot.component = null;
      }
    }
  }

  /** Lets go of every component. Kernel: {@code free_aggregate_device()}. */
  void release() {
    for (Slot slot : slots) {
      if (slot.component != null) {
        slot.component.aggregate = null;
        slot.component = null;
      }
    }
  }

  /** Kernel: the end of {@code try_to_bring_up_aggregate_device()}. */
  void bringUp() throws ErrnoException {
    Devres acquired = new Devres();
    try {
      ops.bind(this, acquired);
    } catch (ErrnoException e) {
      acquired.releaseAll();
      if (e.errno() != EPROBE_DEFER) {
        parent.info("adev bind failed: %d", -e.errno().number());
      }
      throw e;
    }
    binding = acquired;
  }

  /** Kernel: {@code take_down_aggregate_device()}. */
  void takeDown() {
    Devres held = binding;
    if (held != null) {
      held.releaseAll();
      binding = null;
    }
  }
}
