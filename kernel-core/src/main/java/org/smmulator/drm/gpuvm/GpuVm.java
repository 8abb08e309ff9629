package org.smmulator.drm.gpuvm;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EEXIST;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import com.google.common.collect.ImmutableList;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;
import org.smmulator.dmabuf.Usage;
import org.smmulator.drm.exec.DrmExec;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * An address space of a GPU: which addresses stand for which bytes of which object. A driver
 * extends it. Kernel: {@code struct drm_gpuvm}.
 *
 * <p>It keeps the books and touches no pagetable. What a request does to the mappings that are
 * there, it tells as steps ({@link #smMap}, {@link #smUnmap}); the driver carries them out, and
 * tells the books so by {@link #insert} and {@link #remove}, at once or before the next request.
 *
 * <p>Each mapping and each object in it holds a reference to it.
 */
public abstract class GpuVm {
  /** Carries out one step. Kernel: {@code drm_gpuvm_ops.sm_step_map} and its siblings. */
  @FunctionalInterface
  public interface Step {
    /**
     * Carries out {@code op}; it may insert and remove the mappings that the step is about.
     *
     * @throws ErrnoException why the steps end here
     */
    void step(GpuVaOp op) throws ErrnoException;
  }

  private final String name;
  private final GemObject resvObject;
  private final VaRange managed;
  private final VaRange reserved;
  private final TreeMap<Long, GpuVa> vas = new TreeMap<>(Long::compareUnsigned);
  private final VmBoList external = new VmBoList();
  private final VmBoList evicted = new VmBoList();
  private int references = 1;

  /**
   * Makes an empty address space with one reference, its maker's. Kernel: {@code drm_gpuvm_init()}.
   *
   * @param name for people
   * @param resvObject its reservation is the address space's, and that of the objects which are in
   *     no other; it gets a reference
   * @param managed the addresses that mappings may have
   * @param reserved those among them that are the kernel's
   */
  protected GpuVm(String name, GemObject resvObject, VaRange managed, VaRange reserved) {
    checkArgument(!managed.overflows() && !reserved.overflows(), "addresses beyond 64 bits");
    this.name = name;
    this.resvObject = resvObject;
    this.managed = managed;
    this.reserved = reserved;
    resvObject.get();
  }

  /** Gives back what the driver holds for it; the last reference is gone. It may block. */
  protected abstract void free();

  /**
   * Brings back the memory of an object, and maps it where it is mapped. The caller holds the
   * reservations of the address space and of the object. Kernel: {@code
   * drm_gpuvm_ops.vm_bo_validate}.
   *
   * @throws ErrnoException EOPNOTSUPP of a driver that evicts nothing; the driver's
   */
  protected void validate(GpuVmBo vmBo, DrmExec exec) throws ErrnoException {
    throw EOPNOTSUPP.because("%s evicts nothing", name);
  }

  @Override
  public final String toString() {
    return name;
  }

  /**
   * The object that has the reservation of the address space. Kernel: {@code drm_gpuvm_resv_obj()}.
   */
  public final GemObject resvObject() {
    return resvObject;
  }

  public final VaRange managed() {
    return managed;
  }

  /** Takes a reference. */
  public final void get() {
    checkState(references > 0, "%s is free", name);
    references++;
  }

  /** Gives a reference back. Kernel: {@code drm_gpuvm_put()}. */
  public final void put() {
    checkState(references > 0, "%s is free", name);
    if (--references == 0) {
      checkState(vas.isEmpty() && external.isEmpty() && evicted.isEmpty(), "%s is in use", name);
      resvObject.put();
      free();
    }
  }

  // ---- the books

  /**
   * Returns whether mappings may be there. An empty range is none. Kernel: {@code
   * drm_gpuvm_range_valid()}.
   */
  public final boolean isValid(VaRange range) {
    return range.sizeBytes() != 0
        && !range.overflows()
        && managed.contains(range)
        && !reserved.overlaps(range);
  }

  private void checkValid(VaRange range) throws ErrnoException {
    if (!isValid(range)) {
      throw EINVAL.because("%#x, %#x bytes, in %s", range.start(), range.sizeBytes(), name);
    }
  }

  /**
   * Takes a mapping in, with a reference of its own. Kernel: {@code drm_gpuva_insert()}.
   *
   * @throws ErrnoException EINVAL outside of what is managed; EEXIST if something is there
   */
  public final void insert(GpuVa va) throws ErrnoException {
    checkValid(va.range());
    if (findFirst(va.range()) != null) {
      throw EEXIST.because("%#x is taken in %s", va.range().start(), name);
    }
    vas.put(va.range().start(), va);
    get();
  }

  /** Takes a mapping out, and gives its reference back. Kernel: {@code drm_gpuva_remove()}. */
  @SuppressWarnings("ReferenceEquality") // a mapping has an identity
  public final void remove(GpuVa va) {
    checkState(vas.get(va.range().start()) == va, "the mapping is not in %s", name);
    vas.remove(va.range().start());
    put();
  }

  /**
   * The mapping with the lowest addresses of those that are in {@code range}, also in part; null if
   * there is none. Kernel: {@code drm_gpuva_find_first()}.
   */
  public final @Nullable GpuVa findFirst(VaRange range) {
    Map.Entry<Long, GpuVa> before = vas.floorEntry(range.start());
    if (before != null && before.getValue().range().overlaps(range)) {
      return before.getValue();
    }
    Map.Entry<Long, GpuVa> after = vas.higherEntry(range.start());
    return after != null && after.getValue().range().overlaps(range) ? after.getValue() : null;
  }

  /**
   * The mapping of exactly {@code range}; null if there is none. Kernel: {@code drm_gpuva_find()}.
   */
  public final @Nullable GpuVa find(VaRange range) {
    GpuVa va = vas.get(range.start());
    return va != null && va.range().equals(range) ? va : null;
  }

  /**
   * The mapping that ends where {@code start} is; null if none does. Kernel: {@code
   * drm_gpuva_find_prev()}.
   */
  public final @Nullable GpuVa findPrev(long start) {
    VaRange last = new VaRange(start - 1, 1);
    return isValid(last) ? findFirst(last) : null;
  }

  /**
   * The mapping that begins at {@code end}; null if none does. Kernel: {@code
   * drm_gpuva_find_next()}.
   */
  public final @Nullable GpuVa findNext(long end) {
    VaRange first = new VaRange(end, 1);
    return isValid(first) ? findFirst(first) : null;
  }

  /** Returns whether no mapping is in {@code range}. Kernel: {@code drm_gpuvm_interval_empty()}. */
  public final boolean isEmpty(VaRange range) {
    return findFirst(range) == null;
  }

  /**
   * All mappings, lowest first; who changes them copies them before. Kernel: {@code
   * drm_gpuvm_for_each_va()}.
   */
  public final Collection<GpuVa> vas() {
    return Collections.unmodifiableCollection(vas.values());
  }

  /**
   * The mappings in {@code range}, also in part, as they are now, lowest first. Kernel: {@code
   * drm_gpuvm_for_each_va_range_safe()}.
   */
  public final ImmutableList<GpuVa> vasIn(VaRange range) {
    GpuVa first = findFirst(range);
    if (first == null) {
      return ImmutableList.of();
    }
    return ImmutableList.copyOf(
        vas.subMap(first.range().start(), true, range.end(), false).values());
  }

  // ---- split and merge

  /**
   * Tells the steps that make room for {@code request}, and last the request itself. What is in its
   * way is unmapped; of a mapping that reaches beyond it, that part stays. At most two are split.
   * Kernel: {@code drm_gpuvm_sm_map()}.
   *
   * @throws ErrnoException EINVAL outside of what is managed; what a step says
   */
  public final void smMap(GpuVaOp.Map request, Step step) throws ErrnoException {
    checkValid(request.range());
    for (GpuVa va : vasIn(request.range())) {
      step.step(cut(va, request.range(), isContinuedBy(va, request)));
    }
    step.step(request);
  }

  /**
   * Tells the steps that leave nothing mapped in {@code range}. Kernel: {@code
   * drm_gpuvm_sm_unmap()}.
   *
   * @throws ErrnoException EINVAL outside of what is managed; what a step says
   */
  public final void smUnmap(VaRange range, Step step) throws ErrnoException {
    checkValid(range);
    for (GpuVa va : vasIn(range)) {
      step.step(cut(va, range, false));
    }
  }

  /** The step that takes {@code range} out of {@code va}. */
  private static GpuVaOp cut(GpuVa va, VaRange range, boolean keep) {
    VaRange whole = va.range();
    GpuVaOp.Map prev =
        Long.compareUnsigned(whole.start(), range.start()) < 0
            ? part(va, VaRange.between(whole.start(), range.start()))
            : null;
    GpuVaOp.Map next =
        Long.compareUnsigned(range.end(), whole.end()) < 0
            ? part(va, VaRange.between(range.end(), whole.end()))
            : null;
    GpuVaOp.Unmap unmap = new GpuVaOp.Unmap(va, keep);
    return prev == null && next == null ? unmap : new GpuVaOp.Remap(prev, next, unmap);
  }

  private static GpuVaOp.Map part(GpuVa va, VaRange range) {
    return new GpuVaOp.Map(range, va.object(), va.offset() + range.start() - va.range().start());
  }

  /** Returns whether the request has the bytes of {@code va} at the same addresses. */
  @SuppressWarnings("ReferenceEquality") // an object has an identity
  private static boolean isContinuedBy(GpuVa va, GpuVaOp.Map request) {
    return va.object() != null
        && va.object() == request.object()
        && va.offset() - va.range().start() == request.offset() - request.range().start();
  }

  /**
   * The steps of {@link #smMap}, for a driver that goes through them several times. Kernel: {@code
   * drm_gpuvm_sm_map_ops_create()}.
   *
   * @throws ErrnoException EINVAL outside of what is managed
   */
  public final ImmutableList<GpuVaOp> smMapOps(GpuVaOp.Map request) throws ErrnoException {
    ImmutableList.Builder<GpuVaOp> ops = ImmutableList.builder();
    smMap(request, ops::add);
    return ops.build();
  }

  /**
   * The steps of {@link #smUnmap}. Kernel: {@code drm_gpuvm_sm_unmap_ops_create()}.
   *
   * @throws ErrnoException EINVAL outside of what is managed
   */
  public final ImmutableList<GpuVaOp> smUnmapOps(VaRange range) throws ErrnoException {
    ImmutableList.Builder<GpuVaOp> ops = ImmutableList.builder();
    smUnmap(range, ops::add);
    return ops.build();
  }

  /**
   * The steps that cut mappings without an object at the ends of {@code range}, so that what is
   * inside can be told apart; at most two are cut. Kernel: {@code drm_gpuvm_madvise_ops_create()}.
   *
   * @throws ErrnoException EINVAL outside of what is managed
   */
  public final ImmutableList<GpuVaOp> madviseOps(VaRange range) throws ErrnoException {
    checkValid(range);
    ImmutableList.Builder<GpuVaOp> ops = ImmutableList.builder();
    for (GpuVa va : vasIn(range)) {
      if (va.object() == null && cut(va, range, false) instanceof GpuVaOp.Remap remap) {
        ops.add(remap);
        ops.add(new GpuVaOp.Map(remap.unmapped(), null, 0));
      }
    }
    return ops.build();
  }

  /**
   * A step for each mapping in {@code range}, also in part. Kernel: {@code
   * drm_gpuvm_prefetch_ops_create()}.
   */
  public final ImmutableList<GpuVaOp.Prefetch> prefetchOps(VaRange range) {
    return vasIn(range).stream()
        .map(GpuVaOp.Prefetch::new)
        .collect(ImmutableList.toImmutableList());
  }

  // ---- locks

  /**
   * Returns whether {@code object} has a reservation of its own, as one has that others use too.
   * Kernel: {@code drm_gpuvm_is_extobj()}.
   */
  @SuppressWarnings("ReferenceEquality") // a reservation has an identity
  public final boolean isExternal(GemObject object) {
    return object.reservation() != resvObject.reservation();
  }

  /** The objects that have reservations of their own. Kernel: {@code drm_gpuvm.extobj}. */
  final VmBoList external() {
    return external;
  }

  /** The objects whose memory is gone. Kernel: {@code drm_gpuvm.evict}. */
  final VmBoList evicted() {
    return evicted;
  }

  final void forget(GpuVmBo vmBo) {
    external.remove(vmBo);
    evicted.remove(vmBo);
  }

  private static void prepare(DrmExec exec, GemObject object, int fences) throws ErrnoException {
    if (fences == 0) {
      exec.lock(object);
    } else {
      exec.prepare(object, fences);
    }
  }

  /**
   * Locks the reservation of the address space. Kernel: {@code drm_gpuvm_prepare_vm()}.
   *
   * @param fences how many to make room for; may be 0
   * @throws ErrnoException as {@link DrmExec#lock}
   */
  public final void prepareVm(DrmExec exec, int fences) throws ErrnoException {
    prepare(exec, resvObject, fences);
  }

  /**
   * Locks the objects that have reservations of their own. The caller holds the address space's.
   * Kernel: {@code drm_gpuvm_prepare_objects()}.
   *
   * @throws ErrnoException as {@link DrmExec#lock}
   */
  public final void prepareObjects(DrmExec exec, int fences) throws ErrnoException {
    external.forEach(vmBo -> prepare(exec, vmBo.object(), fences));
  }

  /**
   * Locks the objects that are mapped in {@code range}. Kernel: {@code drm_gpuvm_prepare_range()}.
   *
   * @throws ErrnoException as {@link DrmExec#lock}
   */
  public final void prepareRange(DrmExec exec, VaRange range, int fences) throws ErrnoException {
    for (GpuVa va : vasIn(range)) {
      GemObject object = va.object();
      if (object != null) {
        prepare(exec, object, fences);
      }
    }
  }

  /**
   * Locks the address space and all that is in it, and what {@code extra} locks. Kernel: {@code
   * drm_gpuvm_exec_lock()}.
   *
   * @throws ErrnoException as {@link DrmExec#untilAllLocked}
   */
  public final void lockAll(DrmExec exec, int fences, DrmExec.Attempt extra) throws ErrnoException {
    exec.untilAllLocked(() -> {
      prepareVm(exec, fences);
      prepareObjects(exec, fences);
      extra.run();
    });
  }

  /**
   * Locks the objects that are mapped in {@code range}. Kernel: {@code
   * drm_gpuvm_exec_lock_range()}.
   *
   * @throws ErrnoException as {@link DrmExec#untilAllLocked}
   */
  public final void lockRange(DrmExec exec, VaRange range, int fences) throws ErrnoException {
    exec.untilAllLocked(() -> prepareRange(exec, range, fences));
  }

  /**
   * Locks the objects that {@link #smMap} would be about; before the first of several requests is
   * carried out, for each of them: what an earlier one changes, it has locked. Kernel: {@code
   * drm_gpuvm_sm_map_exec_lock()}.
   *
   * @param exec ignores duplicates
   * @param fences how many to make room for in the object that will be mapped
   * @throws ErrnoException EINVAL outside of what is managed; as {@link DrmExec#lock}
   */
  public final void smMapLock(DrmExec exec, int fences, GpuVaOp.Map request) throws ErrnoException {
    if (request.object() != null) {
      exec.prepare(request.object(), fences);
    }
    smMap(request, op -> lockStep(exec, op));
  }

  /**
   * Locks the objects that {@link #smUnmap} would be about. Kernel: {@code
   * drm_gpuvm_sm_unmap_exec_lock()}.
   *
   * @param exec ignores duplicates
   * @throws ErrnoException EINVAL outside of what is managed; as {@link DrmExec#lock}
   */
  public final void smUnmapLock(DrmExec exec, VaRange range) throws ErrnoException {
    smUnmap(range, op -> lockStep(exec, op));
  }

  /** Kernel: {@code drm_gpuva_sm_step_lock()}. */
  private static void lockStep(DrmExec exec, GpuVaOp op) throws ErrnoException {
    GemObject object =
        switch (op) {
          case GpuVaOp.Remap remap -> remap.unmap().va().object();
          case GpuVaOp.Unmap unmap -> unmap.va().object();
          case GpuVaOp.Map _, GpuVaOp.Prefetch _ -> null;
        };
    if (object != null) {
      exec.lock(object);
    }
  }

  /**
   * Has the driver bring back every object whose memory is gone. The caller holds all the
   * reservations. Kernel: {@code drm_gpuvm_validate()}.
   *
   * @throws ErrnoException the driver's
   */
  public final void validate(DrmExec exec) throws ErrnoException {
    evicted.forEach(vmBo -> validate(vmBo, exec));
  }

  /**
   * Adds a fence to every reservation that {@code exec} has locked. Kernel: {@code
   * drm_gpuvm_resv_add_fence()}.
   *
   * @param own how it counts for the address space's own reservation
   * @param others how it counts for those of objects that others use too
   */
  public final void addFence(DrmExec exec, Fence fence, Usage own, Usage others) {
    for (GemObject object : exec.objects()) {
      object.reservation().add(fence, isExternal(object) ? others : own);
    }
  }
}
