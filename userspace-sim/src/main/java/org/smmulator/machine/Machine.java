package org.smmulator.machine;

import com.google.common.collect.ImmutableMap;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.dram.Dram;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.nodes.IommuDebugNodes;
import org.smmulator.iommu.nodes.IommuGroupNodes;
import org.smmulator.kernel.device.DriverCore;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.SwiotlbNodes;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.process.ProcFs;
import org.smmulator.kernel.process.Process;
import org.smmulator.kernel.process.ProcessTable;
import org.smmulator.kernel.process.Syscalls;
import org.smmulator.kernel.process.UserAccess;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.machine.kernel.BouncePool;
import org.smmulator.machine.kernel.KernelModule;
import org.smmulator.machine.silicon.Motherboard;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracer;
import org.smmulator.userspace.Client;

/**
 * A board that has booted.
 *
 * <pre>
 * try (Machine machine = Machine.on(new Boards().load("db845c")).boot()) {
 *   Client painter = machine.host("painter");
 *   MsmDevice gpu = new MsmDevice(painter, painter.open("/dev/dri/renderD128"));
 *   ...
 * }
 * </pre>
 *
 * <p>Processes that were spawned run while {@link #run} does; a hosted process runs in whatever
 * thread calls its client. Closing the machine ends everything that is in it.
 */
@Singleton
public final class Machine implements AutoCloseable {
  private final DeviceTree board;
  private final Motherboard motherboard;
  private final Dram dram;
  private final Scheduler scheduler;
  private final Dmesg dmesg;
  private final Tracer tracer;
  private final PageAllocator pages;
  private final Iommu iommu;
  private final DmaApi dma;
  private final BouncePool bounce;
  private final DriverCore devices;
  private final NodeTree nodes;
  private final ProcessTable processes;
  private final Syscalls syscalls;
  private final UserAccess userAccess;

  @Inject
  Machine(
      DeviceTree board,
      Motherboard motherboard,
      Dram dram,
      Scheduler scheduler,
      Dmesg dmesg,
      Tracer tracer,
      PageAllocator pages,
      Iommu iommu,
      DmaApi dma,
      BouncePool bounce,
      DriverCore devices,
      NodeTree nodes,
      ProcessTable processes,
      Syscalls syscalls,
      UserAccess userAccess) {
    this.board = board;
    this.motherboard = motherboard;
    this.dram = dram;
    this.scheduler = scheduler;
    this.dmesg = dmesg;
    this.tracer = tracer;
    this.pages = pages;
    this.iommu = iommu;
    this.dma = dma;
    this.bounce = bounce;
    this.devices = devices;
    this.nodes = nodes;
    this.processes = processes;
    this.syscalls = syscalls;
    this.userAccess = userAccess;
  }

  /** Starts to put a machine together. */
  public static MachineBuilder on(DeviceTree board) {
    return new MachineBuilder(board);
  }

  void boot() {
    motherboard.install(board);
    var _ = scheduler.spawnKernel("swapper/0", this::startKernel);
    settle();
  }

  /** Kernel: {@code start_kernel()} and the initcalls. */
  private void startKernel() {
    dmesg.info("Machine model: %s", board.model());
    nodes.add("/proc", new ProcFs(processes));
    nodes.add("/sys/kernel/iommu_groups", new IommuGroupNodes(iommu));
    nodes.add("/sys/kernel/debug/iommu", new IommuDebugNodes(iommu));
    SwiotlbNodes.addTo(nodes, bounce.pool());
    iommu.initcall();
    devices.populate(board);
    devices.registerDrivers();
    devices.lateInitcall();
    devices.reportDeferred();
  }

  // ---- processes

  /**
   * Starts a process that runs {@code body} in a thread of its own, while the machine {@link #run
   * runs}, and ends with it.
   *
   * @param comm its name
   * @throws ErrnoException ENOMEM
   */
  public Client spawn(String comm, Consumer<Client> body) throws ErrnoException {
    return client(processes.spawn(comm, false, own -> body.accept(client(own))));
  }

  /**
   * Makes a process without a thread: whoever calls its client lends one.
   *
   * @throws ErrnoException ENOMEM
   */
  public Client host(String comm) throws ErrnoException {
    return client(processes.spawnHosted(comm, false));
  }

  /**
   * The same with all of root's capabilities.
   *
   * @throws ErrnoException ENOMEM
   */
  public Client hostRoot(String comm) throws ErrnoException {
    return client(processes.spawnHosted(comm, true));
  }

  private Client client(Process process) {
    return new Client(process, syscalls, userAccess, scheduler::nowNs);
  }

  /** Tells {@code listener} when the process with that id, which lives, is dead. */
  public void onDeath(int pid, Runnable listener) {
    Process process = processes.find(pid);
    if (process != null) {
      process.task().onDeath(listener);
    }
  }

  // ---- running

  /**
   * Runs until {@code done} holds or nothing is left to do; returns whether it holds.
   *
   * @throws org.smmulator.kernel.task.MachineStopped if the machine panics, deadlocks or breaks
   */
  public boolean run(BooleanSupplier done) {
    return scheduler.run(done);
  }

  /** Runs until nothing is left to do. */
  public void settle() {
    var _ = scheduler.run(() -> false);
  }

  // ---- looking at it

  public DeviceTree board() {
    return board;
  }

  /** How many contexts can run at once. */
  public int cpuCount() {
    return KernelModule.cpuCount(board);
  }

  public Scheduler scheduler() {
    return scheduler;
  }

  public Dram dram() {
    return dram;
  }

  public Dmesg dmesg() {
    return dmesg;
  }

  public Tracer tracer() {
    return tracer;
  }

  public PageAllocator pages() {
    return pages;
  }

  public Iommu iommu() {
    return iommu;
  }

  /** What drivers call; a test may call it in a kernel thread. */
  public DmaApi dma() {
    return dma;
  }

  public DriverCore devices() {
    return devices;
  }

  public NodeTree nodes() {
    return nodes;
  }

  public ProcessTable processes() {
    return processes;
  }

  /**
   * Unbinds every driver, the last device first, and runs until nothing is left to do. Kernel:
   * {@code device_shutdown()}, but that each driver lets go of all that it holds.
   */
  public void shutDown() {
    var _ =
        scheduler.spawnKernel("reboot", () -> devices.devices().reverse().forEach(devices::unbind));
    settle();
  }

  /**
   * Returns the pages that dead processes left behind, and devices that have neither a driver nor
   * an IOMMU, by the name of the account. Anything in it is a bug.
   */
  public ImmutableMap<String, Long> leakedPages() {
    TreeMap<String, Long> leaked = new TreeMap<>();
    for (PageOwner owner : pages.owners()) {
      boolean gone =
          switch (owner.holder()) {
            case Holder.OfProcess process -> processes.find(process.pid()) == null;
            case Holder.OfDevice device -> isUnused(devices.find(device.name()));
            case Holder.OfKernel _ -> false;
          };
      if (gone) {
        leaked.merge(owner.name(), owner.pagesInUse(), Long::sum);
      }
    }
    return ImmutableMap.copyOf(leaked);
  }

  private boolean isUnused(@Nullable PlatformDevice device) {
    return device == null || device.driver() == null && iommu.groupOf(device) == null;
  }

  /** Ends every process and thread in the machine, and gives its memory back to the host. */
  @Override
  public void close() {
    scheduler.close();
    dram.close();
  }
}
