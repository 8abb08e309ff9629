package org.smmulator.regs.smmuv3;

import com.google.errorprone.annotations.FormatMethod;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A command of the command queue, decoded. {@code toString()} names it and its operands as the
 * manual does: {@code CMD_TLBI_NH_VA ASID=0x5 VA=0x12345000 Leaf}. Arm IHI 0070, chapter 4.
 *
 * <p>The two words are laid out by {@link Cmd}. Operands that the manual ignores (SSID without SSV,
 * VMID of an EL2 command) are not told.
 */
public sealed interface SmmuCommand {
  /** An {@code ssid} of a command that names no substream. */
  int NO_SSID = -1;

  /** Decodes the two words of a command. */
  static SmmuCommand decode(long word0, long word1) {
    int opcode = Cmd.OPCODE.getInt(word0);
    int sid = Cmd.SID.getInt(word0);
    boolean leaf = Cmd.CFGI_LEAF.isSet(word1);
    if (namesSecurity(opcode) && Cmd.SSEC.isSet(word0)) {
      return new Unknown(word0, word1);
    }
    return switch (opcode) {
      case Cmd.PREFETCH_CFG, Cmd.PREFETCH_ADDR ->
          new Prefetch(opcode == Cmd.PREFETCH_ADDR, sid, ssid(word0));
      case Cmd.CFGI_STE -> new InvalidateSte(sid, leaf);
      case Cmd.CFGI_ALL -> new InvalidateStes(sid, Cmd.CFGI_RANGE.getInt(word1) + 1);
      case Cmd.CFGI_CD -> new InvalidateCd(sid, Cmd.SSID.getInt(word0), leaf);
      case Cmd.CFGI_CD_ALL -> new InvalidateCds(sid);
      case Cmd.ATC_INV -> InvalidateAtc.decode(sid, word0, word1);
      case Cmd.PRI_RESP ->
          new PriResponse(
              sid, ssid(word0), Cmd.PRI_GRPID.getInt(word1), Cmd.PRI_RESP_CODE.getInt(word1));
      case Cmd.RESUME ->
          Resume.decode(sid, Cmd.RESUME_STAG.getInt(word1), Cmd.RESUME_RESP.getInt(word0));
      case Cmd.STALL_TERM -> new TerminateStalls(sid);
      case Cmd.SYNC ->
          new Sync(
              Cmd.SYNC_CS.getInt(word0),
              word1 & Cmd.SYNC_MSIADDR_MASK,
              Cmd.SYNC_MSIDATA.getInt(word0));
      default -> InvalidateTlb.decode(opcode, word0, word1);
    };
  }

  private static boolean namesSecurity(int opcode) {
    return opcode <= Cmd.CFGI_CD_ALL || opcode == Cmd.RESUME || opcode == Cmd.STALL_TERM;
  }

  private static int ssid(long word0) {
    return Cmd.SSV.isSet(word0) ? Cmd.SSID.getInt(word0) : NO_SSID;
  }

  @FormatMethod
  private static String say(String format, Object... operands) {
    return String.format(Locale.ROOT, format, operands);
  }

  private static String ssidIfAny(int ssid) {
    return ssid == NO_SSID ? "" : say(" SubstreamID=0x%x", ssid);
  }

  /**
   * CMD_PREFETCH_CONFIG or CMD_PREFETCH_ADDR.
   *
   * @param address whether translations are to be prefetched, not the configuration alone
   */
  record Prefetch(boolean address, int sid, int ssid) implements SmmuCommand {
    @Override
    public String toString() {
      String name = address ? "CMD_PREFETCH_ADDR" : "CMD_PREFETCH_CONFIG";
      return say("%s StreamID=0x%x%s", name, sid, ssidIfAny(ssid));
    }
  }

  /**
   * CMD_CFGI_STE.
   *
   * @param leaf whether cached entries of the first level stay valid
   */
  record InvalidateSte(int sid, boolean leaf) implements SmmuCommand {
    @Override
    public String toString() {
      return say("CMD_CFGI_STE StreamID=0x%x%s", sid, leaf ? " Leaf" : "");
    }
  }

  /**
   * CMD_CFGI_STE_RANGE, or CMD_CFGI_ALL, which is the same with the widest range.
   *
   * @param bits the streams that agree with {@code sid} in all but the lowest {@code bits} bits
   */
  record InvalidateStes(int sid, int bits) implements SmmuCommand {
    @Override
    public String toString() {
      return bits == Cmd.CFGI_RANGE_ALL + 1
          ? "CMD_CFGI_ALL"
          : say("CMD_CFGI_STE_RANGE StreamID=0x%x Range=%d", sid, bits - 1);
    }
  }

  /**
   * CMD_CFGI_CD.
   *
   * @param leaf whether cached entries of the first level stay valid
   */
  record InvalidateCd(int sid, int ssid, boolean leaf) implements SmmuCommand {
    @Override
    public String toString() {
      return say("CMD_CFGI_CD StreamID=0x%x SubstreamID=0x%x%s", sid, ssid, leaf ? " Leaf" : "");
    }
  }

  /** CMD_CFGI_CD_ALL. */
  record InvalidateCds(int sid) implements SmmuCommand {
    @Override
    public String toString() {
      return say("CMD_CFGI_CD_ALL StreamID=0x%x", sid);
    }
  }

  /**
   * CMD_TLBI_*.
   *
   * @param range the addresses, of a scope that has any
   */
  record InvalidateTlb(Scope scope, int vmid, int asid, @Nullable Range range)
      implements SmmuCommand {
    /** The opcodes, by what they are about. */
    public enum Scope {
      /** All of EL1 stage 1 under a VMID. */
      NH_ALL("V"),
      NH_ASID("VA"),
      NH_VA("VAR"),
      /** An address under every ASID. */
      NH_VAA("VR"),
      EL2_ALL(""),
      EL2_ASID("A"),
      EL2_VA("AR"),
      /** An address under every ASID. */
      EL2_VAA("R"),
      /** Both stages under a VMID. */
      S12_VMALL("V"),
      S2_IPA("VR"),
      /** Everything that is neither secure nor EL2's. */
      NSNH_ALL("");

      private final boolean hasVmid;
      private final boolean hasAsid;
      private final boolean hasRange;

      Scope(String operands) {
        hasVmid = operands.contains("V");
        hasAsid = operands.contains("A");
        hasRange = operands.contains("R");
      }
    }

    private static SmmuCommand decode(int opcode, long word0, long word1) {
      Scope scope = scopeOf(opcode);
      if (scope == null) {
        return new Unknown(word0, word1);
      }
      long address = word1 & (scope == Scope.S2_IPA ? Cmd.TLBI_IPA_MASK : Cmd.TLBI_VA.mask());
      return new InvalidateTlb(
          scope,
          scope.hasVmid ? Cmd.TLBI_VMID.getInt(word0) : 0,
          scope.hasAsid ? Cmd.TLBI_ASID.getInt(word0) : 0,
          scope.hasRange ? Range.decode(address, word0, word1) : null);
    }

    private static @Nullable Scope scopeOf(int opcode) {
      return switch (opcode) {
        case Cmd.TLBI_NH_ALL -> Scope.NH_ALL;
        case Cmd.TLBI_NH_ASID -> Scope.NH_ASID;
        case Cmd.TLBI_NH_VA -> Scope.NH_VA;
        case Cmd.TLBI_NH_VAA -> Scope.NH_VAA;
        case Cmd.TLBI_EL2_ALL -> Scope.EL2_ALL;
        case Cmd.TLBI_EL2_ASID -> Scope.EL2_ASID;
        case Cmd.TLBI_EL2_VA -> Scope.EL2_VA;
        case Cmd.TLBI_EL2_VAA -> Scope.EL2_VAA;
        case Cmd.TLBI_S12_VMALL -> Scope.S12_VMALL;
        case Cmd.TLBI_S2_IPA -> Scope.S2_IPA;
        case Cmd.TLBI_NSNH_ALL -> Scope.NSNH_ALL;
        default -> null;
      };
    }

    @Override
    public String toString() {
      return "CMD_TLBI_"
          + scope
          + (scope.hasVmid ? say(" VMID=0x%x", vmid) : "")
          + (scope.hasAsid ? say(" ASID=0x%x", asid) : "")
          + (range == null ? "" : (scope == Scope.S2_IPA ? " IPA=" : " VA=") + range);
    }
  }

  /**
   * The addresses of a CMD_TLBI_* by address. Arm IHI 0070, 4.4.1.1.
   *
   * @param leaf whether cached pointers to tables stay valid
   * @param level the level of the leaves that are invalidated; 0: any
   * @param granuleShift 12, 14 or 16; 0: a single address, and the next two say nothing
   * @param granules how many
   */
  record Range(long first, boolean leaf, int level, int granuleShift, long granules) {
    private static Range decode(long address, long word0, long word1) {
      int granule = Cmd.TLBI_TG.getInt(word1);
      return new Range(
          address,
          Cmd.TLBI_LEAF.isSet(word1),
          Cmd.TLBI_TTL.getInt(word1),
          granule == 0 ? 0 : 10 + 2 * granule,
          (Cmd.TLBI_NUM.get(word0) + 1) << Cmd.TLBI_SCALE.get(word0));
    }

    /** True if it is more than a single address. */
    public boolean isRange() {
      return granuleShift != 0;
    }

    /** The last address of a range, which never goes round to the other half of addresses. */
    public long last() {
      long last = first + (granules << granuleShift) - 1;
      if ((first ^ last) >= 0) {
        return last;
      }
      return first < 0 ? -1 : Long.MAX_VALUE;
    }

    @Override
    public String toString() {
      return say("0x%x", first)
          + (isRange() ? say("-0x%x TG=%dK TTL=%d", last(), 1 << (granuleShift - 10), level) : "")
          + (leaf ? " Leaf" : "");
    }
  }

  /**
   * CMD_ATC_INV.
   *
   * @param global whether the translations of every substream are invalidated
   * @param first the first address, aligned to the span
   * @param pagesLog2 the span is {@code 1 << pagesLog2} pages of 4 KiB; {@link Cmd#ATC_SIZE_ALL}:
   *     everything
   */
  record InvalidateAtc(int sid, int ssid, boolean global, long first, int pagesLog2)
      implements SmmuCommand {
    private static final int PAGE_SHIFT = 12;

    private static SmmuCommand decode(int sid, long word0, long word1) {
      int pagesLog2 = Cmd.ATC_SIZE.getInt(word1);
      if (pagesLog2 > Cmd.ATC_SIZE_ALL) {
        return new Unknown(word0, word1);
      }
      boolean all = pagesLog2 == Cmd.ATC_SIZE_ALL;
      long first = all ? 0 : word1 & Cmd.ATC_ADDR.mask() & -1L << (PAGE_SHIFT + pagesLog2);
      return new InvalidateAtc(
          sid, SmmuCommand.ssid(word0), Cmd.ATC_GLOBAL.isSet(word0), first, pagesLog2);
    }

    @Override
    public String toString() {
      return say("CMD_ATC_INV StreamID=0x%x%s", sid, ssidIfAny(ssid))
          + (global ? " Global" : "")
          + (pagesLog2 == Cmd.ATC_SIZE_ALL
              ? " all"
              : say(" Address=0x%x Size=%d", first, pagesLog2));
    }
  }

  /**
   * CMD_PRI_RESP.
   *
   * @param response one of {@link Cmd}'s {@code PRI_RESP_*} codes, or 3, which is reserved
   */
  record PriResponse(int sid, int ssid, int group, int response) implements SmmuCommand {
    @Override
    public String toString() {
      String said =
          switch (response) {
            case Cmd.PRI_RESP_DENY -> "ResponseFailure";
            case Cmd.PRI_RESP_FAIL -> "InvalidRequest";
            case Cmd.PRI_RESP_SUCCESS -> "Success";
            default -> "reserved";
          };
      return say(
          "CMD_PRI_RESP StreamID=0x%x%s PRGIndex=0x%x %s", sid, ssidIfAny(ssid), group, said);
    }
  }

  /**
   * CMD_RESUME.
   *
   * @param response one of {@link Cmd}'s {@code RESUME_*} codes
   */
  record Resume(int sid, int stag, int response) implements SmmuCommand {
    /** With the action to retry, what there is to report does not matter. */
    private static Resume decode(int sid, int stag, int response) {
      boolean retries = (response & Cmd.RESUME_RETRY) != 0;
      return new Resume(sid, stag, retries ? Cmd.RESUME_RETRY : response);
    }

    @Override
    public String toString() {
      String said =
          switch (response) {
            case Cmd.RESUME_TERM -> "Terminate";
            case Cmd.RESUME_RETRY -> "Retry";
            default -> "Abort";
          };
      return say("CMD_RESUME StreamID=0x%x STAG=0x%x %s", sid, stag, said);
    }
  }

  /** CMD_STALL_TERM: every stalled transaction of a stream ends. */
  record TerminateStalls(int sid) implements SmmuCommand {
    @Override
    public String toString() {
      return say("CMD_STALL_TERM StreamID=0x%x", sid);
    }
  }

  /**
   * CMD_SYNC.
   *
   * @param signal one of {@link Cmd}'s {@code SYNC_CS_*} codes, or 3, which is reserved
   * @param msiAddress the address of the message of SIG_IRQ; 0: the wired interrupt
   */
  record Sync(int signal, long msiAddress, int msiData) implements SmmuCommand {
    @Override
    public String toString() {
      return "CMD_SYNC "
          + switch (signal) {
            case Cmd.SYNC_CS_NONE -> "SIG_NONE";
            case Cmd.SYNC_CS_IRQ -> say("SIG_IRQ MSI=0x%x MSIData=0x%x", msiAddress, msiData);
            case Cmd.SYNC_CS_SEV -> "SIG_SEV";
            default -> "reserved";
          };
    }
  }

  /** An opcode, or an operand, that the Non-secure queue does not take: CERROR_ILL. */
  record Unknown(long word0, long word1) implements SmmuCommand {
    @Override
    public String toString() {
      return say("unknown command 0x%016x 0x%016x", word0, word1);
    }
  }
}
