package org.smmulator.iommu;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EPROBE_DEFER;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Mutex;

/**
 * The devices that an IOMMU cannot tell apart, so that they are in one domain together.
 *
 * <p>Kernel: {@code struct iommu_group}. What is not public is called with the group's lock held.
 */
public final class IommuGroup {
  private final int id;
  private final Mutex lock;
  private final IommuTrace trace;

  // All below is guarded by lock.
  private final List<Device> members = new ArrayList<>();
  private @Nullable IommuDomain domain;
  private @Nullable IommuDomain defaultDomain;

  /** How many bound drivers rely on the default domain. */
  private int ownerCount;

  IommuGroup(int id, Mutex lock, IommuTrace trace) {
    this.id = id;
    this.lock = lock;
    this.trace = trace;
  }

  public int id() {
    return id;
  }

  /** The members in the order in which they joined: {@code iommu_groups/N/devices}. */
  public ImmutableList<Device> devices() {
    return ImmutableList.copyOf(members);
  }

  /** Where the members' DMA goes now; null before the first attach. */
  public @Nullable IommuDomain domain() {
    return domain;
  }

  /** The domain that the members are in unless a driver attached another. */
  public @Nullable IommuDomain defaultDomain() {
    return defaultDomain;
  }

  /** What {@code iommu_groups/N/type} reads as. Kernel: {@code iommu_group_show_type()}. */
  public String type() {
    return defaultDomain == null ? "unknown" : defaultDomain.type().sysfsName();
  }

  Mutex.Held hold() {
    return lock.lock();
  }

  void add(Device device) {
    members.add(device);
  }

  void remove(Device device) {
    members.remove(device);
  }

  /** Makes {@code chosen} the default and moves the members there. */
  void setDefaultDomain(IommuDomain chosen) throws ErrnoException {
    defaultDomain = chosen;
    moveTo(chosen);
  }

  /** Puts a device that joined late where the others are. */
  void attachLateMember(Device device) throws ErrnoException {
    if (domain != null) {
      attachMember(domain, device, null);
    }
  }

  /** Gives the default domain back; the group has no member left. */
  void freeDefaultDomain() {
    if (defaultDomain instanceof IommuDomain.Paging paging) {
      paging.free();
    }
    defaultDomain = null;
    domain = null;
  }

  /** Attaches a driver's own domain. Kernel: {@code iommu_attach_device()}. */
  void attach(IommuDomain next, Device device) throws ErrnoException {
    if (members.size() != 1) {
      throw EINVAL.because("%s shares group %d with others", device.name(), id);
    }
    if (domain != null && !same(domain, defaultDomain) && domain != IommuDomain.Fixed.BLOCKED) {
      throw EBUSY.because("group %d is attached to another domain", id);
    }
    if (next instanceof IommuDomain.Paging paging && !same(paging.owner(), opsOf(device))) {
      throw EINVAL.because("the domain was made by the driver of another IOMMU");
    }
    moveTo(next);
  }

  /** Back to the default domain. Kernel: {@code iommu_detach_device()}. */
  void detach(IommuDomain from, Device device) {
    checkState(
        same(domain, from) && members.size() == 1, "%s is not in that domain", device.name());
    IommuDomain home = defaultDomain;
    checkState(home != null, "group %s has no default domain to go back to", id);
    try {
      moveTo(home);
    } catch (ErrnoException e) {
      throw new IllegalStateException("a default domain must take its group back", e);
    }
    trace.detached(device);
  }

  /**
   * A driver without a domain of its own binds. Kernel: {@code iommu_device_use_default_domain()}.
   */
  void useDefaultDomain() throws ErrnoException {
    if (defaultDomain == null) {
      throw EPROBE_DEFER.because("group %d has no default domain yet", id);
    }
    if (ownerCount > 0 && !same(domain, defaultDomain)) {
      throw EBUSY.because("another driver has moved group %d to its own domain", id);
    }
    ownerCount++;
  }

  void unuseDefaultDomain() {
    checkState(ownerCount > 0, "nobody uses the default domain of group %s", id);
    ownerCount--;
  }

  /**
   * Moves all members, or none. Kernel: {@code __iommu_group_set_domain_internal()}.
   *
   * @throws ErrnoException what the first member that failed said
   */
  private void moveTo(IommuDomain next) throws ErrnoException {
    IommuDomain previous = domain;
    if (same(next, previous)) {
      return;
    }
    for (int moved = 0; moved < members.size(); moved++) {
      try {
        attachMember(next, members.get(moved), previous);
      } catch (ErrnoException e) {
        moveBack(members.subList(0, moved), next, previous);
        throw e;
      }
    }
    domain = next;
  }

  private void moveBack(List<Device> moved, IommuDomain from, @Nullable IommuDomain to) {
    if (to == null) {
      return; // the first attach of all: there is nowhere to go back to
    }
    for (Device device : moved) {
      try {
        attachMember(to, device, from);
      } catch (ErrnoException e) {
        throw new IllegalStateException(device.name() + " cannot return to its domain", e);
      }
    }
  }

  private void attachMember(IommuDomain next, Device device, @Nullable IommuDomain previous)
      throws ErrnoException {
    opsOf(device).attach(next, device, previous);
    trace.attached(device);
  }

  private static IommuOps opsOf(Device device) {
    return DeviceIommu.of(device).ops();
  }

  /** Domains and drivers have an identity, not a value. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean same(@Nullable Object one, @Nullable Object other) {
    return one == other;
  }
}
