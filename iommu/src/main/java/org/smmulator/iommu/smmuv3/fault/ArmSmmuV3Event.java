package org.smmulator.iommu.smmuv3.fault;

import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3CmdqEnt;
import org.smmulator.regs.smmuv3.Evt;

/**
 * An event record, read. Kernel: {@code struct arm_smmu_event}, {@code arm_smmu_decode_event()}.
 */
public record ArmSmmuV3Event(long word0, long word1, long iova, long word3) {
  /** Reads the {@link Evt#WORDS} words of a record. */
  public static ArmSmmuV3Event of(long[] words) {
    return new ArmSmmuV3Event(words[0], words[1], words[2], words[3]);
  }

  /** One of the numbers of {@link Evt}. */
  public int id() {
    return Evt.ID.getInt(word0);
  }

  int sid() {
    return Evt.SID.getInt(word0);
  }

  boolean hasSsid() {
    return Evt.SSV.isSet(word0);
  }

  int ssid() {
    return hasSsid() ? Evt.SSID.getInt(word0) : ArmSmmuV3CmdqEnt.NO_PASID;
  }

  int stag() {
    return Evt.STAG.getInt(word1);
  }

  /** Returns whether the transaction waits for a command. */
  public boolean stall() {
    return Evt.STALL.isSet(word1);
  }

  boolean privileged() {
    return Evt.PNU.isSet(word1);
  }

  boolean instruction() {
    return Evt.IND.isSet(word1);
  }

  boolean read() {
    return Evt.RNW.isSet(word1);
  }

  /** True for events of one stream, of which a handler may resolve a stall. */
  boolean isAboutOneStream() {
    return switch (id()) {
      case Evt.C_BAD_STE,
          Evt.F_STREAM_DISABLED,
          Evt.C_BAD_SUBSTREAMID,
          Evt.C_BAD_CD,
          Evt.F_TRANSLATION,
          Evt.F_ADDR_SIZE,
          Evt.F_ACCESS,
          Evt.F_PERMISSION ->
          true;
      default -> false;
    };
  }

  /** Returns whether a stage refused an access. */
  public boolean isTranslationFault() {
    return switch (id()) {
      case Evt.F_TRANSLATION, Evt.F_ADDR_SIZE, Evt.F_ACCESS, Evt.F_PERMISSION -> true;
      default -> false;
    };
  }

  boolean isFetchFault() {
    return switch (id()) {
      case Evt.F_STE_FETCH, Evt.F_CD_FETCH, Evt.F_VMS_FETCH -> true;
      default -> false;
    };
  }

  /** The event, its stream and its address. Kernel: {@code arm_smmu_dump_event()}. */
  public String describe(String client) {
    String common =
        "event: %s client: %s sid: 0x%x ssid: 0x%x".formatted(name(), client, sid(), ssid());
    if (isTranslationFault()) {
      return common + " iova: 0x%x ipa: 0x%x".formatted(iova, word3 & Evt.IPA.mask());
    }
    if (isFetchFault()) {
      return common + " fetch_addr: 0x%x".formatted(word3 & Evt.FETCH_ADDR.mask());
    }
    return common;
  }

  /** The access of a translation fault. */
  public String describeAccess() {
    boolean ofTable = id() == Evt.F_PERMISSION && Evt.CLASS.getInt(word1) == Evt.CLASS_TT;
    String walk = Evt.TT_READ.isSet(word1) ? " ttd_read" : " ttd_write";
    return "%s %s %s %s \"%s\"%s%s stag: 0x%x"
        .formatted(
            privileged() ? "priv" : "unpriv",
            instruction() ? "inst" : "data",
            read() ? "read" : "write",
            Evt.S2.isSet(word1) ? "s2" : "s1",
            className(),
            ofTable ? walk : "",
            stall() ? " stall" : "",
            stag());
  }

  /** Kernel: {@code event_class_str[]}. */
  private String className() {
    return switch (Evt.CLASS.getInt(word1)) {
      case Evt.CLASS_CD -> "CD fetch";
      case Evt.CLASS_TT -> "Stage 1 translation table fetch";
      case Evt.CLASS_IN -> "Input address caused fault";
      default -> "Reserved";
    };
  }

  /** The manual's name. Kernel: {@code event_str[]}, {@code ARM_SMMU_LOG_EVT_STR()}. */
  private String name() {
    return switch (id()) {
      case Evt.C_BAD_STREAMID -> "C_BAD_STREAMID";
      case Evt.F_STE_FETCH -> "F_STE_FETCH";
      case Evt.C_BAD_STE -> "C_BAD_STE";
      case Evt.F_STREAM_DISABLED -> "F_STREAM_DISABLED";
      case Evt.C_BAD_SUBSTREAMID -> "C_BAD_SUBSTREAMID";
      case Evt.F_CD_FETCH -> "F_CD_FETCH";
      case Evt.C_BAD_CD -> "C_BAD_CD";
      case Evt.F_TRANSLATION -> "F_TRANSLATION";
      case Evt.F_ADDR_SIZE -> "F_ADDR_SIZE";
      case Evt.F_ACCESS -> "F_ACCESS";
      case Evt.F_PERMISSION -> "F_PERMISSION";
      case Evt.F_VMS_FETCH -> "F_VMS_FETCH";
      default -> "UNKNOWN";
    };
  }
}
