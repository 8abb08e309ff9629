package org.smmulator.script;

import com.google.common.collect.ImmutableList;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.MsmParam;

/** What the words of a scenario are in {@code msm_drm.h}. */
final class UapiNumbers {
  private UapiNumbers() {}

  static int param(Action.Param param) {
    return switch (param) {
      case GPU_ID -> MsmParam.GPU_ID;
      case GMEM_SIZE -> MsmParam.GMEM_SIZE;
      case CHIP_ID -> MsmParam.CHIP_ID;
      case MAX_FREQ -> MsmParam.MAX_FREQ;
      case TIMESTAMP -> MsmParam.TIMESTAMP;
      case GMEM_BASE -> MsmParam.GMEM_BASE;
      case PRIORITIES -> MsmParam.PRIORITIES;
      case PP_PGTABLE -> MsmParam.PP_PGTABLE;
      case FAULTS -> MsmParam.FAULTS;
      case SUSPENDS -> MsmParam.SUSPENDS;
      case VA_START -> MsmParam.VA_START;
      case VA_SIZE -> MsmParam.VA_SIZE;
    };
  }

  static int flags(ImmutableList<Action.BufferFlag> flags) {
    int mask = 0;
    for (Action.BufferFlag flag : flags) {
      mask |=
          switch (flag) {
            case SCANOUT -> GemNew.SCANOUT;
            case GPU_READONLY -> GemNew.GPU_READONLY;
            case NO_SHARE -> GemNew.NO_SHARE;
            case CACHED -> GemNew.CACHED;
            case WC -> GemNew.WC;
            case UNCACHED -> GemNew.UNCACHED;
            case CACHED_COHERENT -> GemNew.CACHED_COHERENT;
          };
    }
    return mask;
  }

  static int info(Action.InfoItem item) {
    return switch (item) {
      case OFFSET -> GemInfo.GET_OFFSET;
      case IOVA -> GemInfo.GET_IOVA;
      case FLAGS -> GemInfo.GET_FLAGS;
    };
  }

  static int access(Action.Access access) {
    return switch (access) {
      case READ -> GemSubmitBo.READ;
      case WRITE -> GemSubmitBo.WRITE;
      case READ_WRITE -> GemSubmitBo.READ | GemSubmitBo.WRITE;
    };
  }
}
