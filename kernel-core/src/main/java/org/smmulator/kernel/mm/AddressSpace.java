package org.smmulator.kernel.mm;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EEXIST;
import static org.smmulator.kernel.errno.Errno.EFAULT;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.mm.PageAllocator.NONE;
import static org.smmulator.kernel.mm.PageAllocator.PAGE_SIZE;

import com.google.common.primitives.ImmutableLongArray;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * The memory of a process: mappings, and the AArch64 pagetable in DRAM that stands for them.
 *
 * <p>Kernel: {@code struct mm_struct}. Mappings get the highest free address (top-down), so the
 * same calls give the same addresses. A page comes to be when it is first touched.
 */
// # Two kinds of access
// The process's own loads and stores, and the kernel's copies for it, both go through the table;
// they differ in what a bad address means. Both report it as EFAULT; who called decides whether
// that is a system call's result or a SIGSEGV.
//
// # Anonymous memory
// Such a page belongs to the descriptor that points to it: it is made by the fault that writes the
// descriptor, and goes back to the allocator when the descriptor is cleared.
//
// # Devices that walk the table
// While somebody listens, memory goes back only after the listeners know that it is unmapped,
// tables
// that become empty stay until the process ends, and every access is a point at which a device may
// run: the process may be waiting for what the device writes.
//
// # The last page
// The descriptor that was used last is kept, as a TLB of one entry; unmapping forgets it.
public final class AddressSpace implements UserMemory {
  private static final long NO_PAGE = 1; // never page aligned, so it never matches

  /**
   * The time that an access to memory that a device shares takes: the line is not in a cache, or
   * does not stay there. A loop that polls such memory makes time pass by it.
   */
  private static final long SHARED_ACCESS_NS = 50;

  private final PageAllocator pages;
  private final Dram dram;
  private final CpuMemory cached;
  private final CpuMemory uncached;
  private final Timebase time;
  private final PageOwner memoryOwner;
  private final UserTable table;
  private final VmaMap vmas = new VmaMap();
  private final List<MmListener> listeners = new ArrayList<>();

  // Looked up by physical address, never iterated: how often a page is pinned, and the pinned pages
  // that the process has unmapped.
  private final Map<Long, Integer> pins = new HashMap<>();
  private final Set<Long> orphans = new HashSet<>();

  private long lastPageVa = NO_PAGE;
  private long lastPte;
  private long lastFaultVa;
  private boolean destroyed;

  /**
   * Makes an empty address space.
   *
   * @param holder the process, which the pages are held by
   * @throws ErrnoException ENOMEM
   */
  public AddressSpace(PageAllocator pages, Dram dram, Timebase time, PageOwner.Holder holder)
      throws ErrnoException {
    this.pages = pages;
    this.dram = dram;
    this.cached = pages.cpu();
    this.uncached = new CpuMemory(dram, null);
    this.time = time;
    this.memoryOwner = pages.owner(holder, "memory", PageZone.CLIENT);
    this.table = new UserTable(pages, dram, pages.owner(holder, "pagetable", PageZone.KERNEL));
  }

  /** The physical address of the first table: what TTBR0 holds while the process runs. */
  public long pagetableBase() {
    return table.base();
  }

  // ---- mappings

  /**
   * Maps {@code backing} from {@code offset} on.
   *
   * @param prot a mask of {@link Prot}
   * @param name what {@code /proc/PID/maps} calls it
   * @return the virtual address
   * @throws ErrnoException EINVAL for a size of zero or an offset within a page; ENOMEM
   */
  public long mmap(long sizeBytes, int prot, VmaBacking backing, long offset, String name)
      throws ErrnoException {
    long va = add(sizeBytes, prot, backing, offset, name);
    backing.opened(this);
    return va;
  }

  /**
   * Maps memory of the process's own, zeroed.
   *
   * @throws ErrnoException EINVAL, ENOMEM as {@link #mmap}
   */
  public long mmapAnonymous(long sizeBytes, int prot) throws ErrnoException {
    return add(sizeBytes, prot, null, 0, "");
  }

  /**
   * Maps memory of the process's own where it wants it. Kernel: {@code mmap()} with {@code
   * MAP_FIXED_NOREPLACE}.
   *
   * @throws ErrnoException EINVAL for an address or a size that is no page's, or not a process's;
   *     EEXIST if something is mapped there
   */
  public void mmapAnonymousAt(long va, long sizeBytes, int prot) throws ErrnoException {
    checkState(!destroyed, "the process is gone");
    boolean inRange =
        va >= PAGE_SIZE
            && va < UserTable.LIMIT
            && sizeBytes > 0
            && sizeBytes <= UserTable.LIMIT - va;
    if (va % PAGE_SIZE != 0 || !inRange) {
      throw EINVAL.because("mmap of 0x%x bytes at va 0x%x", sizeBytes, va);
    }
    long end = pageAbove(va + sizeBytes);
    if (!vmas.overlapping(va, end).isEmpty()) {
      throw EEXIST.because("something is mapped at va 0x%x", va);
    }
    vmas.add(new Vma(va, end, prot, null, 0, ""));
  }

  private long add(long sizeBytes, int prot, @Nullable VmaBacking backing, long offset, String name)
      throws ErrnoException {
    checkState(!destroyed, "the process is gone");
    if (sizeBytes == 0 || offset % PAGE_SIZE != 0) {
      throw EINVAL.because("mmap of 0x%x bytes at offset 0x%x", sizeBytes, offset);
    }
    if (sizeBytes < 0 || sizeBytes > UserTable.LIMIT) {
      throw ENOMEM.because("mmap of 0x%x bytes", sizeBytes);
    }
    long size = pageAbove(sizeBytes);
    long va = vmas.findFree(size);
    vmas.add(new Vma(va, va + size, prot, backing, offset, name));
    return va;
  }

  /**
   * Takes back what is mapped in the range; mappings that reach over its ends are cut.
   *
   * @throws ErrnoException EINVAL if the range is empty, not page aligned, or not a process's
   */
  public void munmap(long va, long sizeBytes) throws ErrnoException {
    boolean inRange =
        va >= 0 && va < UserTable.LIMIT && sizeBytes > 0 && sizeBytes <= UserTable.LIMIT - va;
    if (va % PAGE_SIZE != 0 || !inRange) {
      throw EINVAL.because("munmap of 0x%x bytes at va 0x%x", sizeBytes, va);
    }
    long end = pageAbove(va + sizeBytes);
    for (Vma vma : vmas.overlapping(va, end)) {
      cut(vma, Math.max(va, vma.start()), Math.min(end, vma.end()));
    }
  }

  private void cut(Vma vma, long start, long end) {
    vmas.remove(vma);
    int left = 0;
    if (vma.start() < start) {
      vmas.add(vma.part(vma.start(), start));
      left++;
    }
    if (end < vma.end()) {
      vmas.add(vma.part(end, vma.end()));
      left++;
    }
    dropPages(vma, start, end); // last: a device's fault must find no mapping to fill again
    VmaBacking backing = vma.backing();
    if (backing != null && left == 0) {
      backing.closed(this);
    } else if (backing != null && left == 2) {
      backing.opened(this);
    }
  }

  /**
   * Takes what {@code backing} has entered out of the table: a touch faults again. Kernel: {@code
   * unmap_mapping_range()}.
   */
  public void dropPagesOf(VmaBacking backing) {
    for (Vma vma : List.copyOf(vmas.all())) {
      if (vma.isBackedBy(backing)) {
        dropPages(vma, vma.start(), vma.end());
      }
    }
  }

  private void dropPages(Vma vma, long start, long end) {
    lastPageVa = NO_PAGE;
    if (!listeners.isEmpty()) {
      dropSharedPages(vma, start, end);
      return;
    }
    for (long va = table.nextMapped(start, end);
        va < end;
        va = table.nextMapped(va + PAGE_SIZE, end)) {
      long pte = table.clear(va);
      if (vma.backing() == null) {
        freePage(UserPte.pa(pte));
      }
    }
    table.prune(start, end);
  }

  private void dropSharedPages(Vma vma, long start, long end) {
    ImmutableLongArray.Builder unmapped = ImmutableLongArray.builder();
    for (long va = table.nextMapped(start, end);
        va < end;
        va = table.nextMapped(va + PAGE_SIZE, end)) {
      unmapped.add(UserPte.pa(table.clear(va)));
    }
    for (MmListener listener : List.copyOf(listeners)) {
      listener.invalidated(start, end - start);
    }
    if (vma.backing() == null) {
      unmapped.build().forEach(this::freePage);
    }
  }

  // ---- pages that devices use for long

  /** {@inheritDoc} Pages of mappings that are somebody else's are not pinned. */
  @Override
  public PinnedPages pin(long userPtr, long sizeBytes) throws ErrnoException {
    long start = userPtr & -PAGE_SIZE;
    if (userPtr < 0 || sizeBytes < 0 || sizeBytes > UserTable.LIMIT - userPtr) {
      throw EFAULT.because("0x%x bytes at va 0x%x", sizeBytes, userPtr);
    }
    ImmutableLongArray.Builder found = ImmutableLongArray.builder();
    for (long va = start; va < userPtr + sizeBytes; va += PAGE_SIZE) {
      Vma vma = vmas.at(va);
      if (vma == null || vma.backing() != null || (vma.prot() & Prot.WRITE) == 0) {
        throw EFAULT.because("va 0x%x is no writable memory of the process's own", va);
      }
      if (!makePresent(va, Prot.WRITE)) {
        throw ENOMEM.because("no page for va 0x%x", va);
      }
      found.add(UserPte.pa(table.lookup(va)));
    }
    ImmutableLongArray pinned = found.build();
    pinned.forEach(pa -> pins.merge(pa, 1, Integer::sum));
    return new PinnedPages(pinned, () -> pinned.forEach(this::unpin));
  }

  private void unpin(long pa) {
    if (pins.merge(pa, -1, Integer::sum) == 0) {
      pins.remove(pa);
      if (orphans.remove(pa)) {
        pages.free(pa, 0, memoryOwner);
      }
    }
  }

  /** A page that is pinned is freed when it is let go. */
  private void freePage(long pa) {
    if (pins.containsKey(pa)) {
      orphans.add(pa);
    } else {
      pages.free(pa, 0, memoryOwner);
    }
  }

  /**
   * A forked child's memory: a copy of what is the process's own, and the shared mappings at the
   * same addresses.
   *
   * @param holder the child, which the pages are held by
   * @throws ErrnoException ENOMEM
   */
  public AddressSpace forked(PageOwner.Holder holder) throws ErrnoException {
    AddressSpace child = new AddressSpace(pages, dram, time, holder);
    try {
      for (Vma vma : vmas.all()) {
        child.inherit(vma, this);
      }
    } catch (ErrnoException e) {
      child.destroy();
      throw e;
    }
    return child;
  }

  private void inherit(Vma vma, AddressSpace parent) throws ErrnoException {
    VmaBacking shared = vma.backing();
    if (shared != null) {
      VmaBacking own = shared.forked();
      vmas.add(new Vma(vma.start(), vma.end(), vma.prot(), own, vma.offset(), vma.name()));
      own.opened(this);
      return;
    }
    vmas.add(vma);
    for (long va = parent.table.nextMapped(vma.start(), vma.end());
        va < vma.end();
        va = parent.table.nextMapped(va + PAGE_SIZE, vma.end())) {
      addPage(vma, va);
      long from = UserPte.pa(parent.table.lookup(va));
      cached.copy(from, UserPte.pa(table.lookup(va)), PAGE_SIZE);
    }
  }

  /** Gives everything back. Kernel: {@code exit_mmap()}. */
  public void destroy() {
    checkState(!destroyed, "destroyed twice");
    List<MmListener> told = List.copyOf(listeners);
    listeners.clear();
    told.forEach(MmListener::released);
    for (Vma vma : List.copyOf(vmas.all())) {
      cut(vma, vma.start(), vma.end());
    }
    table.free();
    destroyed = true;
  }

  /** Returns whether the process is gone. */
  public boolean isDestroyed() {
    return destroyed;
  }

  // ---- devices that share the table

  /** Tells {@code listener} of unmaps and of the end. Kernel: {@code mmu_notifier_register()}. */
  public void addListener(MmListener listener) {
    listeners.add(listener);
  }

  /** Forgets {@code listener}; no effect if the process is gone. */
  public void removeListener(MmListener listener) {
    listeners.remove(listener);
  }

  /**
   * Makes the page at {@code va} present on behalf of a device that wants it. Kernel: {@code
   * iommu_sva_handle_mm()}, around {@code handle_mm_fault()}.
   *
   * @param access what the device wants to do: a mask of {@link Prot}, all of which the mapping
   *     must allow
   * @return whether it is present now; false if nothing is mapped there, the access is not allowed,
   *     there is no memory, or the process is gone
   */
  public boolean makePresent(long va, int access) {
    Vma vma = !destroyed && va >= 0 && va < UserTable.LIMIT ? vmas.at(va) : null;
    if (vma == null || (access & ~vma.prot()) != 0) {
      return false;
    }
    if (UserPte.isValid(table.lookup(va))) {
      return true;
    }
    try {
      addPage(vma, va & -PAGE_SIZE);
      return true;
    } catch (ErrnoException e) {
      return false;
    }
  }

  /** The physical address behind {@code va}; 0 if no page is there now. */
  public long translate(long va) {
    long pte = !destroyed && va >= 0 && va < UserTable.LIMIT ? table.lookup(va) : 0;
    return UserPte.isValid(pte) ? UserPte.pa(pte) | (va & (PAGE_SIZE - 1)) : 0;
  }

  /** Returns whether the pages of {@code account} are the process's own memory. */
  @SuppressWarnings("ReferenceEquality") // an account has an identity
  public boolean isOnAccount(PageOwner account) {
    return account == memoryOwner;
  }

  /** Shows {@code visitor} the physical address of each page that is present, by address. */
  public void forEachPage(LongConsumer visitor) {
    for (Vma vma : vmas.all()) {
      for (long va = table.nextMapped(vma.start(), vma.end());
          va < vma.end();
          va = table.nextMapped(va + PAGE_SIZE, vma.end())) {
        visitor.accept(translate(va));
      }
    }
  }

  /** The text of {@code /proc/PID/maps}. */
  public String maps() {
    return vmas.all().stream().map(vma -> vma.show() + "\n").collect(Collectors.joining());
  }

  // ---- the process's own loads and stores

  /**
   * Loads 1, 2, 4 or 8 bytes, little-endian, zero-extended.
   *
   * @throws ErrnoException EFAULT where the CPU would fault; {@link #explain} says how
   */
  public long load(long va, int sizeBytes) throws ErrnoException {
    if ((va & (PAGE_SIZE - 1)) > PAGE_SIZE - sizeBytes) {
      return loadByBytes(va, sizeBytes);
    }
    long pte = userPte(va, false);
    return memory(pte).load(pa(pte, va), sizeBytes);
  }

  private long loadByBytes(long va, int sizeBytes) throws ErrnoException {
    long value = 0;
    for (int i = sizeBytes - 1; i >= 0; i--) {
      value = value << 8 | load(va + i, 1);
    }
    return value;
  }

  /**
   * Stores 1, 2, 4 or 8 bytes, little-endian.
   *
   * @throws ErrnoException EFAULT where the CPU would fault
   */
  public void store(long va, int sizeBytes, long value) throws ErrnoException {
    if ((va & (PAGE_SIZE - 1)) > PAGE_SIZE - sizeBytes) {
      for (int i = 0; i < sizeBytes; i++) {
        store(va + i, 1, value >>> (8 * i));
      }
      return;
    }
    long pte = userPte(va, true);
    memory(pte).store(pa(pte, va), sizeBytes, value);
  }

  /** The address of the last access that faulted. Kernel: {@code thread.fault_address}. */
  public long lastFaultVa() {
    return lastFaultVa;
  }

  /** Says what exception the access, which failed, would have been to a CPU. */
  public UserFault explain(long va, boolean write) {
    boolean userAddress = va >= 0 && va < UserTable.LIMIT;
    Vma vma = userAddress ? vmas.at(va) : null;
    int level = userAddress ? table.levelOf(va) : 0;
    if (vma == null) {
      return UserFault.translation(level, write);
    }
    return vma.allows(write) ? UserFault.noPage(level, write) : UserFault.permission(write);
  }

  private long userPte(long va, boolean write) throws ErrnoException {
    long pte = pte(va, write);
    if ((pte & UserPte.SHARED_WITH_DEVICES) != 0 || !listeners.isEmpty()) {
      time.consume(SHARED_ACCESS_NS);
      time.point();
      return pte(va, write); // the page may have gone meanwhile
    }
    return pte;
  }

  private CpuMemory memory(long pte) {
    return (pte & UserPte.UNCACHED) == 0 ? cached : uncached;
  }

  private static long pa(long pte, long va) {
    return UserPte.pa(pte) | (va & (PAGE_SIZE - 1));
  }

  // ---- the kernel's copies

  @Override
  public void copyFrom(long userPtr, MemorySegment to, long toOffset, long sizeBytes)
      throws ErrnoException {
    long done = 0;
    while (done < sizeBytes) {
      long va = userPtr + done;
      long chunk = Math.min(sizeBytes - done, PAGE_SIZE - (va & (PAGE_SIZE - 1)));
      long pte = pte(va, false);
      memory(pte).copyOut(pa(pte, va), to, toOffset + done, chunk);
      done += chunk;
    }
  }

  @Override
  public void copyTo(long userPtr, MemorySegment from, long fromOffset, long sizeBytes)
      throws ErrnoException {
    long done = 0;
    while (done < sizeBytes) {
      long va = userPtr + done;
      long chunk = Math.min(sizeBytes - done, PAGE_SIZE - (va & (PAGE_SIZE - 1)));
      long pte = pte(va, true);
      memory(pte).copyIn(pa(pte, va), from, fromOffset + done, chunk);
      done += chunk;
    }
  }

  @Override
  public String string(long userPtr, int maxBytes) throws ErrnoException {
    byte[] bytes = new byte[maxBytes];
    for (int i = 0; i < maxBytes; i++) {
      long pte = pte(userPtr + i, false);
      bytes[i] = (byte) memory(pte).load(pa(pte, userPtr + i), 1);
      if (bytes[i] == 0) {
        return new String(bytes, 0, i, StandardCharsets.UTF_8);
      }
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  // ---- faults

  private long pte(long va, boolean write) throws ErrnoException {
    long pageVa = va & -PAGE_SIZE;
    if (pageVa == lastPageVa && !(write && (lastPte & UserPte.READ_ONLY) != 0)) {
      return lastPte;
    }
    long pte = va >= 0 && va < UserTable.LIMIT ? table.lookup(va) : 0;
    while (!UserPte.isValid(pte) || (write && (pte & UserPte.READ_ONLY) != 0)) {
      handleFault(va, write);
      pte = table.lookup(va); // again, if the page has gone before it was used
    }
    lastPageVa = pageVa;
    lastPte = pte;
    return pte;
  }

  /** Kernel: {@code handle_mm_fault()}. */
  private void handleFault(long va, boolean write) throws ErrnoException {
    Vma vma = va >= 0 && va < UserTable.LIMIT ? vmas.at(va) : null;
    lastFaultVa = va;
    if (vma == null || !vma.allows(write)) {
      throw EFAULT.because("bad address 0x%x", va);
    }
    try {
      addPage(vma, va & -PAGE_SIZE);
    } catch (ErrnoException e) {
      throw EFAULT.because("no page at 0x%x: %s", va, e.getMessage());
    }
  }

  private void addPage(Vma vma, long va) throws ErrnoException {
    VmaBacking backing = vma.backing();
    if (backing == null) {
      addAnonymousPage(vma, va);
      return;
    }
    long memoryType = backing.isCached() ? 0 : UserPte.UNCACHED;
    backing.fault(
        vma.offset() + (va - vma.start()),
        pa -> {
          checkState(pa != NONE, "%s has no page", vma);
          if (vma.equals(vmas.at(va))) { // unless it was unmapped while the backing waited
            long pte = UserPte.page(pa, vma.prot(), vma.isSharedWithDevices());
            table.set(va, pte | memoryType);
          }
        });
  }

  private void addAnonymousPage(Vma vma, long va) throws ErrnoException {
    long pa = pages.alloc(0, memoryOwner);
    try {
      table.set(va, UserPte.page(pa, vma.prot(), false));
    } catch (ErrnoException e) {
      pages.free(pa, 0, memoryOwner);
      throw e;
    }
  }

  private static long pageAbove(long bytes) {
    return (bytes + PAGE_SIZE - 1) & -PAGE_SIZE;
  }
}
