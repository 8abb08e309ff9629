package org.smmulator.report.exercise;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import org.smmulator.hw.reg.Field;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv3.Evt;
import org.smmulator.report.explain.Explanations;

/** Registers and records of faults, to be decoded by hand. */
final class FaultExercise implements Exercise {
  private static final ImmutableList<Field> REASONS =
      ImmutableList.of(Cb.FSR_TF, Cb.FSR_PF, Cb.FSR_AFF, Cb.FSR_EF);
  private static final int[] EVENTS = {
    Evt.F_TRANSLATION,
    Evt.F_PERMISSION,
    Evt.F_ACCESS,
    Evt.F_ADDR_SIZE,
    Evt.C_BAD_STE,
    Evt.C_BAD_SUBSTREAMID
  };

  @Override
  public Sheet make(Random random) throws BadInputException {
    Explanations known = new Explanations();
    ImmutableList.Builder<Sheet.Question> questions = ImmutableList.builder();
    for (int i = 0; i < 3; i++) {
      int fsr = REASONS.get(random.nextInt(REASONS.size())).mask();
      fsr |= random.nextInt(3) == 0 ? Cb.FSR_SS.mask() : 0;
      fsr |= random.nextInt(4) == 0 ? Cb.FSR_MULTI.mask() : 0;
      fsr |= Cb.FSR_FORMAT.of(2);
      questions.add(
          question(known, "FSR = 0x%08x: what happened?".formatted(fsr), "fsr", hex(fsr)));
      int fsynr0 = Cb.FSYNR0_PLVL.of(1 + random.nextInt(3));
      fsynr0 |= random.nextBoolean() ? Cb.FSYNR0_WNR.mask() : 0;
      fsynr0 |= random.nextInt(3) == 0 ? Cb.FSYNR0_PNU.mask() : 0;
      fsynr0 |= random.nextInt(4) == 0 ? Cb.FSYNR0_PTWF.mask() : 0;
      questions.add(
          question(
              known,
              "FSYNR0 = 0x%08x: what access was it, and at which level did its walk end?"
                  .formatted(fsynr0),
              "fsynr0",
              hex(fsynr0)));
    }
    for (int i = 0; i < 3; i++) {
      String[] words = event(random);
      questions.add(question(known, "event " + String.join(" ", words), "event", words));
    }
    return new Sheet(
        ImmutableList.of(
            "What do these registers of a context bank of an SMMUv2 say, and what these records of"
                + " an SMMUv3's event queue (four words of 64 bits, the first first)?",
            "Arm IHI 0062, SMMU_CBn_FSR and FSYNR0; Arm IHI 0070, 7.3."),
        questions.build());
  }

  private static String[] event(Random random) {
    int id = EVENTS[random.nextInt(EVENTS.length)];
    long word0 = Evt.ID.of(id) | Evt.SID.of(1 + random.nextInt(0x100));
    if (random.nextBoolean() || id == Evt.C_BAD_SUBSTREAMID) {
      word0 |= Evt.SSV.of(1) | Evt.SSID.of(1 + random.nextInt(0x40));
    }
    long word1 = 0;
    long word2 = 0;
    if (id == Evt.F_TRANSLATION
        || id == Evt.F_PERMISSION
        || id == Evt.F_ACCESS
        || id == Evt.F_ADDR_SIZE) {
      word1 = Evt.RNW.of(random.nextInt(2)) | Evt.PNU.of(random.nextInt(2));
      word1 |= Evt.CLASS.of(Evt.CLASS_IN);
      if (random.nextInt(3) == 0) {
        word1 |= Evt.STALL.of(1) | Evt.STAG.of(random.nextInt(0x100));
      }
      word2 = Integer.toUnsignedLong(random.nextInt()) << 12 >>> 4;
    }
    return new String[] {hex(word0), hex(word1), hex(word2), hex(0L)};
  }

  private static String hex(int word) {
    return "0x%08x".formatted(word);
  }

  private static String hex(long word) {
    return "0x%016x".formatted(word);
  }

  private static Sheet.Question question(
      Explanations known, String asked, String kind, String... words) throws BadInputException {
    StringJoiner answer = new StringJoiner("; ");
    known.explain(kind, List.of(words), line -> answer.add(line.strip()));
    return new Sheet.Question(asked, answer.toString());
  }
}
