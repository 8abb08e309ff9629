package org.smmulator.hw.smmuv3;

import static org.smmulator.regs.smmuv3.SmmuV3Regs.CR0;
import static org.smmulator.regs.smmuv3.SmmuV3Regs.GBPA;
import static org.smmulator.regs.smmuv3.SmmuV3Regs.IRQ_CTRL;

import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.hw.smmuv3.SmmuV3Config.Feature;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * Both pages of registers. CR0, GBPA and IRQ_CTRL take effect some time after they were written,
 * and their ACK registers or bits say when. Arm IHI 0070, chapter 6.
 *
 * <p>Registers that describe a table or a queue take effect when that is turned on.
 */
final class Registers implements MmioTarget {
  private static final int PAGE_BYTES = 0x100;

  private static final long POLL_NS = 100;

  private static final int CR2_IMPLEMENTED =
      SmmuV3Regs.CR2_E2H.mask() | SmmuV3Regs.CR2_RECINVSID.mask() | SmmuV3Regs.CR2_PTM.mask();

  /** The parts that the registers control. */
  record Parts(
      Configuration configuration,
      Transactions transactions,
      CommandQueue commands,
      OutputQueue events,
      OutputQueue pages,
      Stalls stalls,
      AtsRequests ats,
      DeviceCaches devices,
      ErrorRegister errors,
      InterruptOutput eventSignal,
      InterruptOutput pageSignal,
      InterruptOutput errorSignal) {}

  private final SmmuV3Config config;
  private final Timebase timebase;
  private final Parts parts;
  private final RegisterFile page0;
  private final RegisterFile page1;
  private boolean translating;
  private boolean failed;
  private int cr0Ack;
  private long polledAtNs = -1;
  private long borrowedNs;

  Registers(SmmuV3Config config, Timebase timebase, Parts parts) {
    this.config = config;
    this.timebase = timebase;
    this.parts = parts;
    this.page0 = declarePage0();
    this.page1 = declarePage1();
  }

  @Override
  public int read32(int offset) {
    return page(offset).read32(offset & (SmmuV3Regs.PAGE1_OFFSET - 1));
  }

  @Override
  public void write32(int offset, int value) {
    page(offset).write32(offset & (SmmuV3Regs.PAGE1_OFFSET - 1), value);
  }

  private RegisterFile page(int offset) {
    return offset < SmmuV3Regs.PAGE1_OFFSET ? page0 : page1;
  }

  private RegisterFile declarePage0() {
    RegisterFile.Builder builder =
        RegisterFile.builder(PAGE_BYTES)
            .constant(SmmuV3Regs.IDR0, IdRegisters.idr0(config))
            .constant(SmmuV3Regs.IDR1, IdRegisters.idr1(config))
            .constant(SmmuV3Regs.IDR3, IdRegisters.idr3(config))
            .constant(SmmuV3Regs.IDR5, IdRegisters.idr5(config))
            .constant(SmmuV3Regs.IIDR, 0)
            .constant(SmmuV3Regs.AIDR, IdRegisters.AIDR_V3_2)
            .onWrite(CR0, IdRegisters.cr0(config), (i, value) -> later(this::controlled))
            .indexed(SmmuV3Regs.CR0ACK, i -> cr0Ack(), (i, value) -> {})
            .readWrite(SmmuV3Regs.CR1)
            .readWrite(SmmuV3Regs.CR2, CR2_IMPLEMENTED)
            .onWrite(GBPA, SmmuV3Regs.GBPA_ABORT.mask() | SmmuV3Regs.GBPA_UPDATE.mask(), this::gbpa)
            .onWrite(IRQ_CTRL, IdRegisters.irqCtrl(config), (i, value) -> later(this::signalled))
            .readOnly(SmmuV3Regs.IRQ_CTRLACK)
            .indexed(SmmuV3Regs.GERROR, i -> parts.errors().gerror(), (i, value) -> {})
            .indexed(
                SmmuV3Regs.GERRORN,
                i -> parts.errors().gerrorn(),
                (i, value) -> {
                  parts.errors().acknowledge(value);
                  parts.commands().goOn();
                })
            .readWrite(SmmuV3Regs.STRTAB_BASE)
            .readWrite(SmmuV3Regs.STRTAB_BASE_CFG)
            .readWrite(SmmuV3Regs.CMDQ_BASE)
            .indexed(
                SmmuV3Regs.CMDQ_PROD,
                i -> parts.commands().prod(),
                (i, value) -> parts.commands().setProd(value))
            .indexed(
                SmmuV3Regs.CMDQ_CONS,
                i -> parts.commands().cons(),
                (i, value) -> parts.commands().setCons(value))
            .readWrite(SmmuV3Regs.EVTQ_BASE);
    if (config.has(Feature.PRI)) {
      builder.readWrite(SmmuV3Regs.PRIQ_BASE);
    }
    if (config.has(Feature.MSI)) {
      message(builder, SmmuV3Regs.GERROR_IRQ_CFG0, SmmuV3Regs.GERROR_IRQ_CFG1, parts.errorSignal());
      message(builder, SmmuV3Regs.EVTQ_IRQ_CFG0, SmmuV3Regs.EVTQ_IRQ_CFG1, parts.eventSignal());
      message(builder, SmmuV3Regs.PRIQ_IRQ_CFG0, SmmuV3Regs.PRIQ_IRQ_CFG1, parts.pageSignal());
      builder
          .readWrite(SmmuV3Regs.GERROR_IRQ_CFG2)
          .readWrite(SmmuV3Regs.EVTQ_IRQ_CFG2)
          .readWrite(SmmuV3Regs.PRIQ_IRQ_CFG2);
    }
    return builder.build();
  }

  private RegisterFile declarePage1() {
    RegisterFile.Builder builder = RegisterFile.builder(PAGE_BYTES);
    queue(builder, SmmuV3Regs.EVTQ_PROD, SmmuV3Regs.EVTQ_CONS, parts.events());
    if (config.has(Feature.PRI)) {
      queue(builder, SmmuV3Regs.PRIQ_PROD, SmmuV3Regs.PRIQ_CONS, parts.pages());
    }
    return builder.build();
  }

  private void queue(RegisterFile.Builder builder, Reg32 prod, Reg32 cons, OutputQueue queue) {
    builder
        .indexed(prod, i -> queue.prod(), (i, value) -> queue.setProd(value))
        .indexed(
            cons,
            i -> queue.cons(),
            (i, value) -> {
              queue.setCons(value);
              parts.stalls().writeLateEvents();
            });
  }

  private void message(
      RegisterFile.Builder builder, Reg64 where, Reg32 what, InterruptOutput signal) {
    Runnable configure = () -> signal.configure(page0.get(where), page0.get(what));
    builder.onWrite(where, configure).onWrite(what, value -> configure.run());
  }

  private void later(Runnable effect) {
    timebase.after(config.costs().updateNs(), effect);
  }

  /**
   * CR0ACK. With interrupts off no time passes; each further read at the same instant then counts
   * as {@value #POLL_NS} ns, so that a poll ends.
   */
  private int cr0Ack() {
    long now = timebase.nowNs();
    borrowedNs = now == polledAtNs ? borrowedNs + POLL_NS : 0;
    polledAtNs = now;
    if (borrowedNs >= config.costs().updateNs() && cr0Ack != page0.get(CR0)) {
      controlled();
    }
    return cr0Ack;
  }

  /** See {@link SmmuV3#fail}. */
  void fail() {
    failed = true;
    parts.commands().enable(false, 0);
    parts.events().enable(false, 0);
    parts.pages().enable(false, 0);
    parts.transactions().abortWhileOff(true);
    parts.devices().enable(false);
    parts.transactions().enable(false);
    parts.errors().raise(SmmuV3Regs.GERROR_SFM.mask());
  }

  /** CR0 takes effect. */
  private void controlled() {
    int cr0 = page0.get(CR0);
    if (failed) {
      cr0Ack = cr0;
      return;
    }
    parts.commands().enable(SmmuV3Regs.CR0_CMDQEN.isSet(cr0), page0.get(SmmuV3Regs.CMDQ_BASE));
    parts.events().enable(SmmuV3Regs.CR0_EVTQEN.isSet(cr0), page0.get(SmmuV3Regs.EVTQ_BASE));
    boolean translate = SmmuV3Regs.CR0_SMMUEN.isSet(cr0);
    boolean takesPages = translate && SmmuV3Regs.CR0_PRIQEN.isSet(cr0); // IHI 0070, 8.2
    parts.pages().enable(takesPages, page0.get(SmmuV3Regs.PRIQ_BASE));
    if (translate && !translating) {
      parts
          .configuration()
          .use(
              page0.get(SmmuV3Regs.STRTAB_BASE),
              page0.get(SmmuV3Regs.STRTAB_BASE_CFG),
              page0.get(SmmuV3Regs.CR2));
    }
    translating = translate;
    parts.ats().checkTranslated(SmmuV3Regs.CR0_ATSCHK.isSet(cr0));
    parts.devices().enable(translate);
    parts.transactions().enable(translate);
    parts.stalls().writeLateEvents();
    cr0Ack = cr0;
  }

  /** IRQ_CTRL takes effect. */
  private void signalled() {
    int enabled = page0.get(IRQ_CTRL);
    parts.errorSignal().enable(SmmuV3Regs.IRQ_CTRL_GERROR.isSet(enabled));
    parts.pageSignal().enable(SmmuV3Regs.IRQ_CTRL_PRIQ.isSet(enabled));
    parts.eventSignal().enable(SmmuV3Regs.IRQ_CTRL_EVTQ.isSet(enabled));
    page0.set(SmmuV3Regs.IRQ_CTRLACK, enabled);
  }

  private void gbpa(int index, int value) {
    if (SmmuV3Regs.GBPA_UPDATE.isSet(value)) {
      later(() -> {
        page0.set(GBPA, page0.get(GBPA) & ~SmmuV3Regs.GBPA_UPDATE.mask());
        parts.transactions().abortWhileOff(failed || SmmuV3Regs.GBPA_ABORT.isSet(page0.get(GBPA)));
      });
    }
  }
}
