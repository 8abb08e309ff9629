package org.smmulator.hw.smmuv3;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.vmsa.Leaf;
import org.smmulator.regs.smmuv3.ContextDescriptor.Flag;
import org.smmulator.regs.smmuv3.Evt;
import org.smmulator.regs.smmuv3.Queue;
import org.smmulator.regs.smmuv3.StreamTableEntry.Stage2;

/**
 * The event of the transaction under way, and whether the transaction stalls, is recorded and is
 * reported. One object is filled again and again.
 */
final class FaultRecord {
  private final long[] words = new long[Queue.EVT_BYTES / Long.BYTES];
  private boolean stalls;
  private boolean recorded;
  private boolean reported;

  /** The four words of the record. */
  long[] words() {
    return words;
  }

  /** Returns whether the transaction waits for software. */
  boolean stalls() {
    return stalls;
  }

  /** Returns whether the event goes to the queue. */
  boolean isRecorded() {
    return recorded;
  }

  /** The answer to the master if the transaction is terminated. */
  long refusal() {
    return reported ? Translator.ABORT : Translator.RAZ_WI;
  }

  /** The stream's configuration cannot be used: the transaction is aborted. */
  void badConfiguration(int id, int sid, int ssid) {
    start(id, sid, ssid);
    stalls = false;
    recorded = true;
    reported = true;
  }

  /** A device used ATS and its stream does not allow that: the event has the address. */
  void forbidden(int id, int sid, int ssid, long address, int access) {
    badConfiguration(id, sid, ssid);
    words[1] = (access & BusMaster.WRITE) != 0 ? 0 : Evt.RNW.mask();
    words[2] = address;
  }

  /** Returns whether it is what the tables say of an address, not of the stream's configuration. */
  boolean isOfTranslation() {
    int id = Evt.ID.getInt(words[0]);
    return id >= Evt.F_TRANSLATION && id <= Evt.F_PERMISSION;
  }

  /** Something of the stream's configuration cannot be fetched. */
  void failedFetch(int id, int sid, int ssid, long pa) {
    badConfiguration(id, sid, ssid);
    words[3] = pa & Evt.FETCH_ADDR.mask();
  }

  /** The transaction is aborted and nothing is said. */
  void silent(int sid, int ssid) {
    badConfiguration(0, sid, ssid);
    recorded = false;
  }

  /**
   * A descriptor of a table cannot be fetched. Such faults never stall: A, R and S are about four
   * others. IHI 0070, 5.5.
   */
  void failedWalk(int sid, int ssid, long iova, int access, long fault, long pa) {
    failedFetch(Evt.F_WALK_EABT, sid, ssid, pa);
    describe(iova, access, fault);
  }

  /**
   * A fault of translation.
   *
   * @param fault of {@link Leaf}
   * @param ipa the input of stage 2, if it is stage 2 that faulted
   */
  void translation(
      int sid, int ssid, long iova, int access, long fault, long ipa, FaultPolicy policy) {
    start(idOf(Leaf.kind(fault)), sid, ssid);
    describe(iova, access, fault);
    if (Leaf.isStage2(fault)) {
      words[3] = ipa & Evt.IPA.mask();
      stalls = policy.stage2().contains(Stage2.Flag.S2S);
      recorded = policy.stage2().contains(Stage2.Flag.S2R) || stalls;
      reported = true;
    } else {
      stalls = policy.stage1().contains(Flag.S);
      recorded = policy.stage1().contains(Flag.R) || stalls;
      reported = policy.stage1().contains(Flag.A);
    }
  }

  private void start(int id, int sid, int ssid) {
    words[0] = Evt.ID.of(id) | Evt.SID.of(Integer.toUnsignedLong(sid));
    if (ssid != Translator.NO_SUBSTREAM) {
      words[0] |= Evt.SSV.mask() | Evt.SSID.of(ssid);
    }
    words[1] = 0;
    words[2] = 0;
    words[3] = 0;
  }

  private void describe(long iova, int access, long fault) {
    words[1] =
        ((access & BusMaster.PRIVILEGED) != 0 ? Evt.PNU.mask() : 0)
            | ((access & BusMaster.INSTRUCTION) != 0 ? Evt.IND.mask() : 0)
            | ((access & BusMaster.WRITE) != 0 ? 0 : Evt.RNW.mask())
            | Evt.CLASS.of(Leaf.isStage2(fault) ? Leaf.faultClass(fault) : classOfStage1(fault));
    if (Leaf.isStage2(fault)) {
      words[1] |= Evt.S2.mask();
      words[1] |= Leaf.faultClass(fault) == Leaf.CLASS_TABLE ? Evt.TT_READ.mask() : 0;
    }
    words[2] = iova;
  }

  /** A stage-1 fault is of the input, but for the abort of a walk. IHI 0070, 7.3.12 and 7.3.13. */
  private static int classOfStage1(long fault) {
    return Leaf.kind(fault) == Leaf.EXTERNAL_ABORT ? Evt.CLASS_TT : Evt.CLASS_IN;
  }

  private static int idOf(int kind) {
    return switch (kind) {
      case Leaf.TRANSLATION -> Evt.F_TRANSLATION;
      case Leaf.ADDRESS_SIZE -> Evt.F_ADDR_SIZE;
      case Leaf.ACCESS_FLAG -> Evt.F_ACCESS;
      default -> Evt.F_PERMISSION;
    };
  }
}
