package org.smmulator.iommu;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EBUSY;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOTSUPP;
import static org.smmulator.kernel.errno.Errno.EPERM;
import static org.smmulator.kernel.errno.Errno.EPROBE_DEFER;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.trace.Dmesg;

/**
 * The devices that an IOMMU cannot tell apart, so that they are in one domain together.
 *
 * <p>Kernel: {@code struct iommu_group}. What is not public is called with the group's lock held.
 */
public final class IommuGroup {
  private final int id;
  private final Mutex lock;
  private final IommuTrace trace;
  private final Dmesg dmesg;

  // All below is guarded by lock.
  private final List<Device> members = new ArrayList<>();
  private @Nullable IommuDomain domain;
  private @Nullable IommuDomain defaultDomain;

  /** The core's default domain while a driver's is the default. */
  private @Nullable IommuDomain displaced;

  /**
   * The domain that the DMA API maps into if that is not the default one: see {@link DriverDomain}.
   */
  private IommuDomain.@Nullable Paging blessed;

  /** True if the IOMMU's driver refused the default domain, and the members are in none. */
  private boolean optedOut;

  /** Null until the group had to be blocked. Kernel: {@code blocking_domain}. */
  private @Nullable IommuDomain blocking;

  /** The number of bound drivers that rely on the default domain, or of the owner's claims. */
  private int ownerCount;

  private @Nullable Object owner;

  private long references;

  private final GroupPasids pasids;

  IommuGroup(int id, Mutex lock, IommuTrace trace, Dmesg dmesg) {
    this.id = id;
    this.lock = lock;
    this.trace = trace;
    this.dmesg = dmesg;
    this.pasids = new GroupPasids(id);
  }

  public int id() {
    return id;
  }

  /** The members in the order in which they joined: {@code iommu_groups/N/devices}. */
  public ImmutableList<Device> devices() {
    return ImmutableList.copyOf(members);
  }

  /** The domain that the members' DMA goes into now; null before the first attach. */
  public @Nullable IommuDomain domain() {
    return domain;
  }

  /** The domain that the members are in unless a driver attached another. */
  public @Nullable IommuDomain defaultDomain() {
    return defaultDomain;
  }

  /** The domain whose addresses the DMA API hands out. Kernel: {@code iommu_get_dma_domain()}. */
  public @Nullable IommuDomain dmaDomain() {
    return blessed == null ? defaultDomain : blessed;
  }

  /** Returns whether the DMA API maps into {@code own}. */
  boolean usesForDma(IommuDomain own) {
    return same(dmaDomain(), own);
  }

  /** The domain that DMA under {@code pasid} goes into; null for none. */
  public @Nullable IommuDomain domainOfPasid(int pasid) {
    return pasids.domainOf(pasid);
  }

  /** The PASIDs that lead somewhere, in their order. */
  public ImmutableList<Integer> pasids() {
    return pasids.all();
  }

  /**
   * Counts a reference that a caller takes and drops at once. A group lives as long as a member
   * does here, so nothing but the count is left of {@code iommu_group_get()} and {@code
   * iommu_group_put()}.
   */
  public void countReference() {
    references++;
  }

  /** The number of references that callers of {@link #countReference} have taken. */
  public long referencesTaken() {
    return references;
  }

  /** The word in {@code iommu_groups/N/type}. Kernel: {@code iommu_group_show_type()}. */
  public String type() {
    return defaultDomain == null ? "unknown" : defaultDomain.type().sysfsName();
  }

  Mutex.Held hold() {
    return lock.lock();
  }

  // ---- members

  void add(Device device) {
    members.add(device);
  }

  void remove(Device device) {
    members.remove(device);
  }

  /** Puts a device that joined late where the others are. */
  void attachLateMember(Device device) throws ErrnoException {
    if (domain != null) {
      attachMember(domain, device, null);
    }
  }

  /** The group has no member left. */
  void dropDomains() {
    if (blocking instanceof IommuDomain.Paging empty) {
      empty.free();
    }
    blocking = null;
    defaultDomain = null;
    domain = null;
    blessed = null;
    displaced = null;
    optedOut = false;
  }

  // ---- the default domain

  /**
   * Makes {@code chosen} the default and moves the members there, wherever they are. Kernel: the
   * middle of {@code iommu_setup_default_domain()}.
   *
   * <p>A driver of an IOMMU that answers ENOTSUPP wants the members left alone: the domain is the
   * default, and nothing is attached.
   *
   * @throws ErrnoException what the first member that failed said. The former default is back then;
   *     if there was none, {@code chosen} is the default even so, and its members must be released
   */
  void setDefaultDomain(IommuDomain chosen) throws ErrnoException {
    IommuDomain former = defaultDomain;
    defaultDomain = chosen;
    try {
      if (domain == null) {
        attachFirst(chosen);
      } else {
        setDomain(chosen);
      }
      optedOut = false;
    } catch (ErrnoException e) {
      if (e.errno() == ENOTSUPP) {
        optedOut = true;
        return;
      }
      if (former != null) {
        defaultDomain = former;
      }
      throw e;
    }
  }

  /** Undoes {@link #setDefaultDomain}: the members go back to {@code former}. */
  void restoreDefaultDomain(IommuDomain former) {
    defaultDomain = former;
    returnTo(former);
  }

  /** Makes a driver's domain the default until {@link #restoreDefault}. */
  void makeDefault(IommuDomain chosen) {
    displaced = defaultDomain;
    defaultDomain = chosen;
  }

  void restoreDefault() {
    defaultDomain = displaced;
    displaced = null;
  }

  /** Has the DMA API map into {@code own} from now on; null for the default domain again. */
  void bless(IommuDomain.@Nullable Paging own) {
    blessed = own;
  }

  // ---- a driver's own domain

  /** Attaches a driver's own domain. Kernel: {@code iommu_attach_device()}. */
  void attach(IommuDomain next, Device device) throws ErrnoException {
    checkAlone(device);
    attachGroup(next);
  }

  /** Replaces the domain of the only member by another, without passing through the default one. */
  void load(IommuDomain.Paging next, Device device) throws ErrnoException {
    checkAlone(device);
    checkFits(next);
    opsOf(device).load(next, device, domain);
    domain = next;
    trace.attached(device);
  }

  /** Kernel: {@code __iommu_attach_group()}. */
  void attachGroup(IommuDomain next) throws ErrnoException {
    if (!isInCoreDomain() && !isBlocked()) {
      throw EBUSY.because("group %d is attached to another domain", id);
    }
    checkFits(next);
    setDomain(next);
  }

  private void checkFits(IommuDomain next) throws ErrnoException {
    for (Device member : members) {
      if (next.owner() != null && !same(next.owner(), opsOf(member))) {
        throw EINVAL.because("the domain was made by the driver of another IOMMU");
      }
    }
    if (next instanceof IommuDomain.Paging paging && !paging.mayBeIn(this)) {
      throw EINVAL.because("the domain was made for another group than %d", id);
    }
  }

  /**
   * Back to the default domain; a caller that is mistaken is told so in the log. Kernel: {@code
   * iommu_detach_device()}.
   */
  void detach(IommuDomain from, Device device) {
    if (warnIf(!same(domain, from), "iommu_detach_device", "the group is in another domain")
        || warnIf(members.size() != 1, "iommu_detach_device", "the device shares its group")) {
      return;
    }
    detachGroup();
  }

  /** Kernel: {@code iommu_detach_group()}, which does not ask which domain the group is in. */
  void detachGroup() {
    returnToCoreDomain();
  }

  /** Kernel: {@code WARN_ON()}; the words behind the place are ours. */
  private boolean warnIf(boolean wrong, String function, String what) {
    if (wrong) {
      dmesg.warn("WARNING: drivers/iommu/iommu.c at %s: group %d: %s", function, id, what);
    }
    return wrong;
  }

  private void checkAlone(Device device) throws ErrnoException {
    if (members.size() != 1) {
      throw EINVAL.because("%s shares group %d with others", device.name(), id);
    }
  }

  /** Returns whether the members are where the core put them. */
  boolean isInCoreDomain() {
    return same(domain, defaultDomain) || (optedOut && domain == null);
  }

  private boolean isBlocked() {
    return domain == IommuDomain.Fixed.BLOCKED || (domain != null && same(domain, blocking));
  }

  /** Kernel: {@code __iommu_group_set_core_domain()}. */
  private void returnToCoreDomain() {
    if (owner != null) {
      returnTo(blocking);
    } else if (optedOut) {
      returnToNone();
    } else {
      returnTo(defaultDomain);
    }
  }

  /** The members are blocked, and count as attached to nothing. */
  private void returnToNone() {
    try {
      returnTo(blockingDomain());
    } catch (ErrnoException e) {
      var _ = warnIf(true, "iommu_detach_device", e.reason());
    }
    domain = null;
  }

  /**
   * Moves all members to a domain that must take them. A member that does not go is blocked, if the
   * group has a domain for that, and the log says so. Kernel: {@code
   * __iommu_group_set_domain_nofail()}.
   */
  private void returnTo(@Nullable IommuDomain next) {
    IommuDomain previous = domain;
    if (same(next, previous)) {
      return;
    }
    if (next == null) {
      var _ = warnIf(true, "__iommu_group_set_domain_nofail", "there is no such domain");
      return;
    }
    for (Device member : members) {
      mustAttach(next, member, previous);
    }
    domain = next;
  }

  private void mustAttach(IommuDomain next, Device member, @Nullable IommuDomain previous) {
    try {
      attachMember(next, member, previous);
    } catch (ErrnoException e) {
      var _ =
          warnIf(true, "__iommu_group_set_domain_nofail", member.name() + ": " + e.getMessage());
      block(member, next, previous);
    }
  }

  private void block(Device member, IommuDomain refused, @Nullable IommuDomain previous) {
    if (blocking == null || same(blocking, refused)) {
      return;
    }
    try {
      attachReal(blocking, member, previous);
    } catch (ErrnoException e) {
      member.warn("cannot be blocked: %s", e.getMessage());
    }
  }

  /**
   * The domain in which members reach nothing: the driver's own, or one that is empty. Kernel:
   * {@code __iommu_group_alloc_blocking_domain()}.
   *
   * @throws ErrnoException ENOMEM
   */
  IommuDomain blockingDomain() throws ErrnoException {
    if (blocking == null) {
      Device first = members.getFirst();
      blocking =
          opsOf(first).hasBlockedDomain()
              ? IommuDomain.Fixed.BLOCKED
              : opsOf(first).allocPaging(first, DomainType.UNMANAGED, 0);
    }
    return blocking;
  }

  // ---- who decides over the group

  /**
   * A driver without a domain of its own binds. Kernel: {@code iommu_device_use_default_domain()}.
   */
  void useDefaultDomain() throws ErrnoException {
    if (defaultDomain == null) {
      throw EPROBE_DEFER.because("group %d has no default domain yet", id);
    }
    if (ownerCount > 0 && (!isInCoreDomain() || owner != null || !pasids.isEmpty())) {
      throw EBUSY.because("another driver has moved group %d to its own domain", id);
    }
    ownerCount++;
  }

  /** Returns whether a bound driver relies on the default domain, or somebody has claimed it. */
  boolean isUsed() {
    return ownerCount > 0;
  }

  void unuseDefaultDomain() {
    if (!warnIf(
        ownerCount == 0 || !pasids.isEmpty(),
        "iommu_device_unuse_default_domain",
        ownerCount == 0 ? "nobody uses the default domain" : "it still has PASIDs")) {
      ownerCount--;
    }
  }

  /**
   * Takes the group away from its drivers, which are gone: it is blocked until the claimant
   * attaches something. Kernel: {@code iommu_group_claim_dma_owner()}.
   */
  void claim(Object claimant) throws ErrnoException {
    if (ownerCount != 0) {
      throw EPERM.because("group %d is in use", id);
    }
    if (!isInCoreDomain() || !pasids.isEmpty()) {
      throw EBUSY.because("group %d is attached to another domain", id);
    }
    setDomain(blockingDomain());
    owner = claimant;
    ownerCount = 1;
  }

  /** Claims the group, which one claimant may do more than once. */
  void claimAgain(Object claimant) throws ErrnoException {
    if (ownerCount == 0) {
      claim(claimant);
      return;
    }
    if (!same(owner, claimant)) {
      throw EPERM.because("group %d belongs to another", id);
    }
    ownerCount++;
  }

  /** Ends all claims at once. Kernel: {@code __iommu_release_dma_ownership()}. */
  void release() {
    if (warnIf(
        owner == null || ownerCount == 0 || !pasids.isEmpty(),
        "__iommu_release_dma_ownership",
        owner == null ? "nobody has claimed it" : "it still has PASIDs")) {
      return;
    }
    ownerCount = 0;
    owner = null;
    returnToCoreDomain();
  }

  /** Ends one claim; the last gives the group back. */
  void releaseOne() {
    if (ownerCount > 1) {
      ownerCount--;
    } else {
      release();
    }
  }

  /** Returns whether no driver and no claimant relies on where the group is. */
  boolean isUnused() {
    return ownerCount == 0;
  }

  // ---- PASIDs

  /** Kernel: {@code iommu_attach_device_pasid()}. */
  void attachPasid(IommuDomain next, int pasid) throws ErrnoException {
    pasids.attach(next, pasid, members);
  }

  /** Kernel: {@code iommu_detach_device_pasid()}. */
  void detachPasid(int pasid) {
    pasids.detach(pasid, members);
  }

  // ---- moving

  /**
   * Attaches all members for the first time. One that fails has no other domain to stay in, and the
   * others are attached all the same. Kernel: {@code __iommu_group_set_domain_internal()} with
   * {@code IOMMU_SET_DOMAIN_MUST_SUCCEED}.
   *
   * @throws ErrnoException what the first member that failed said; the group is in the domain even
   *     so, unless it was ENOTSUPP
   */
  private void attachFirst(IommuDomain first) throws ErrnoException {
    ErrnoException failure = null;
    for (Device member : members) {
      try {
        attachMember(first, member, null);
      } catch (ErrnoException e) {
        if (e.errno() == ENOTSUPP) {
          throw e;
        }
        failure = failure == null ? e : failure;
      }
    }
    domain = first;
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Moves all members, or none. Kernel: {@code __iommu_group_set_domain_internal()}.
   *
   * @throws ErrnoException what the first member that failed said
   */
  private void setDomain(IommuDomain next) throws ErrnoException {
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
      mustAttach(to, device, from);
    }
  }

  private void attachMember(IommuDomain next, Device device, @Nullable IommuDomain previous)
      throws ErrnoException {
    boolean blocks = next == IommuDomain.Fixed.BLOCKED || same(next, blocking);
    if (blocks && DeviceIommu.of(device).requiresDirect()) {
      device.warn(
          "Firmware has requested this device have a 1:1 IOMMU mapping, rejecting configuring the"
              + " device without a 1:1 mapping. Contact your platform vendor.");
      throw EINVAL.because("firmware relies on DMA of %s", device.name());
    }
    if (next instanceof GenericDomain generic && generic.isGeneric()) {
      attachGeneric(generic, device, previous);
    } else {
      attachReal(next, device, previous);
    }
    trace.attached(device);
  }

  private static void attachReal(IommuDomain next, Device device, @Nullable IommuDomain previous)
      throws ErrnoException {
    IommuDomain real = GenericDomain.real(next);
    checkState(real != null, "a generic domain without a real one");
    opsOf(device).attach(real, device, GenericDomain.real(previous));
  }

  /** The first attach decides what the domain is, and whether what was mapped before can stay. */
  private static void attachGeneric(
      GenericDomain generic, Device device, @Nullable IommuDomain previous) throws ErrnoException {
    IommuDomain real = generic.realFor(device);
    try {
      opsOf(device).attach(real, device, GenericDomain.real(previous));
      generic.mapPending();
    } catch (ErrnoException e) {
      if (previous != null) {
        attachReal(previous, device, real);
      }
      generic.dropReal();
      throw e;
    }
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
