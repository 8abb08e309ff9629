package org.smmulator.report.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.smmulator.iommu.smmuv3.fault.ArmSmmuV3Event;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.regs.smmuv3.Evt;
import org.smmulator.regs.smmuv3.SmmuCommand;

/** Explains what is several words of 64 bits long: a record of a queue of an SMMUv3. */
enum RecordExplainer implements Explainer {
  /** As the driver's own decoder tells it in the log. */
  EVENT(Evt.WORDS) {
    @Override
    String explain(long[] words) {
      ArmSmmuV3Event event = ArmSmmuV3Event.of(words);
      StringJoiner lines = new StringJoiner("\n  ");
      lines.add("event 0x%02x %s".formatted(event.id(), nameOf(event.id())));
      lines.add(event.describe("(unassigned sid)"));
      if (event.isTranslationFault()) {
        lines.add(event.describeAccess());
      }
      if (event.stall()) {
        lines.add("It is stalled: CMD_RESUME with its StreamID and STAG lets it go on or end.");
      }
      return lines.toString();
    }
  },

  /** As the manual names a command and its operands. */
  COMMAND(2) {
    @Override
    String explain(long[] words) {
      return SmmuCommand.decode(words[0], words[1]).toString();
    }
  };

  private final int wordsOfOne;

  RecordExplainer(int wordsOfOne) {
    this.wordsOfOne = wordsOfOne;
  }

  /** Says what one record means. */
  abstract String explain(long[] words);

  /**
   * Tells what each record means.
   *
   * @throws BadInputException if the words are not those of whole records
   */
  @Override
  public void explain(List<String> words, Consumer<String> listener) throws BadInputException {
    if (words.size() % wordsOfOne != 0) {
      throw new BadInputException(
          "%d words make no %s of %d"
              .formatted(words.size(), name().toLowerCase(Locale.ROOT), wordsOfOne),
          "give all words of it, the first first, as the log prints them");
    }
    List<String> meanings = new ArrayList<>();
    for (int at = 0; at < words.size(); at += wordsOfOne) {
      long[] record = new long[wordsOfOne];
      for (int i = 0; i < wordsOfOne; i++) {
        record[i] = Numbers.word64(words.get(at + i));
      }
      meanings.add(explain(record));
    }
    meanings.forEach(listener);
  }

  /** The manual's name of an event. */
  private static String nameOf(int id) {
    return Constants.named(Evt.class, id).stream()
        .filter(name -> name.startsWith("C_") || name.startsWith("F_"))
        .findFirst()
        .orElse("has no name here");
  }
}
