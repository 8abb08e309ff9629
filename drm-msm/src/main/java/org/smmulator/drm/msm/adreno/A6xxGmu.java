package org.smmulator.drm.msm.adreno;

import static org.smmulator.kernel.errno.Errno.ETIMEDOUT;

import com.google.common.collect.ImmutableList;
import org.smmulator.drm.msm.MsmServices;
import org.smmulator.drm.msm.coredump.CrashState.Section;
import org.smmulator.drm.msm.vm.KernelBuffer;
import org.smmulator.drm.msm.vm.KernelMmu;
import org.smmulator.drm.msm.vm.MsmVm;
import org.smmulator.drm.msm.vm.VmRange;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.devfreq.OppTable;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.kernel.pm.RuntimePm;
import org.smmulator.kernel.pm.Supply;
import org.smmulator.regs.adreno.GmuRegs;
import org.smmulator.regs.adreno.GmuRegs.Request;

/**
 * The management unit of an A6xx: a platform device of its own that no driver binds, and that the
 * GPU's driver finds through {@code qcom,gmu}. It has addresses, interrupts and runtime PM of its
 * own, and whoever wants the GPU awake wakes the unit, which turns the GPU on.
 *
 * <p>Kernel: {@code a6xx_gmu.c}, of the first generation ({@code gmu->legacy}). Left out: loading
 * the firmware's image, votes for voltages and bandwidth (RPMh), and power collapse between frames.
 */
final class A6xxGmu implements RuntimePm.Callbacks {
  /** How often the counter of {@link #busyTicks} counts in a second. */
  static final long BUSY_HZ = 19_200_000;

  private static final long VM_START = 0x6000_0000;
  private static final long VM_BYTES = 0x2000_0000;
  private static final long DUMMY_BYTES = 4 << 10;
  private static final long BUFFER_BYTES = 16 << 10;
  private static final long TIMEOUT_NS = 10_000_000;
  private static final long MESSAGE_TIMEOUT_NS = 1_000_000_000;
  private static final int EVERYTHING = 0xffff_ffff;
  private static final int BUSY_MASK = 0xff00_0000;
  private static final int DCVS_CLKSET = 3;
  private static final int NO_BANDWIDTH = 0xff;
  private static final int SPTPRAC_STATE = 0x38;
  private static final int SPTPRAC_IS_ON = 0x28;

  private final PlatformDevice device;
  private final KernelServices kernel;
  private final Mmio mmio;
  private final Supply gx;
  private final ImmutableList<Supply> clocks;
  private final ImmutableList<Long> gpuHz;
  private final ImmutableList<Long> gmuHz;
  private final MsmVm vm;
  private final KernelBuffer debug;
  private final KernelBuffer log;
  private final KernelBuffer hfiMemory;
  private final A6xxHfi hfi;
  private int level;
  private boolean hung;
  private Runnable onFault = () -> {};

  /**
   * Takes the unit into operation; what it acquires is released with the GPU's device. Kernel:
   * {@code a6xx_gmu_init()}.
   *
   * @param device the unit's device
   * @param gpu the GPU's device
   * @param gpuHz the clocks of the GPU, the slowest first
   * @throws ErrnoException EINVAL if the unit's node lacks registers, a power domain or a clock;
   *     ENXIO if it lacks an interrupt; ENOMEM; what the unit's IOMMU says
   */
  A6xxGmu(
      PlatformDevice device,
      PlatformDevice gpu,
      MsmServices services,
      Iommu iommu,
      ImmutableList<Long> gpuHz)
      throws ErrnoException {
    this.device = device;
    this.kernel = services.core().kernel();
    this.gpuHz = withOff(gpuHz);
    this.gmuHz = withOff(OppTable.of(device.node()).hz());
    this.level = this.gpuHz.size() - 1;
    Supply cx = device.powerDomain("cx");
    this.gx = device.powerDomain("gx");
    this.clocks = device.clocks();
    device.pm().enable(RuntimePm.Callbacks.clocks(ImmutableList.of(cx)), false);
    gpu.devres().add("forget the GMU's power", device.pm()::reset);
    KernelMmu mmu = new KernelMmu(iommu, device);
    this.vm =
        MsmVm.ofKernel(
            mmu,
            services.core().reservations().reservation(),
            new VmRange(VmRange.Policy.PERSISTENT, VM_START, VM_BYTES, kernel.faults()));
    gpu.devres().add("put the GMU's address space", vm::put);
    allocate(gpu, "dummy", DUMMY_BYTES);
    this.debug = allocate(gpu, "debug", BUFFER_BYTES);
    this.log = allocate(gpu, "log", BUFFER_BYTES);
    this.hfiMemory = allocate(gpu, "hfi", BUFFER_BYTES);
    this.mmio = device.registers("gmu");
    gpu.devres().add("free hfi_irq", device.irqByName("hfi").request("hfi", this::hfiIrq)::close);
    gpu.devres().add("free gmu_irq", device.irqByName("gmu").request("gmu", this::gmuIrq)::close);
    this.hfi = new A6xxHfi(kernel.dram(), hfiMemory, new Messages());
  }

  /**
   * The levels of a clock, the first of which is off. Kernel: {@code a6xx_gmu_build_freq_table()}.
   */
  private static ImmutableList<Long> withOff(ImmutableList<Long> hz) {
    return ImmutableList.<Long>builder().add(0L).addAll(hz).build();
  }

  /** Says what recovers the GPU when the unit's firmware fails. */
  void onFault(Runnable recover) {
    onFault = recover;
  }

  private KernelBuffer allocate(PlatformDevice gpu, String name, long bytes) throws ErrnoException {
    KernelBuffer made =
        new KernelBuffer(
            name,
            kernel.pages(),
            kernel.pages().owner(new Holder.OfDevice(gpu.name()), name, PageZone.KERNEL),
            vm,
            bytes,
            IommuProt.READ | IommuProt.WRITE);
    gpu.devres().add("free the GMU's " + name, made::free);
    return made;
  }

  // ---- power

  /**
   * Turns the unit on, which turns the GPU on. Kernel: {@code a6xx_gmu_resume()}.
   *
   * @throws ErrnoException ETIMEDOUT if the firmware does not answer, EINVAL if it refuses
   *     something; the unit is off then
   */
  @Override
  public void resume() throws ErrnoException {
    hung = false;
    device.pm().get();
    gx.enable();
    clocks.forEach(Supply::enable);
    try {
      start();
    } catch (ErrnoException e) {
      turnOff();
      throw e;
    }
  }

  private void start() throws ErrnoException {
    mmio.write(GmuRegs.AO_INTERRUPT_CLR, EVERYTHING);
    mmio.write(
        GmuRegs.AO_INTERRUPT_MASK,
        ~(GmuRegs.AO_WDOG_BITE.mask()
            | GmuRegs.AO_AHB_BUS_ERROR.mask()
            | GmuRegs.AO_FENCE_ERR.mask()));
    startFirmware();
    hfi.start(debug, gpuHz, gmuHz);
    mmio.write(GmuRegs.GMU2HOST_INTR_CLR, EVERYTHING);
    mmio.write(GmuRegs.GMU2HOST_INTR_MASK, ~GmuRegs.INTR_CM3_FAULT.mask());
    tellLevel();
  }

  /** Kernel: {@code a6xx_gmu_fw_start()}. */
  private void startFirmware() throws ErrnoException {
    mmio.write(GmuRegs.GMU2HOST_INTR_MASK, EVERYTHING); // until the unit runs it is polled
    mmio.write(GmuRegs.CM3_FW_INIT_RESULT, 0);
    mmio.write(GmuRegs.CM3_BOOT_CONFIG, 2);
    mmio.write(GmuRegs.HFI_QTBL_ADDR, (int) hfiMemory.iova());
    mmio.write(GmuRegs.HFI_QTBL_INFO, 1);
    mmio.write(GmuRegs.CM3_SYSRESET, 1);
    mmio.write(GmuRegs.CM3_SYSRESET, 0);
    poll(
        GmuRegs.CM3_FW_INIT_RESULT,
        EVERYTHING,
        GmuRegs.FW_RUNS,
        "a6xx_gmu_start",
        "GMU firmware initialization timed out");
    mmio.write(GmuRegs.BOOT_SLUMBER_OPTION, 0);
    request(Request.BOOT_SLUMBER);
    mmio.write(GmuRegs.GX_SPTPRAC_POWER_CONTROL, GmuRegs.SPTPRAC_ON);
    poll(
        GmuRegs.SPTPRAC_PWR_CLK_STATUS,
        SPTPRAC_STATE,
        SPTPRAC_IS_ON,
        "a6xx_sptprac_enable",
        "Unable to power on SPTPRAC");
    mmio.write(GmuRegs.HFI_CTRL_INIT, 1);
    poll(GmuRegs.HFI_CTRL_STATUS, 1, 1, "a6xx_gmu_hfi_start", "Unable to start the HFI queues");
  }

  /** Lets the unit sleep, and with it the GPU. Kernel: {@code a6xx_gmu_stop()}. */
  @Override
  public void suspend() throws ErrnoException {
    if (hung) {
      forceOff();
    } else {
      shutDown();
    }
    turnOff();
  }

  /** Kernel: {@code a6xx_gmu_shutdown()}. */
  private void shutDown() {
    try {
      mmio.write(GmuRegs.POWER_COUNTER_ENABLE, 0);
      mmio.write(GmuRegs.GX_SPTPRAC_POWER_CONTROL, GmuRegs.SPTPRAC_OFF);
      mmio.write(GmuRegs.BOOT_SLUMBER_OPTION, 1);
      request(Request.BOOT_SLUMBER);
      takeBack(Request.BOOT_SLUMBER);
      if (mmio.read(GmuRegs.RPMH_POWER_STATE) != GmuRegs.ASLEEP) {
        error("a6xx_gmu_notify_slumber", "The GMU did not go into slumber");
        throw ETIMEDOUT.because("the GMU does not sleep");
      }
      hfi.stop();
      maskInterrupts();
    } catch (ErrnoException e) {
      forceOff();
    }
  }

  /** Kernel: {@code a6xx_gmu_force_off()}. */
  private void forceOff() {
    hfi.stop();
    maskInterrupts();
    mmio.write(GmuRegs.GX_SPTPRAC_POWER_CONTROL, GmuRegs.SPTPRAC_OFF);
    mmio.write(GmuRegs.CM3_SYSRESET, 1);
  }

  /** Kernel: {@code a6xx_gmu_irq_disable()}. */
  private void maskInterrupts() {
    mmio.write(GmuRegs.AO_INTERRUPT_MASK, EVERYTHING);
    mmio.write(GmuRegs.GMU2HOST_INTR_MASK, EVERYTHING);
  }

  private void turnOff() throws ErrnoException {
    clocks.reverse().forEach(Supply::disable);
    gx.disable();
    device.pm().put();
  }

  // ---- the clock and its counter

  /** The GPU's clock, in hertz. Kernel: {@code a6xx_gmu_get_freq()}. */
  long hz() {
    return gpuHz.get(level);
  }

  /**
   * Changes the GPU's clock. Kernel: {@code a6xx_gmu_set_freq()}.
   *
   * @param hz one of the clocks; any other is taken for the fastest
   * @param asleep only remember it: the unit is told when it wakes
   */
  void setHz(long hz, boolean asleep) {
    int wanted = gpuHz.indexOf(hz);
    int newLevel = wanted < 0 ? gpuHz.size() - 1 : wanted;
    if (newLevel == level) {
      return;
    }
    level = newLevel;
    if (!asleep) {
      tellLevel();
    }
  }

  private void tellLevel() {
    mmio.write(GmuRegs.DCVS_ACK_OPTION, 0);
    mmio.write(
        GmuRegs.DCVS_PERF_SETTING,
        GmuRegs.DCVS_PERF_CLKSET.of(DCVS_CLKSET) | GmuRegs.DCVS_PERF_INDEX.of(level));
    mmio.write(GmuRegs.DCVS_BW_SETTING, NO_BANDWIDTH); // the firmware knows better
    try {
      request(Request.GPU_DCVS);
    } catch (ErrnoException e) {
      // has been said; what the unit returns decides, as in the kernel
    }
    takeBack(Request.GPU_DCVS);
    int error = mmio.read(GmuRegs.DCVS_RETURN);
    if (error != 0) {
      device.err("GMU set GPU frequency error: %d", error);
    }
  }

  /** Starts to count how long the GPU is busy. Kernel: {@code a6xx_hw_init()}. */
  void countBusy() {
    mmio.write(GmuRegs.AO_GPU_CX_BUSY_MASK, BUSY_MASK);
    mmio.write(GmuRegs.POWER_COUNTER_SELECT_0, GmuRegs.SELECT_BUSY);
    mmio.write(GmuRegs.POWER_COUNTER_ENABLE, 1);
  }

  /** Ticks of 19.2 MHz in which the GPU was busy. Kernel: {@code a6xx_gpu_busy()}. */
  long busyTicks() {
    return mmio.read(GmuRegs.POWER_COUNTER_XOCLK_0);
  }

  /** Keeps the GPU on while it is set up. Kernel: {@code a6xx_gmu_set_oob()} of GPU_SET. */
  void holdGpu() throws ErrnoException {
    request(Request.GPU_SET);
  }

  void letGpuGo() {
    takeBack(Request.GPU_SET);
  }

  // ---- requests

  /** Kernel: {@code a6xx_gmu_set_oob()}. */
  private void request(Request request) throws ErrnoException {
    mmio.write(GmuRegs.HOST2GMU_INTR_SET, 1 << request.set());
    int ack = 1 << request.ack();
    try {
      poll(
          GmuRegs.GMU2HOST_INTR_INFO,
          ack,
          ack,
          "a6xx_gmu_set_oob",
          "Timeout waiting for GMU OOB set " + request.name());
    } finally {
      mmio.write(GmuRegs.GMU2HOST_INTR_CLR, ack);
    }
  }

  /** Kernel: {@code a6xx_gmu_clear_oob()}. */
  private void takeBack(Request request) {
    mmio.write(GmuRegs.HOST2GMU_INTR_SET, 1 << request.ack());
  }

  /** Kernel: {@code gmu_poll_timeout()}; at the end the value is printed, as there. */
  private void poll(Reg32 reg, int mask, int wanted, String function, String complaint)
      throws ErrnoException {
    if (!becomes(reg, mask, wanted, TIMEOUT_NS)) {
      error(function, complaint);
      throw ETIMEDOUT.because("%s", complaint);
    }
  }

  private boolean becomes(Reg32 reg, int mask, int wanted, long timeoutNs) {
    return AdrenoMsmGpu.spin(
        kernel.scheduler(), timeoutNs, () -> (mmio.read(reg) & mask) == wanted);
  }

  private void error(String function, String text) {
    device.err("[drm:%s] *ERROR* %s", function, text);
  }

  private final class Messages implements A6xxHfi.Unit {
    @Override
    public void ring() {
      mmio.write(GmuRegs.HOST2GMU_INTR_SET, GmuRegs.INTR_MESSAGE.mask());
    }

    @Override
    public void awaitAnswer(String message, int number) throws ErrnoException {
      int msgq = GmuRegs.INTR_MSGQ.mask();
      if (!becomes(GmuRegs.GMU2HOST_INTR_INFO, msgq, msgq, MESSAGE_TIMEOUT_NS)) {
        String text = "Message %s id %d timed out waiting for response".formatted(message, number);
        error(text);
        throw ETIMEDOUT.because("%s", text);
      }
      mmio.write(GmuRegs.GMU2HOST_INTR_CLR, msgq);
    }

    @Override
    public void error(String text) {
      A6xxGmu.this.error("a6xx_hfi_send_msg", text);
    }
  }

  // ---- interrupts

  /** Kernel: {@code a6xx_hfi_irq()}. */
  private IrqReturn hfiIrq() {
    int status = mmio.read(GmuRegs.GMU2HOST_INTR_INFO);
    mmio.write(GmuRegs.GMU2HOST_INTR_CLR, status);
    if (GmuRegs.INTR_CM3_FAULT.isSet(status)) {
      device.err("GMU firmware fault");
      fault();
    }
    return IrqReturn.HANDLED;
  }

  /** Kernel: {@code a6xx_gmu_irq()}. */
  private IrqReturn gmuIrq() {
    int status = mmio.read(GmuRegs.AO_INTERRUPT_STATUS);
    mmio.write(GmuRegs.AO_INTERRUPT_CLR, status);
    if (GmuRegs.AO_WDOG_BITE.isSet(status)) {
      device.err("GMU watchdog expired");
      fault();
    }
    if (GmuRegs.AO_AHB_BUS_ERROR.isSet(status)) {
      device.err("GMU AHB bus error");
    }
    return IrqReturn.HANDLED;
  }

  /** Kernel: {@code a6xx_gmu_fault()}. */
  private void fault() {
    hung = true;
    onFault.run();
  }

  // ---- what a dump shows

  Section logSection() {
    return section("gmu-log", log, ImmutableList.of());
  }

  Section hfiSection() {
    return section("gmu-hfi", hfiMemory, hfi.history());
  }

  Section debugSection() {
    return section("gmu-debug", debug, ImmutableList.of());
  }

  /** Kernel: {@code a6xx_snapshot_gmu_bo()}. */
  private Section section(String heading, KernelBuffer buffer, ImmutableList<String> history) {
    int[] dwords = new int[(int) buffer.sizeBytes() / Integer.BYTES];
    for (int i = 0; i < dwords.length; i++) {
      dwords[i] = kernel.dram().getInt(buffer.pa() + (long) i * Integer.BYTES);
    }
    return new Section.Memory(heading, buffer.iova(), buffer.sizeBytes(), history, dwords);
  }
}
