package org.smmulator.drm.exynos.g2d;

import static org.smmulator.kernel.errno.Errno.EIO;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ENOMEM;
import static org.smmulator.kernel.errno.Errno.EPERM;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.smmulator.drm.exynos.dma.EngineTurns;
import org.smmulator.drm.exynos.dma.ExynosMapping;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.FaultResponse;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuFaultHandler;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.kernel.task.Task;
import org.smmulator.kernel.task.Work;
import org.smmulator.kernel.task.Workqueue;
import org.smmulator.regs.g2d.G2dRegs;

/**
 * The 2D engine: slots for lists of commands, and a queue of jobs of which one runs. Kernel: {@code
 * struct g2d_data}.
 *
 * <p>A worker starts the next job when the engine is idle; the engine's interrupt says when that
 * is. A fault of its sysmmu ends the job: the engine is reset, the job's file is named in the log,
 * and whoever waits for it gets EIO. Upstream has no such end, because it panics.
 */
public final class G2dData {
  /** {@code G2D_CMDLIST_NUM}. */
  static final int SLOTS = 64;

  private static final int WAIT_TRIES = 10;
  private static final long WAIT_NS = 10_000_000;

  private final PlatformDevice device;
  private final Mmio registers;
  private final KernelServices kernel;
  private final Mutex cmdlistMutex;
  private final Mutex runqueueMutex;
  private final Work worker;
  private final List<G2dCmdlistNode> slots = new ArrayList<>();
  private final ArrayDeque<G2dCmdlistNode> free = new ArrayDeque<>();
  private final ArrayDeque<G2dRunqueueNode> runqueue = new ArrayDeque<>();
  private @Nullable G2dRunqueueNode running;
  private boolean busy;
  private EngineTurns turns = new EngineTurns() {};
  private @Nullable G2dUserMemory userMemory;
  private boolean suspended;

  G2dData(PlatformDevice device, Mmio registers, KernelServices kernel) {
    this.device = device;
    this.registers = registers;
    this.kernel = kernel;
    this.cmdlistMutex = kernel.lockdep().mutex("g2d->cmdlist_mutex");
    this.runqueueMutex = kernel.lockdep().mutex("g2d->runqueue_mutex");
    this.worker = new Workqueue(kernel.scheduler(), "g2d").work(this::runNext);
  }

  /** The memory of clients that lists use. */
  G2dUserMemory userMemory() {
    return Objects.requireNonNull(userMemory, "the engine is not bound");
  }

  // ---- slots

  /**
   * Cuts {@code pool} into {@link #SLOTS} slots. Kernel: {@code g2d_init_cmdlist()}.
   *
   * @param sharedWith the engines of the DRM device
   */
  void begin(CoherentBuffer pool, ExynosMapping.Shared mapping, EngineTurns sharedWith) {
    turns = sharedWith;
    userMemory = new G2dUserMemory(mapping);
    slots.clear();
    for (int slot = 0; slot < SLOTS; slot++) {
      long offset = pool.sizeBytes() / SLOTS * slot;
      slots.add(new G2dCmdlistNode(kernel.dram(), pool, offset));
    }
    free.clear();
    free.addAll(slots);
    suspended = false;
  }

  /**
   * Takes a slot. Kernel: {@code g2d_get_cmdlist()}.
   *
   * @throws ErrnoException ENOMEM if none is free
   */
  G2dCmdlistNode takeSlot() throws ErrnoException {
    try (var _ = cmdlistMutex.lock()) {
      G2dCmdlistNode slot = free.pollFirst();
      if (slot == null) {
        device.err("there is no free cmdlist");
        throw ENOMEM.because("all %d slots are in use", SLOTS);
      }
      return slot;
    }
  }

  /** Gives a slot back, and the buffers that it keeps. Kernel: {@code g2d_put_cmdlist()}. */
  void giveBack(G2dCmdlistNode slot) {
    try (var _ = cmdlistMutex.lock()) {
      slot.release();
      free.addLast(slot);
    }
  }

  private void giveBack(G2dRunqueueNode node) {
    node.lists().forEach(this::giveBack);
  }

  // ---- jobs

  /**
   * Runs the lists of {@code file}, and waits for them unless {@code async}. Kernel: {@code
   * exynos_g2d_exec_ioctl()}.
   *
   * @throws ErrnoException EPERM if there are none; EIO if the engine faulted; ENODEV if it goes
   */
  void exec(G2dFile file, Task submitter, boolean async) throws ErrnoException {
    List<G2dCmdlistNode> lists = file.takeAll();
    if (lists.isEmpty()) {
      device.err("there is no inuse cmdlist");
      throw EPERM.because("the file has no lists");
    }
    G2dRunqueueNode node =
        new G2dRunqueueNode(file, submitter, lists, async, worker, kernel.scheduler());
    try (var _ = runqueueMutex.lock()) {
      runqueue.addLast(node);
    }
    if (suspended) {
      dropQueued(null);
    } else {
      worker.queue();
    }
    if (!async) {
      node.await();
      giveBack(node);
      Errno failure = node.failure();
      if (failure != null) {
        throw failure.because("the job of %s did not end well", submitter);
      }
    }
  }

  /** Kernel: {@code g2d_runqueue_worker()}. */
  private void runNext() {
    if (busy) {
      return; // the interrupt at the end of the job queues this again
    }
    try (var _ = runqueueMutex.lock()) {
      G2dRunqueueNode ended = running;
      running = null;
      if (ended != null) {
        end(ended);
      }
      while (!suspended && running == null && !runqueue.isEmpty()) {
        G2dRunqueueNode next = runqueue.getFirst();
        if (!hasTurn(next)) {
          return; // queued again when the engines are free for the file
        }
        runqueue.remove(next);
        if (next.failure() == null) {
          start(next);
        } else {
          complete(next);
        }
      }
    }
  }

  /** Returns whether the job may start, or has failed to. */
  private boolean hasTurn(G2dRunqueueNode node) {
    try {
      return turns.take(node.turn());
    } catch (ErrnoException e) {
      device.err("failed to load the table of %s: %s", node.submitter(), e.reason());
      node.fail(EIO);
      return true;
    }
  }

  private void end(G2dRunqueueNode node) {
    try {
      device.pm().put();
    } catch (ErrnoException e) {
      device.err("failed to suspend: %s", e.reason());
    }
    complete(node);
  }

  private void complete(G2dRunqueueNode node) {
    turns.giveBack(node.turn());
    node.complete();
    if (node.isAsync()) {
      giveBack(node);
    }
  }

  /** Kernel: {@code g2d_dma_start()}. */
  private void start(G2dRunqueueNode node) {
    try {
      device.pm().get();
    } catch (ErrnoException e) {
      device.err("failed to enable G2D device.");
      node.fail(EIO);
      complete(node);
      return;
    }
    running = node;
    busy = true;
    registers.write(G2dRegs.DMA_SFR_BASE_ADDR, (int) node.lists().getFirst().dmaAddress());
    registers.write(G2dRegs.DMA_COMMAND, G2dRegs.DMA_START.of(1));
  }

  // ---- interrupts

  /** Kernel: {@code g2d_irq_handler()}. */
  IrqReturn interrupt() {
    int pending = registers.read(G2dRegs.INTC_PEND);
    if (pending != 0) {
      registers.write(G2dRegs.INTC_PEND, pending);
    }
    if (G2dRegs.INTP_GCMD_FIN.isSet(pending)) {
      sendEvent(G2dRegs.DMA_LIST_DONE_COUNT.get(registers.read(G2dRegs.DMA_STATUS)));
      registers.write(G2dRegs.DMA_HOLD_CMD, 0);
      if (!G2dRegs.INTP_ACMD_FIN.isSet(pending)) {
        registers.write(G2dRegs.DMA_COMMAND, G2dRegs.DMA_CONTINUE.of(1));
      }
    }
    if (G2dRegs.INTP_ACMD_FIN.isSet(pending)) {
      busy = false;
      worker.queue();
    }
    return IrqReturn.HANDLED;
  }

  /** Tells of the first list that is to be told of, as lists end in their order. */
  private void sendEvent(int cmdlistNo) {
    G2dRunqueueNode node = running;
    if (node == null) {
      return;
    }
    for (G2dCmdlistNode list : node.lists()) {
      if (list.hasEvent()) {
        list.sendEvent(kernel.scheduler().nowNs(), cmdlistNo);
        return;
      }
    }
  }

  /** Ends the job whose access faulted; an {@link IommuFaultHandler}. */
  FaultResponse faulted(IommuDomain.Paging domain, @Nullable Device engine, long iova, int flags) {
    G2dRunqueueNode node = running;
    if (node != null) {
      Task task = node.submitter();
      device.err(
          "%s[%d]: job ended by a fault: it %s 0x%x",
          task.comm(), task.pid(), flags == IommuFaultHandler.READ ? "read" : "wrote", iova);
      node.fail(EIO);
    }
    reset();
    worker.queue();
    return FaultResponse.HANDLED;
  }

  /** Kernel: {@code g2d_hw_reset()}. */
  private void reset() {
    registers.write(
        G2dRegs.SOFT_RESET, G2dRegs.SOFT_RESET_R.mask() | G2dRegs.SOFT_RESET_SFRCLEAR.mask());
    busy = false;
  }

  // ---- the end

  /** Ends what the engine does for {@code file}. Kernel: {@code g2d_close()}. */
  void close(G2dFile file) {
    dropQueued(file);
    finish(file);
    file.takeAll().forEach(this::giveBack);
    userMemory().close(file);
  }

  /**
   * Stops the engine: the job that runs ends, those that wait end without having run. Kernel:
   * {@code g2d_unbind()}, which leaves whoever waits for the latter waiting.
   */
  void stop() {
    suspended = true;
    finish(null);
    worker.flush();
    dropQueued(null);
    slots.forEach(G2dCmdlistNode::takeBack);
  }

  /** Kernel: {@code g2d_remove_runqueue_nodes()}. */
  private void dropQueued(@Nullable G2dFile file) {
    try (var _ = runqueueMutex.lock()) {
      for (Iterator<G2dRunqueueNode> each = runqueue.iterator(); each.hasNext(); ) {
        G2dRunqueueNode node = each.next();
        if (file == null || node.file() == file) {
          each.remove();
          node.fail(ENODEV);
          complete(node);
        }
      }
    }
  }

  /**
   * Waits until the engine is done with the job of {@code file}, or resets it after a while.
   * Kernel: {@code g2d_wait_finish()}, which leaves the jobs of others queued until somebody's next
   * EXEC.
   *
   * @param file null for whatever job runs
   */
  private void finish(@Nullable G2dFile file) {
    G2dRunqueueNode node = running;
    if (node == null || (file != null && node.file() != file)) {
      return;
    }
    for (int i = 0; i < WAIT_TRIES && Objects.equals(running, node); i++) {
      kernel.scheduler().sleep(WAIT_NS);
    }
    try (var _ = runqueueMutex.lock()) {
      if (Objects.equals(running, node)) {
        device.err("wait timed out, resetting engine...");
        reset();
        node.fail(EIO);
        running = null;
        end(node);
        worker.queue(); // the interrupt that starts the next job does not come any more
      }
    }
  }
}
