package org.smmulator.iommu;

import com.google.common.collect.ImmutableList;
import java.util.Optional;
import org.smmulator.hw.dram.Dram;
import org.smmulator.hw.dram.DramBank;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.iommu.pgtable.IoPgtables;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.firmware.DtsParser;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.irq.IrqController;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.Context;
import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Task;
import org.smmulator.trace.Dmesg;
import org.smmulator.trace.Tracer;

/** As much of a kernel as an IOMMU needs: memory, a clock, a log, and the IOMMU core. */
public final class TestKernel implements AutoCloseable {
  /** What a test does inside the kernel. */
  public interface Body {
    void run() throws Exception;
  }

  public static final IommuPolicy WITHOUT_DMA_LAYER = IommuPolicy.withoutDmaLayer();
  public static final IommuPolicy WITH_DMA_LAYER = IommuPolicy.of(false, true);

  private static final long IRQ_LATENCY_NS = 100;

  public final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  public final Dmesg dmesg = new Dmesg(scheduler);
  public final Tracer tracer = new Tracer(scheduler, 1000);
  public final Lockdep lockdep = new Lockdep(scheduler);
  public final IrqController irqs = new IrqController(scheduler, dmesg, IRQ_LATENCY_NS);
  public final FaultInjector faults = new FaultInjector();
  public final Dram dram;
  public final PageAllocator pages;
  public final IoPgtables pgtables;
  public final Iommu iommu;

  /** The drivers take these. */
  public final IommuServices services;

  private final Context context = scheduler.newHosted("test", new Task(1, "test", true));

  public TestKernel(IommuPolicy policy) throws DramUnavailableException {
    this(policy, IommuDesign.today(new DmaLayer.None()));
  }

  public TestKernel(IommuPolicy policy, IommuDesign design) throws DramUnavailableException {
    dram = new Dram(ImmutableList.of(new DramBank(0x8000_0000L, 64 << 20)));
    pages = new PageAllocator(dram, ImmutableList.of(), null, faults);
    pgtables = new IoPgtables(dram, pages, dmesg);
    iommu = new Iommu(tracer, dmesg, lockdep, policy, design);
    KernelServices kernel =
        new KernelServices(
            scheduler,
            lockdep,
            pages,
            dram,
            dmesg,
            tracer,
            new NodeTree(),
            new MonotonicClock(scheduler, 0),
            faults);
    services = new IommuServices(kernel, iommu, pgtables);
  }

  public static DeviceTree parse(String dts) {
    return DtsParser.parse("test.dts", dts, name -> Optional.empty());
  }

  /** A platform device for a node: {@code gpu@5000000} becomes {@code 5000000.gpu}. */
  public Device platformDevice(DtNode node) {
    String address = node.name().substring(node.name().indexOf('@') + 1);
    return new Device(address + "." + node.baseName(), "platform", node, dmesg);
  }

  /** Runs {@code body} in a task's context. */
  public void run(Body body) throws Exception {
    Throwable[] failure = new Throwable[1];
    boolean passed =
        scheduler.callAs(
            context,
            () -> {
              try {
                body.run();
                return true;
              } catch (Exception | AssertionError e) {
                failure[0] = e;
                return false;
              }
            });
    if (!passed && failure[0] instanceof Exception e) {
      throw e;
    }
    if (!passed) {
      throw (AssertionError) failure[0];
    }
  }

  /** The log's lines without their times. */
  public ImmutableList<String> log() {
    return dmesg.lines().stream().map(Dmesg.Line::text).collect(ImmutableList.toImmutableList());
  }

  @Override
  public void close() {
    scheduler.close();
    dram.close();
  }
}
