package org.smmulator.hw.smmuv3;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.ats.AtsCompletion;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.smmuv3.SmmuV3Config.Feature;
import org.smmulator.hw.vmsa.Leaf;
import org.smmulator.regs.smmuv3.Evt;

/**
 * The requests of devices that do ATS: for translations, and for transactions that are translated
 * already. Arm IHI 0070, 3.9.1.2 and 3.9.1.3.
 *
 * <p>A request never stalls, and a fault of translation is answered to the device alone. So is an
 * error of configuration, by a Completer Abort (SMMUv3.3 can record it, CR2.REC_CFG_ATS). An event
 * is recorded only of a request that the stream does not allow at all; of the request's fields it
 * has the address.
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
    if (!config.has(Feature.ATS)) {
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
    return completion(configuration.of(sid, ssid, fault), iova, access);
  }

  private long unsupported(int sid, int ssid, long iova, int access) {
    fault.forbidden(Evt.F_BAD_ATS_TREQ, sid, ssid, iova, access);
    var _ = events.offer(fault.words());
    return AtsCompletion.UNSUPPORTED_REQUEST;
  }

  private long completion(@Nullable SubstreamConfig found, long iova, int access) {
    if (found == null) {
      return fault.isOfTranslation() ? AtsCompletion.NOTHING : AtsCompletion.COMPLETER_ABORT;
    }
    return switch (found.kind()) {
      // Stage 1 is skipped, STE.S1DSS: the address is its own translation. IHI 0070, 13.6.4.
      case BYPASS ->
          transactions.isTooLarge(iova)
              ? AtsCompletion.NOTHING
              : AtsCompletion.of(iova, SMALLEST_SHIFT, BusMaster.READ | BusMaster.WRITE);
      case TRANSLATE -> translated(found, iova, access);
      default -> AtsCompletion.COMPLETER_ABORT;
    };
  }

  private long translated(SubstreamConfig found, long iova, int access) {
    long leaf = transactions.leaf(found, found.address(iova), Leaf.rightsFor(access));
    if (Leaf.isFault(leaf)) {
      return Leaf.kind(leaf) == Leaf.EXTERNAL_ABORT
          ? AtsCompletion.COMPLETER_ABORT
          : AtsCompletion.NOTHING;
    }
    int granted = granted(leaf, access);
    return (granted & (BusMaster.READ | BusMaster.WRITE)) == 0
        ? AtsCompletion.NOTHING
        : AtsCompletion.of(Leaf.pa(leaf, found.address(iova)), Leaf.shift(leaf), granted);
  }

  /**
   * The access that the tables grant; to execute only if the request says so, and with it to read.
   */
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
    if (!config.has(Feature.ATS)) {
      return Translator.ABORT;
    }
    if (!transactions.isEnabled()) {
      return forbidden(sid, pa, access);
    }
    if (pa >>> config.outputBits() != 0) {
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
