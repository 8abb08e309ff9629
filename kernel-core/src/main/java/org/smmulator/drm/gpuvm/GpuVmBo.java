package org.smmulator.drm.gpuvm;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.drm.gem.GemVmBo;

/**
 * An object in an address space: its mappings there, and whether its memory is gone. There is one
 * for each such pair. Kernel: {@code struct drm_gpuvm_bo}.
 *
 * <p>It holds a reference to both. It and the lists that it is in change under the lock of the
 * object's reservation.
 */
public final class GpuVmBo implements GemVmBo {
  private final GpuVm vm;
  private final GemObject object;
  private final List<GpuVa> vas = new ArrayList<>(1);
  private int references = 1;

  private GpuVmBo(GpuVm vm, GemObject object) {
    this.vm = vm;
    this.object = object;
  }

  /**
   * Returns the one of {@code object} in {@code vm}, a new one if it is not there yet; with a
   * reference. The caller holds the object's reservation. Kernel: {@code
   * drm_gpuvm_bo_obtain_locked()}.
   */
  public static GpuVmBo obtain(GpuVm vm, GemObject object) {
    object.reservation().checkLocked();
    GpuVmBo known = find(vm, object);
    if (known != null) {
      return known.get();
    }
    GpuVmBo made = new GpuVmBo(vm, object);
    vm.get();
    object.get();
    object.vmBos().add(made);
    return made;
  }

  /**
   * Returns the one of {@code object} in {@code vm}, without a reference; null if there is none.
   * The caller holds the object's reservation. Kernel: {@code drm_gpuvm_bo_find()}.
   */
  @SuppressWarnings("ReferenceEquality") // an address space has an identity
  public static @Nullable GpuVmBo find(GpuVm vm, GemObject object) {
    List<GemVmBo> all = object.vmBos();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i) instanceof GpuVmBo found && found.vm == vm) {
        return found;
      }
    }
    return null;
  }

  /**
   * The address spaces that {@code object} is mapped in, as they are now. Kernel: {@code
   * drm_gem_for_each_gpuvm_bo_safe()}.
   */
  public static ImmutableList<GpuVmBo> of(GemObject object) {
    return object.vmBos().stream()
        .map(GpuVmBo.class::cast)
        .collect(ImmutableList.toImmutableList());
  }

  public GpuVm vm() {
    return vm;
  }

  public GemObject object() {
    return object;
  }

  /**
   * The mappings, in the order in which they were linked. Kernel: {@code
   * drm_gpuvm_bo_for_each_va()}.
   */
  public List<GpuVa> vas() {
    return Collections.unmodifiableList(vas);
  }

  /** Takes a reference. */
  public GpuVmBo get() {
    checkState(references > 0, "the object is not in the address space any more");
    references++;
    return this;
  }

  /**
   * Gives a reference back. Kernel: {@code drm_gpuvm_bo_put()}. If it may be the last, the caller
   * holds the object's reservation.
   *
   * @return whether it was the last
   */
  public boolean put() {
    checkState(references > 0, "the object is not in the address space any more");
    if (--references > 0) {
      return false;
    }
    vm.forget(this);
    object.vmBos().remove(this);
    vm.put();
    object.put();
    return true;
  }

  /**
   * If the object has a reservation of its own, {@link GpuVm#prepareObjects} locks it from now on.
   * Kernel: {@code drm_gpuvm_bo_extobj_add()}.
   */
  public void addExternal() {
    if (vm.isExternal(object)) {
      vm.external().add(this);
    }
  }

  /** {@link GpuVm#validate} has the driver bring it back, unless it is there again. */
  @Override
  public void setEvicted(boolean evicted) {
    object.reservation().checkLocked();
    if (evicted) {
      vm.evicted().add(this);
    } else {
      vm.evicted().remove(this);
    }
  }

  void linked(GpuVa va) {
    vas.add(va);
  }

  void unlinked(GpuVa va) {
    vas.remove(va);
  }
}
