package org.smmulator.scenario;

import static com.google.common.base.Preconditions.checkState;
import static java.util.Objects.requireNonNull;
import static org.smmulator.kernel.errno.Errno.ENOMEM;

import java.util.ArrayList;
import java.util.List;
import org.smmulator.dmabuf.DmaBuf;
import org.smmulator.drm.DrmCore;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.OpenFlags;
import org.smmulator.kernel.mm.AddressSpace;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.kernel.mm.VmaBacking;
import org.smmulator.machine.Machine;
import org.smmulator.userspace.Client;

/**
 * Memory that another driver shares, as udmabuf would: its pages lie apart, each before the one
 * that comes next.
 */
public final class ScatteredBuffer implements DmaBuf.Exporter, VmaBacking {
  private static final int PAGE = 4096;

  private final Machine machine;
  private final PageOwner owner;
  private final List<Long> pages = new ArrayList<>();
  private final List<Long> between = new ArrayList<>();
  private int attachments;
  private int mappings;
  private boolean released;
  private boolean refusesToMap;

  private ScatteredBuffer(Machine machine) {
    this.machine = machine;
    this.owner = machine.pages().owner("udmabuf", PageZone.CLIENT);
  }

  public ScatteredBuffer(Machine machine, int pageCount) throws ErrnoException {
    this(machine);
    for (int i = 0; i < pageCount; i++) {
      pages.addFirst(machine.pages().alloc(0, owner));
      between.add(machine.pages().alloc(0, owner));
    }
  }

  /** The same, but its pages happen to lie in one run. */
  public static ScatteredBuffer inOneRun(Machine machine, int pageCount) throws ErrnoException {
    ScatteredBuffer made = new ScatteredBuffer(machine);
    for (int i = 0; i < pageCount; i++) {
      made.pages.add(machine.pages().alloc(0, made.owner));
      checkState(made.pages.get(i) == made.pages.getFirst() + (long) i * PAGE);
    }
    return made;
  }

  /** A descriptor of the buffer in a process. */
  public int share(DrmCore core, Client client) throws ErrnoException {
    DmaBuf buffer =
        new DmaBuf(
            core.fences(),
            (long) pages.size() * PAGE,
            core.reservations().reservation(),
            this,
            "udmabuf",
            OpenFlags.O_RDWR);
    return buffer.install(requireNonNull(machine.processes().find(client.pid())).files().reserve());
  }

  public int load(int page, int offset) {
    return machine.dram().getInt(pages.get(page) + offset);
  }

  public int attachments() {
    return attachments;
  }

  public int mappings() {
    return mappings;
  }

  public boolean isReleased() {
    return released;
  }

  public void refuseToMap() {
    refusesToMap = true;
  }

  @Override
  public void attach() {
    attachments++;
  }

  @Override
  public void detach() {
    attachments--;
  }

  @Override
  public ScatterList map(Device device, DmaApi dma, DmaDirection direction) throws ErrnoException {
    if (refusesToMap) {
      throw ENOMEM.because("the exporter has no room");
    }
    ScatterList pieces = new ScatterList();
    pages.forEach(pa -> pieces.add(pa, PAGE));
    dma.mapSgtable(device, pieces, direction);
    mappings++;
    return pieces;
  }

  @Override
  public void unmap(Device device, DmaApi dma, ScatterList pieces, DmaDirection direction) {
    dma.unmapSg(device, pieces, direction);
    mappings--;
  }

  @Override
  public VmaBacking mmap() {
    return this;
  }

  @Override
  public long fault(long offset) {
    return pages.get((int) (offset / PAGE));
  }

  @Override
  public void release() {
    released = true;
    pages.forEach(pa -> machine.pages().free(pa, 0, owner));
    between.forEach(pa -> machine.pages().free(pa, 0, owner));
  }

  @Override
  public void opened(AddressSpace mm) {}

  @Override
  public void closed(AddressSpace mm) {}

  @Override
  public boolean isSharedWithDevices() {
    return true;
  }

  @Override
  public VmaBacking forked() {
    return this;
  }
}
