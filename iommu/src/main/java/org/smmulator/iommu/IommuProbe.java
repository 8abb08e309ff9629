package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.EPROBE_DEFER;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DeviceTreeException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtReference;
import org.smmulator.kernel.lock.Mutex;

/**
 * Brings devices and IOMMUs together, whichever comes first.
 *
 * <p>Kernel: {@code iommu_device_register()}, {@code bus_iommu_probe()}, {@code
 * iommu_probe_device()}, {@code of_iommu_configure()}.
 */
final class IommuProbe {
  private final Mutex probeLock;
  private final DefaultDomains defaultDomains;
  private final IommuGroups groups;
  private final GroupFinder finder;
  private final IommuTrace trace;

  /** The devices that were added, in that order: the bus's list. */
  private final List<Device> devices = new ArrayList<>();

  private final List<IommuDevice> instances = new ArrayList<>();

  /** Says which group a device joins that its IOMMU's driver has taken. */
  interface GroupFinder {
    IommuGroup groupFor(Device device) throws ErrnoException;
  }

  IommuProbe(
      Mutex probeLock,
      DefaultDomains defaultDomains,
      IommuGroups groups,
      GroupFinder finder,
      IommuTrace trace) {
    this.probeLock = probeLock;
    this.defaultDomains = defaultDomains;
    this.groups = groups;
    this.finder = finder;
    this.trace = trace;
  }

  ImmutableList<IommuDevice> instances() {
    return ImmutableList.copyOf(instances);
  }

  /**
   * Adds an instance and takes every device that waited for it.
   *
   * @throws ErrnoException what a device, or the first attach of a group, failed with, ENODEV
   *     apart; the instance is then gone again
   */
  void register(IommuDevice instance) throws ErrnoException {
    instances.add(instance);
    try (var _ = probeLock.lock()) {
      probeBus();
    } catch (ErrnoException e) {
      unregister(instance);
      throw e;
    }
  }

  /**
   * Removes an instance and releases every device behind it, which is then as it was before the
   * instance came. Kernel: {@code iommu_device_unregister()}, {@code remove_iommu_group()}.
   */
  void unregister(IommuDevice instance) {
    instances.remove(instance);
    for (Device device : devices) {
      DeviceIommu state = device.find(DeviceIommu.class);
      if (state != null && isBehind(state, instance)) {
        release(device, state);
      }
    }
  }

  private static boolean isBehind(DeviceIommu state, IommuDevice instance) {
    return state.spec().streams().stream().anyMatch(stream -> stream.iommu().equals(instance));
  }

  /**
   * Takes all devices first and decides on default domains then, so that a group is complete when
   * its domain is chosen. Kernel: {@code bus_iommu_probe()}.
   */
  private void probeBus() throws ErrnoException {
    Set<IommuGroup> waiting = new LinkedHashSet<>();
    for (Device device : ImmutableList.copyOf(devices)) {
      try {
        IommuGroup group = take(device);
        if (group != null && group.defaultDomain() == null) {
          waiting.add(group);
        }
      } catch (ErrnoException e) {
        if (e.errno() != ENODEV && e.errno() != EPROBE_DEFER) {
          throw e;
        }
      }
    }
    for (IommuGroup group : waiting) {
      try (var _ = group.hold()) {
        defaultDomains.setUp(group);
      }
    }
  }

  void deviceAdded(Device device) {
    devices.add(device);
    try {
      configure(device);
    } catch (ErrnoException e) {
      // Its IOMMU has no driver yet, or it has no IOMMU: a driver's bind asks again.
    }
  }

  void deviceRemoved(Device device) {
    devices.remove(device);
    DeviceIommu state = device.find(DeviceIommu.class);
    if (state != null) {
      release(device, state);
    }
  }

  /**
   * Has a device leave its group, and asks again which one it joins; a driver that is bound to it
   * goes with it.
   *
   * @throws ErrnoException what joining gives; the device is then in no group
   */
  void regroup(Device device) throws ErrnoException {
    DeviceIommu state = DeviceIommu.of(device);
    IommuGroup left = state.group();
    boolean used = left != null && left.isUsed();
    if (left != null && used) {
      left.unuseDefaultDomain();
    }
    release(device, state);
    configure(device);
    IommuGroup joined = DeviceIommu.groupOf(device);
    if (used && joined != null) {
      joined.useDefaultDomain();
    }
  }

  /** Kernel: {@code __iommu_group_remove_device()}. */
  private void release(Device device, DeviceIommu state) {
    IommuGroup group = state.group();
    if (group != null) {
      try (var _ = group.hold()) {
        group.remove(device);
        trace.left(group.id(), device);
        deinit(device, state, group);
      }
    }
    device.detach(DeviceIommu.class);
  }

  /** Kernel: {@code iommu_deinit_device()}. */
  private void deinit(Device device, DeviceIommu state, IommuGroup group) {
    leaveDomain(device, state, group);
    state.ops().releaseDevice(device);
    forgetIfEmpty(group);
  }

  private void forgetIfEmpty(IommuGroup group) {
    if (group.devices().isEmpty()) {
      defaultDomains.release(group);
      groups.forget(group);
    }
  }

  /** Kernel: the half of {@code __iommu_group_remove_device()} that touches hardware. */
  private void leaveDomain(Device device, DeviceIommu state, IommuGroup group) {
    defaultDomains.tearDownDma(device);
    IommuDomain.Fixed last = state.ops().releaseDomain();
    if (last == null) {
      return;
    }
    boolean mustPass = state.requiresDirect() && last == IommuDomain.Fixed.BLOCKED;
    try {
      state.ops().attach(mustPass ? IommuDomain.Fixed.IDENTITY : last, device, group.domain());
    } catch (ErrnoException e) {
      device.warn("could not be taken out of its domain: %s", e.getMessage());
    }
  }

  /**
   * Takes {@code device} if firmware says that it has an IOMMU. Kernel: {@code
   * of_iommu_configure()}.
   *
   * @throws ErrnoException EPROBE_DEFER if that has no driver yet; ENODEV if there is none
   */
  void configure(Device device) throws ErrnoException {
    try (var _ = probeLock.lock()) {
      IommuGroup group = take(device);
      if (group == null || group.defaultDomain() != null) {
        return;
      }
      try (var _ = group.hold()) {
        defaultDomains.setUp(group);
      } catch (ErrnoException e) {
        release(device, DeviceIommu.of(device));
        throw e;
      }
    }
  }

  /**
   * Puts a device into its group; into the group's domain too, if that has one already. Kernel:
   * {@code __iommu_probe_device()}.
   *
   * @return the group; null if the device was taken before
   */
  private @Nullable IommuGroup take(Device device) throws ErrnoException {
    if (device.find(DeviceIommu.class) != null) {
      return null;
    }
    IommuFwspec spec = readFirmware(device);
    IommuOps ops = spec.iommu().ops();
    DeviceIommu state = new DeviceIommu(spec);
    device.attach(DeviceIommu.class, state);
    try {
      ops.probeDevice(device, spec);
      return join(device, state, ops);
    } catch (ErrnoException e) {
      device.detach(DeviceIommu.class);
      throw e;
    }
  }

  private IommuGroup join(Device device, DeviceIommu state, IommuOps ops) throws ErrnoException {
    IommuGroup group;
    try {
      group = finder.groupFor(device);
    } catch (ErrnoException e) {
      ops.releaseDevice(device);
      throw e;
    }
    try (var _ = group.hold()) {
      joinLocked(device, state, group);
    }
    return group;
  }

  private void joinLocked(Device device, DeviceIommu state, IommuGroup group)
      throws ErrnoException {
    group.add(device);
    trace.joined(group.id(), device);
    device.info("Adding to iommu group %d", group.id());
    IommuDomain home = group.defaultDomain();
    if (home != null) {
      var _ = defaultDomains.mapDirect(device, home);
    }
    try {
      group.attachLateMember(device);
    } catch (ErrnoException e) {
      group.remove(device);
      trace.left(group.id(), device);
      deinit(device, state, group);
      throw e;
    }
    state.join(group);
    defaultDomains.setUpDma(group, device);
  }

  private IommuFwspec readFirmware(Device device) throws ErrnoException {
    try {
      return readIommus(device);
    } catch (DeviceTreeException e) {
      device.err("%s", e.getMessage());
      throw EINVAL.because("what firmware says of the IOMMU makes no sense");
    }
  }

  private IommuFwspec readIommus(Device device) throws ErrnoException {
    DtNode node = device.of();
    ImmutableList<DtReference> entries =
        node == null ? ImmutableList.of() : node.references("iommus", "#iommu-cells");
    if (entries.isEmpty()) {
      return listedBySomeInstance(device);
    }
    IommuOps ops = instanceOf(entries.getFirst().node()).ops();
    ImmutableList.Builder<IommuStream> streams = ImmutableList.builder();
    for (DtReference entry : entries) {
      IommuDevice iommu = instanceOf(entry.node());
      if (!iommu.ops().equals(ops)) {
        throw EINVAL.because("%s masters through IOMMUs of two kinds", device.name());
      }
      streams.add(new IommuStream(iommu, ops.ofXlate(entry.node(), entry.args())));
    }
    return new IommuFwspec(streams.build());
  }

  private IommuFwspec listedBySomeInstance(Device device) throws ErrnoException {
    for (IommuDevice instance : instances) {
      ImmutableIntArray ids = instance.ops().listedStreams(instance, device);
      if (!ids.isEmpty()) {
        return new IommuFwspec(
            ids.stream()
                .mapToObj(id -> new IommuStream(instance, id))
                .collect(ImmutableList.toImmutableList()));
      }
    }
    throw ENODEV.because("%s has no 'iommus'", device.name());
  }

  private IommuDevice instanceOf(DtNode node) throws ErrnoException {
    if (!node.isAvailable()) {
      throw ENODEV.because("%s is disabled", node.path());
    }
    for (IommuDevice instance : instances) {
      if (node.equals(instance.hardware().of())) {
        return instance;
      }
    }
    throw EPROBE_DEFER.because("%s has no driver yet", node.path());
  }
}
