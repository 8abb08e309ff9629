package org.smmulator.drm.gpuvm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Reservation;
import org.smmulator.dmabuf.ReservationClass;
import org.smmulator.drm.exec.DrmExec;
import org.smmulator.drm.gem.GemObject;
import org.smmulator.drm.gem.VmaOffsetManager;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;

/**
 * An address space whose driver does nothing but keep the books, and tell them in pages: {@code
 * "1-3 a+4"} is the mapping of two pages from page 1 on, of the buffer {@code a} from its page 4
 * on; {@code "1-3 -"} has nothing behind it.
 */
final class Books extends GpuVm {
  static final long PAGE = 4096;
  static final VaRange MANAGED = pages(0, 64);

  private final ReservationClass reservations;
  private final Map<String, Buffer> buffers = new TreeMap<>();
  private final List<String> validated = new ArrayList<>();
  private boolean freed;

  private Books(ReservationClass reservations, Reservation own, VaRange reserved) {
    super(
        "books", new ResvObject(own, new VmaOffsetManager(new FaultInjector())), MANAGED, reserved);
    this.reservations = reservations;
    resvObject().put(); // the address space has it
  }

  Books(ReservationClass reservations) {
    this(reservations, VaRange.NONE);
  }

  Books(ReservationClass reservations, VaRange reserved) {
    this(reservations, reservations.reservation(), reserved);
  }

  static VaRange pages(long first, long end) {
    return new VaRange(first * PAGE, (end - first) * PAGE);
  }

  boolean isFreed() {
    return freed;
  }

  List<String> validated() {
    return validated;
  }

  @Override
  protected void free() {
    freed = true;
  }

  @Override
  protected void validate(GpuVmBo vmBo, DrmExec exec) {
    validated.add(vmBo.object().toString());
    vmBo.setEvicted(false);
  }

  /** The buffer called {@code name}: one that is private to the address space if it is small. */
  Buffer buffer(String name) {
    return buffers.computeIfAbsent(
        name,
        n ->
            new Buffer(
                n,
                Character.isLowerCase(n.charAt(0))
                    ? resvObject().reservation()
                    : reservations.reservation()));
  }

  // ---- in

  GpuVaOp.Map request(String text) {
    String[] words = text.trim().split("[- +]", -1);
    long first = Long.parseLong(words[0]);
    long end = Long.parseLong(words[1]);
    if (text.endsWith("-")) {
      return new GpuVaOp.Map(pages(first, end), null, 0);
    }
    return new GpuVaOp.Map(pages(first, end), buffer(words[2]), Long.parseLong(words[3]) * PAGE);
  }

  void put(String text) throws ErrnoException {
    take(request(text));
  }

  private void take(GpuVaOp.Map op) throws ErrnoException {
    GpuVa va = new GpuVa(op);
    insert(va);
    GemObject object = va.object();
    if (object != null) {
      try (var _ = lock(object)) {
        GpuVmBo vmBo = GpuVmBo.obtain(this, object);
        vmBo.addExternal();
        va.link(vmBo);
        var _ = vmBo.put();
      }
    }
  }

  DrmExec lock(GemObject object) throws ErrnoException {
    DrmExec exec = new DrmExec(reservations, 0);
    exec.untilAllLocked(() -> exec.lock(object));
    return exec;
  }

  /** Does what a driver does that carries each step out at once. */
  void carryOut(GpuVaOp op) throws ErrnoException {
    switch (op) {
      case GpuVaOp.Map map -> take(map);
      case GpuVaOp.Remap(var prev, var next, var unmap) -> {
        GpuVmBo vmBo = unmap.va().vmBo();
        if (vmBo != null) {
          vmBo.get(); // it stays while its mapping is replaced
        }
        drop(unmap.va());
        if (prev != null) {
          take(prev);
        }
        if (next != null) {
          take(next);
        }
        if (vmBo != null) {
          try (var _ = lock(vmBo.object())) {
            var _ = vmBo.put();
          }
        }
      }
      case GpuVaOp.Unmap unmap -> drop(unmap.va());
      case GpuVaOp.Prefetch _ -> throw new AssertionError("no request for that");
    }
  }

  void drop(GpuVa va) throws ErrnoException {
    remove(va);
    GemObject object = va.object();
    if (object != null) {
      try (var _ = lock(object)) {
        va.unlink();
      }
    }
  }

  // ---- out

  String state() {
    return vas().stream().map(Books::show).collect(Collectors.joining(", "));
  }

  static String show(GpuVa va) {
    return show(va.range(), va.object(), va.offset());
  }

  private static String show(VaRange range, @Nullable GemObject object, long offset) {
    String where = range.start() / PAGE + "-" + range.end() / PAGE;
    return where + (object == null ? " -" : " " + object + "+" + offset / PAGE);
  }

  static String show(List<? extends GpuVaOp> ops) {
    return ops.stream().map(Books::show).collect(Collectors.joining("; "));
  }

  private static String show(GpuVaOp op) {
    return switch (op) {
      case GpuVaOp.Map(var range, var object, var offset) -> "map " + show(range, object, offset);
      case GpuVaOp.Remap(var prev, var next, var unmap) ->
          show((GpuVaOp) unmap)
              + (prev == null ? "" : ", prev " + show(prev.range(), prev.object(), prev.offset()))
              + (next == null ? "" : ", next " + show(next.range(), next.object(), next.offset()));
      case GpuVaOp.Unmap(var va, var keep) -> "unmap " + show(va) + (keep ? " keep" : "");
      case GpuVaOp.Prefetch(var va) -> "prefetch " + show(va);
    };
  }
}
