package org.smmulator.script.exynos;

import com.google.common.collect.ImmutableList;
import org.smmulator.script.Args;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.ScenarioException;
import org.smmulator.userspace.exynos.G2dList;

/** {@code words}: pairs of offset and value, whether or not a client may write them. */
final class WordsCommand extends G2dCommandType {
  private final FormField<ImmutableList<Integer>> words =
      bare(FieldType.listOf(Scalar.WORD32, "[0x70c, 7]"), "Offsets and values in turn.");

  WordsCommand() {
    super("words", "Puts pairs of register offset and value into the list as they stand.");
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    if (args.get(words).size() % 2 != 0) {
      throw args.wrong("a value is missing", "write offset and value in turn: [0x70c, 7]");
    }
  }

  @Override
  void encode(Args args, G2dList list, ProcessRun process) {
    ImmutableList<Integer> pairs = args.get(words);
    for (int i = 0; i < pairs.size(); i += 2) {
      list.set(pairs.get(i), pairs.get(i + 1));
    }
  }

  @Override
  String words(Args args) {
    return "%d words as they stand".formatted(args.get(words).size());
  }
}
