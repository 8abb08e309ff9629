package org.smmulator.machine;

import static com.google.common.base.Preconditions.checkState;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.heap.SystemHeap;
import org.smmulator.drm.DrmCore;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.display.Panel;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.hdmi.Monitor;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.nodes.IommuClassNodes;
import org.smmulator.iommu.nodes.IommuDebugNodes;
import org.smmulator.iommu.nodes.IommuGroupNodes;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.DriverCore;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformNodes;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.dma.MsiDoorbells;
import org.smmulator.kernel.dma.Swiotlb;
import org.smmulator.kernel.dma.SwiotlbNodes;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DtNode;
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
import org.smmulator.kernel.task.Task;
import org.smmulator.machine.faults.InjectedFaults;
import org.smmulator.machine.isolation.IsolationWatch;
import org.smmulator.machine.kernel.BoardMemory;
import org.smmulator.machine.kernel.CoreModule;
import org.smmulator.machine.silicon.Motherboard;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracer;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.FatalSignal;
import org.smmulator.userspace.Programs;

/**
 * A board that has booted.
 *
 * <pre>
 * try (Machine machine = Machine.on(new Boards().load("db845c")).boot()) {
 *   Client painter = machine.host("painter");
 *   int gpu = painter.open("/dev/dri/renderD128");
 *   ...
 * }
 * </pre>
 *
 * <p>Spawned processes run while {@link #run} does, and one that fails fails the run; a hosted
 * process runs in the thread that calls its client. Closing the machine ends everything in it.
 */
@Singleton
public final class Machine implements AutoCloseable {
  private final DeviceTree board;
  private final BoardMemory memory;
  private final Motherboard motherboard;
  private final InjectedFaults injected;
  private final IsolationWatch isolation;
  private final KernelServices kernel;
  private final Iommu iommu;
  private final IommuTasks tasks;
  private final DmaApi dma;
  private final DrmCore drm;
  private final MsiDoorbells doorbells;
  private final Optional<Swiotlb> bounceBuffers;
  private final DriverCore devices;
  private final ProcessTable processes;
  private final Programs programs;
  private boolean closed;

  @Inject
  Machine(
      DeviceTree board,
      BoardMemory memory,
      Motherboard motherboard,
      InjectedFaults injected,
      IsolationWatch isolation,
      KernelServices kernel,
      Iommu iommu,
      IommuTasks tasks,
      DmaApi dma,
      DrmCore drm,
      MsiDoorbells doorbells,
      Optional<Swiotlb> bounceBuffers,
      DriverCore devices,
      ProcessTable processes,
      Syscalls syscalls,
      UserAccess userAccess) {
    this.board = board;
    this.memory = memory;
    this.motherboard = motherboard;
    this.injected = injected;
    this.isolation = isolation;
    this.kernel = kernel;
    this.iommu = iommu;
    this.tasks = tasks;
    this.dma = dma;
    this.drm = drm;
    this.doorbells = doorbells;
    this.bounceBuffers = bounceBuffers;
    this.devices = devices;
    this.processes = processes;
    this.programs = new Programs(processes, syscalls, userAccess, kernel.clock()::nowNs);
  }

  /** Starts to put a machine together. */
  public static MachineBuilder on(DeviceTree board) {
    return new MachineBuilder(board);
  }

  void boot() {
    ImmutableMap<DtNode, String> leftOut = motherboard.install(board);
    var _ = kernel.scheduler().spawnKernel("swapper/0", () -> startKernel(leftOut));
    settle();
    injected.begin(new InjectedFaults.Targets(kernel.scheduler(), kernel.pages(), kernel.faults()));
    isolation.begin(new IsolationWatch.Sources(kernel.dram(), kernel.pages(), tasks, processes));
  }

  /** Kernel: {@code start_kernel()} and the initcalls. */
  private void startKernel(ImmutableMap<DtNode, String> leftOut) {
    if (board.model() != null) {
      kernel.dmesg().info("Machine model: %s", board.model());
    }
    memory.notes().forEach(note -> kernel.dmesg().info("%s", note));
    kernel.nodes().add("/proc", new ProcFs(processes));
    SystemHeap.addTo(kernel, drm.fences(), drm.reservations());
    kernel.nodes().add("/sys/class/iommu", new IommuClassNodes(iommu));
    kernel.nodes().add("/sys/kernel/iommu_groups", new IommuGroupNodes(iommu));
    kernel.nodes().add("/sys/kernel/debug/iommu", new IommuDebugNodes(iommu, tasks));
    PlatformNodes.addTo(
        kernel.nodes(), devices, board.root(), kernel.lockdep().mutex("device_lock"));
    SwiotlbNodes.addTo(kernel.nodes(), bounceBuffers.orElse(null));
    iommu.initcall();
    devices.populate(board, leftOut);
    devices.registerDrivers();
    devices.lateInitcall();
    devices.reportDeferred();
  }

  // ---- processes

  /**
   * Starts a process that runs {@code body} in a thread of its own, while the machine {@link #run
   * runs}, and ends with it.
   *
   * <p>What {@code body} throws ends the process and is thrown again by the next {@link #run},
   * {@link #settle}, {@link #await} or {@link #close}. So is an {@link AssertionError} if it dies
   * of a fault, as long as nobody {@link #expectDeath expects} that; children that it forks are
   * held to the same. One whose body has never begun when the machine is closed fails too.
   *
   * @param comm its name
   * @throws ErrnoException ENOMEM
   */
  public Client spawn(String comm, Consumer<Client> body) throws ErrnoException {
    checkOpen();
    int pid = programs.start(own -> processes.spawn(comm, false, own).pid(), body);
    return programs.client(requireNonNull(processes.find(pid)));
  }

  /**
   * Says that the program of {@code client} may die of any fault, as one that does anything may.
   */
  public void allowDeath(Client client) {
    programs.allowDeath(client.pid());
  }

  /**
   * Starts a process whose end its starter judges.
   *
   * @param comm its name
   * @param root whether it has all of root's capabilities
   * @param ended told, when it dies, the number of the signal that it died of; 0 if it ended by
   *     itself
   * @throws ErrnoException ENOMEM
   */
  public Client spawn(String comm, boolean root, Consumer<Client> body, IntConsumer ended)
      throws ErrnoException {
    return programs.startJudged(own -> processes.spawn(comm, root, own).pid(), body, ended);
  }

  /** Says that the program of {@code client}, which was {@link #spawn}ed, must die of a signal. */
  public void expectDeath(Client client, FatalSignal signal) {
    programs.expectDeath(client.pid(), signal);
  }

  /**
   * Makes a process without a thread of its own: its system calls run in the thread that calls its
   * client.
   *
   * @throws ErrnoException ENOMEM
   */
  public Client host(String comm) throws ErrnoException {
    checkOpen();
    return programs.client(processes.spawnHosted(comm, false));
  }

  /**
   * Makes such a process with all of root's capabilities.
   *
   * @throws ErrnoException ENOMEM
   */
  public Client hostRoot(String comm) throws ErrnoException {
    checkOpen();
    return programs.client(processes.spawnHosted(comm, true));
  }

  /**
   * Tells {@code listener} when the live process with that id dies, and the number of the signal
   * that it died of; 0 if it ended by itself.
   */
  public void onDeath(int pid, IntConsumer listener) {
    Process process = processes.find(pid);
    if (process != null) {
      process.onDeath(listener);
    }
  }

  // ---- running

  /**
   * Runs until {@code done} holds or nothing is left to do; returns whether it holds.
   *
   * @throws org.smmulator.kernel.task.MachineStopped if the machine panics, deadlocks or breaks
   * @throws AssertionError if a program fails meanwhile; or what it threw, see {@link #spawn}
   */
  public boolean run(BooleanSupplier done) {
    checkOpen();
    boolean holds = kernel.scheduler().run(() -> programs.haveFailed() || done.getAsBoolean());
    programs.throwFailure();
    return holds;
  }

  /** Runs until nothing is left to do; throws as {@link #run} does. */
  public void settle() {
    var _ = run(() -> false);
  }

  /**
   * Runs until a process has ended; throws as {@link #run} does.
   *
   * @throws AssertionError also if nothing is left to do and it lives
   */
  public void await(Client client) {
    if (!run(() -> processes.find(client.pid()) == null)) {
      throw new AssertionError(client + " has not ended, and nothing is left to do");
    }
  }

  // ---- looking at it

  public DeviceTree board() {
    return board;
  }

  /** Returns the number of CPUs. */
  public int cpuCount() {
    return CoreModule.cpuCount(board);
  }

  public Scheduler scheduler() {
    return kernel.scheduler();
  }

  public Dram dram() {
    return kernel.dram();
  }

  public Dmesg dmesg() {
    return kernel.dmesg();
  }

  public Tracer tracer() {
    return kernel.tracer();
  }

  public PageAllocator pages() {
    return kernel.pages();
  }

  /** On whose account the page at {@code pa} is; null if it is free, or no memory of the board. */
  public @Nullable PageOwner ownerOf(long pa) {
    return dram().covers(pa, 1) ? pages().ownerOf(pa) : null;
  }

  public FaultInjector faults() {
    return kernel.faults();
  }

  /** Returns the faults that it was built with. */
  public InjectedFaults injectedFaults() {
    return injected;
  }

  public Iommu iommu() {
    return iommu;
  }

  /**
   * Returns the watch over the memory of its processes, which sees what devices do if the machine
   * was built to be {@link MachineBuilder#watched}.
   */
  public IsolationWatch isolation() {
    return isolation;
  }

  /** Returns the address spaces of tasks, which drivers bind. */
  public IommuTasks tasks() {
    return tasks;
  }

  /** Returns the DMA API, which drivers call, and tests in kernel threads. */
  public DmaApi dma() {
    return dma;
  }

  /** Returns the way to the doorbells of message-signalled interrupts. */
  public MsiDoorbells doorbells() {
    return doorbells;
  }

  /**
   * Returns a port to memory beside that of the device, in the same wires: what it loads and stores
   * the device could have loaded and stored.
   *
   * @throws org.smmulator.kernel.firmware.DeviceTreeException if the device is no master that the
   *     tree describes
   */
  public BusMaster busPort(PlatformDevice device) {
    return motherboard.port(device.node());
  }

  /**
   * Returns the sockets into which a monitor can be plugged, by the name of the node that they
   * belong to. What is plugged in and out there is seen by the kernel when the hot-plug line
   * changes.
   */
  public ImmutableMap<String, Monitor> sockets() {
    return motherboard.sockets();
  }

  /** Returns the panels by the name of the node of the controller in front of them. */
  public ImmutableMap<String, Panel> panels() {
    return motherboard.panels();
  }

  public DriverCore devices() {
    return devices;
  }

  public NodeTree nodes() {
    return kernel.nodes();
  }

  /** Returns a reader of its files who is none of its processes, and may see everything. */
  public Task observer() {
    return new Task(0, "observer", true);
  }

  public ProcessTable processes() {
    return processes;
  }

  /**
   * Kills every process, and runs until nothing is left to do.
   *
   * @throws AssertionError if a program has failed that nobody was told of, or has never begun
   */
  public void endProcesses() {
    programs.end();
    var _ = kernel.scheduler().spawnKernel("init", () -> processes.all().forEach(processes::kill));
    settle();
  }

  /**
   * Unbinds every driver, the last device first, and runs until nothing is left to do. Kernel:
   * {@code device_shutdown()}, but that each driver lets go of all that it holds.
   */
  public void shutDown() {
    var _ =
        kernel
            .scheduler()
            .spawnKernel("reboot", () -> devices.devices().reverse().forEach(devices::unbind));
    settle();
  }

  /**
   * Returns the pages that dead processes left behind, and devices that have neither a driver nor
   * an IOMMU, by the name of the account. Anything in it is a bug.
   */
  public ImmutableMap<String, Long> leakedPages() {
    TreeMap<String, Long> leaked = new TreeMap<>();
    for (PageOwner owner : kernel.pages().owners()) {
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
    return device == null || (device.driver() == null && iommu.groupOf(device) == null);
  }

  private void checkOpen() {
    checkState(
        !closed, "the machine is closed: it ended with the test or the block that booted it");
  }

  public boolean isClosed() {
    return closed;
  }

  /**
   * Ends every process and thread in the machine, and gives its memory back to the host. Closing it
   * again does nothing.
   *
   * @throws AssertionError if a program has failed that nobody was told of, see {@link #spawn}
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (kernel.scheduler().stopped() == null) {
      programs.end();
    }
    kernel.scheduler().close();
    kernel.dram().close();
    programs.throwFailure();
  }
}
