package org.smmulator.drm.msm.vm;

import static java.util.Objects.requireNonNull;
import static org.smmulator.kernel.errno.Errno.ENODEV;

import org.jspecify.annotations.Nullable;
import org.smmulator.drm.DrmCore;
import org.smmulator.drm.msm.vm.VmRange.Policy;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.kernel.task.Task;

/**
 * Makes the address spaces of files, each by one bind of the running task. Kernel: {@code
 * msm_gpu_create_private_vm()}, {@code a6xx_create_private_vm()}.
 */
public final class PrivateVms {
  /** The settings that root changes while the module runs. */
  public interface Options {
    /** How many addresses a file has; 0 for as many as the GPU has for it. */
    long addressSpaceSize();

    /** Log2 of how many changes a log keeps; 0 for no log. */
    int vmLogShift();
  }

  private final Device gpu;
  private final DrmCore core;
  private final IommuTasks iommuTasks;
  private final MsmVm kernelVm;
  private final FileAddresses addresses;
  private final Options options;
  private final boolean isExpected;
  private final Mutex initLock;
  private boolean warnedOfSharedVm;

  /**
   * Makes them for {@code gpu}.
   *
   * @param addresses those of a file's buffers, as far as its table reaches
   * @param options what root sets, looked at for each file
   * @param isExpected whether the GPU should have tables for files: those before A6xx have no
   *     {@code create_private_vm()} in Linux
   */
  public PrivateVms(
      Device gpu,
      DrmCore core,
      IommuTasks iommuTasks,
      MsmVm kernelVm,
      FileAddresses addresses,
      Options options,
      boolean isExpected) {
    this.gpu = gpu;
    this.core = core;
    this.iommuTasks = iommuTasks;
    this.kernelVm = kernelVm;
    this.addresses = addresses;
    this.options = options;
    this.isExpected = isExpected;
    this.initLock = core.kernel().lockdep().mutex("init_lock");
  }

  /** Held while a file's address space is made. Kernel: {@code init_lock}. */
  public Mutex initLock() {
    return initLock;
  }

  /** The address space that all files see, and share where they get none of their own. */
  public MsmVm kernelVm() {
    return kernelVm;
  }

  /**
   * Makes an address space. Where there are no pagetables for tasks the file shares the kernel's,
   * which the log says once where that is unexpected. Linux shares the kernel's also when it fails
   * for other reasons; here no client gets into the kernel's table by using up memory.
   *
   * @param policy {@link Policy#DRIVER_CHOSEN} or {@link Policy#CLIENT_CHOSEN}
   * @throws ErrnoException ENOMEM
   */
  public MsmVm create(Policy policy) throws ErrnoException {
    try {
      Task current = requireNonNull(core.kernel().scheduler().requireCurrent().task());
      IommuTask token = iommuTasks.bindTask(gpu, current, 0, dead -> {});
      return MsmVm.ofFile(
          new TaskMmu(token, kernelVm, core.kernel().scheduler()),
          core.reservations().reservation(),
          kernelVm,
          rangeOf(token, policy),
          current,
          policy == Policy.CLIENT_CHOSEN ? newLog() : null);
    } catch (ErrnoException e) {
      if (e.errno() != ENODEV) {
        throw e;
      }
      if (isExpected && !warnedOfSharedVm) {
        warnedOfSharedVm = true;
        gpu.warn("No per-process page tables");
      }
      return kernelVm.get();
    }
  }

  private @Nullable VmLog newLog() {
    int shift = options.vmLogShift();
    return shift == 0 ? null : new VmLog(shift, core.kernel().dmesg());
  }

  /**
   * As many iovas as the table reaches, from its own start on if that is higher. Kernel: {@code
   * adreno_private_vm_size()}.
   */
  private VmRange rangeOf(IommuTask token, Policy policy) {
    IommuGeometry reach = token.reach();
    long lowest = Math.max(addresses.start(), reach.apertureStart());
    long room = reach.apertureEnd() - lowest + 1;
    long wanted = options.addressSpaceSize();
    long bytes = wanted == 0 ? addresses.sizeBytes() : wanted;
    long fitting = Long.compareUnsigned(bytes, room) > 0 ? room : bytes;
    return new VmRange(policy, lowest, fitting, core.kernel().faults());
  }
}
