package org.smmulator.kernel.component;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.lock.Mutex;

/**
 * The components and the aggregates of a machine.
 *
 * <p>Kernel: {@code drivers/base/component.c}. An aggregate is bound as soon as its last component
 * is added, in whatever order they come; it is taken down before a component goes. So a component
 * that loses its driver takes the aggregate with it, and one that gets it back brings it up again.
 */
@Singleton
public final class Components {
  private final Mutex lock;
  private final List<Component> components = new ArrayList<>();

  /** The newest is asked first, as the kernel's list has it. */
  private final List<AggregateDevice> aggregates = new ArrayList<>();

  @Inject
  public Components(Lockdep lockdep) {
    lock = lockdep.mutex("component_mutex");
  }

  /**
   * Adds a component, which may complete an aggregate. Kernel: {@code component_add()}.
   *
   * @throws ErrnoException what the bind of that aggregate gives; the component is not added then
   */
  public void add(Device device, ComponentOps ops) throws ErrnoException {
    try (var _ = lock.lock()) {
      Component added = new Component(device, ops);
      components.add(added);
      try {
        bringUpFor(added);
      } catch (ErrnoException e) {
        remove(added);
        throw e;
      }
    }
  }

  /**
   * Adds a component until the driver of {@code device} goes.
   *
   * @throws ErrnoException as {@link #add} does
   */
  public void addManaged(Device device, ComponentOps ops) throws ErrnoException {
    add(device, ops);
    device.devres().add("remove the component", () -> remove(device, ops));
  }

  /**
   * Removes a component; the aggregate that it is a part of is taken down first. Kernel: {@code
   * component_del()}.
   */
  @SuppressWarnings("ReferenceEquality") // a device and its operations have an identity
  public void remove(Device device, ComponentOps ops) {
    try (var _ = lock.lock()) {
      for (Component component : components) {
        if (component.device == device && component.ops == ops) {
          if (component.aggregate != null) {
            component.aggregate.takeDown();
          }
          remove(component);
          return;
        }
      }
    }
  }

  /**
   * Adds an aggregate, which is brought up now if all of its components are there. Kernel: {@code
   * component_master_add_with_match()}.
   *
   * @throws ErrnoException what its bind gives; it is not added then
   */
  public AggregateDevice addMaster(Device parent, AggregateOps ops, ComponentMatch match)
      throws ErrnoException {
    try (var _ = lock.lock()) {
      AggregateDevice added = new AggregateDevice(parent, ops, match);
      aggregates.addFirst(added);
      try {
        var _ = tryToBringUp(added, null);
      } catch (ErrnoException e) {
        aggregates.remove(added);
        added.release();
        throw e;
      }
      return added;
    }
  }

  /** Takes an aggregate down and removes it. Kernel: {@code component_master_del()}. */
  public void removeMaster(AggregateDevice aggregate) {
    try (var _ = lock.lock()) {
      aggregate.takeDown();
      aggregates.remove(aggregate);
      aggregate.release();
    }
  }

  private void remove(Component component) {
    if (component.aggregate != null) {
      component.aggregate.forget(component);
    }
    components.remove(component);
  }

  /** Kernel: {@code try_to_bring_up_masters()}. */
  private void bringUpFor(Component added) throws ErrnoException {
    for (AggregateDevice aggregate : aggregates) {
      if (!aggregate.isBound() && tryToBringUp(aggregate, added)) {
        return;
      }
    }
  }

  /**
   * Binds an aggregate all of whose components are there; returns whether it did.
   *
   * @param added the component that has just come, which it must be made of; null for none
   */
  private boolean tryToBringUp(AggregateDevice aggregate, @Nullable Component added)
      throws ErrnoException {
    if (!aggregate.findComponents(components) || (added != null && added.aggregate != aggregate)) {
      return false;
    }
    aggregate.bringUp();
    return true;
  }
}
