package org.smmulator.hw.smmuv3;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.ats.AtsCompletion;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.vmsa.Leaf;
import org.smmulator.regs.smmuv3.Evt;

/**
 * What devices that do ATS send: requests for translations, and transactions that are translated
 * already. Arm IHI 0070, 3.9.1.2 and 3.9.1.3.
 *
 * <p>A request never stalls, and what the tables say against it is for the device alone to know. So
 * are errors of configuration, to the device a Completer Abort (SMMUv3.3 can record them, CR2's
 * REC_CFG_ATS). Recorded is only what a device may not send at all. Of a request's own fields the
 * event has the address.
 */
final class AtsRequests {
  private static final int SMALLEST_SHIFT = 12;

  private final SmmuV3Config config;
  private final Transactions transactions;
  private final Configuration configuration;
  private final OutputQueue events;
  private final FaultRecord fault = new FaultRecord();
  private boolean checksTranslated;

  AtsRequests(
      SmmuV3Config config,
      Transactions transactions,
      Configuration configuration,
      OutputQueue events) {
    this.config = config;
    this.transactions = transactions;
    this.configuration = configuration;
    this.events = events;
  }

  /** CR0.ATSCHK: whether a stream that says that it has a translation must be one that may. */
  void checkTranslated(boolean now) {
    checksTranslated = now;
  }

  /** Answers a translation request with an {@link AtsCompletion}. */
  long translationRequest(int sid, int ssid, long iova, int access) {
    if (!config.faults().ats()) {
      return AtsCompletion.UNSUPPORTED_REQUEST;
    }
    if (!transactions.isEnabled()) {
      return unsupported(sid, ssid, iova, access);
    }
    Stream stream = configuration.entry(sid, fault);
    if (stream == null || stream.kind() == Stream.Kind.ILLEGAL) {
      return AtsCompletion.COMPLETER_ABORT;
    }
    if (stream.kind() == Stream.Kind.ABORT) {
      return AtsCompletion.UNSUPPORTED_REQUEST;
    }
    if (!stream.allowsAts()) {
      return unsupported(sid, ssid, iova, access);
    }
    return completion(configuration.route(sid, ssid, fault), iova, access);
  }

  private long unsupported(int sid, int ssid, long iova, int access) {
    fault.forbidden(Evt.F_BAD_ATS_TREQ, sid, ssid, iova, access);
    var _ = events.offer(fault.words());
    return AtsCompletion.UNSUPPORTED_REQUEST;
  }

  private long completion(@Nullable Route route, long iova, int access) {
    if (route == null) {
      return fault.isOfTranslation() ? AtsCompletion.NOTHING : AtsCompletion.COMPLETER_ABORT;
    }
    return switch (route.kind()) {
      // Stage 1 is skipped, STE.S1DSS: the address is its own translation. IHI 0070, 13.6.4.
      case BYPASS -> AtsCompletion.of(iova, SMALLEST_SHIFT, BusMaster.READ | BusMaster.WRITE);
      case TRANSLATE -> translated(route, iova, access);
      default -> AtsCompletion.COMPLETER_ABORT;
    };
  }

  private long translated(Route route, long iova, int access) {
    long leaf = transactions.leaf(route, route.address(iova), Leaf.rightsFor(access));
    if (Leaf.isFault(leaf)) {
      return Leaf.kind(leaf) == Leaf.EXTERNAL_ABORT
          ? AtsCompletion.COMPLETER_ABORT
          : AtsCompletion.NOTHING;
    }
    int granted = granted(leaf, access);
    return (granted & (BusMaster.READ | BusMaster.WRITE)) == 0
        ? AtsCompletion.NOTHING
        : AtsCompletion.of(Leaf.pa(leaf, route.address(iova)), Leaf.shift(leaf), granted);
  }

  /** What the tables allow; to execute only if that was asked for, and with it to read. */
  private static int granted(long leaf, int access) {
    int who = access & BusMaster.PRIVILEGED;
    int granted = who;
    if (Leaf.allows(leaf, Leaf.rightsFor(BusMaster.READ | who))) {
      granted |= BusMaster.READ;
      boolean executes = (access & BusMaster.INSTRUCTION) != 0;
      if (executes && Leaf.allows(leaf, Leaf.rightsFor(BusMaster.INSTRUCTION | who))) {
        granted |= BusMaster.INSTRUCTION;
      }
    }
    if (Leaf.allows(leaf, Leaf.rightsFor(BusMaster.WRITE | who))) {
      granted |= BusMaster.WRITE;
    }
    return granted;
  }

  /** Lets a translated transaction pass, or does not. */
  long translated(int sid, long pa, int access) {
    if (!config.faults().ats()) {
      return Translator.ABORT;
    }
    if (!transactions.isEnabled()) {
      return forbidden(sid, pa, access);
    }
    if (pa >>> config.stages().outputBits() != 0) {
      return Translator.ABORT;
    }
    if (!checksTranslated) {
      return pa;
    }
    Stream stream = configuration.entry(sid, fault);
    if (stream == null
        || stream.kind() == Stream.Kind.ILLEGAL
        || stream.kind() == Stream.Kind.ABORT) {
      return Translator.ABORT;
    }
    return stream.allowsAts() ? pa : forbidden(sid, pa, access);
  }

  private long forbidden(int sid, long pa, int access) {
    fault.forbidden(Evt.F_TRANSL_FORBIDDEN, sid, Translator.NO_SUBSTREAM, pa, access);
    var _ = events.offer(fault.words());
    return Translator.ABORT;
  }
}
