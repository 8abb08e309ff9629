package org.smmulator.script.core;

import com.google.common.collect.ImmutableList;
import java.util.Iterator;
import org.smmulator.machine.Machine;
import org.smmulator.script.Args;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.MachineExpectation;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.ScenarioException;

/** Texts stand in the lines of a record of the machine's. */
abstract class LinesExpectation extends MachineExpectation {
  private final FormField<ImmutableList<String>> texts;
  private final FormField<Long> times;
  private final FormField<Ref<LogMark>> since;
  private final FormField<Ref<LogMark>> until;

  LinesExpectation(String keyword, String sentence, String example) {
    super(keyword, sentence);
    texts =
        required(
            keyword,
            FieldType.oneOrMore(Scalar.text("a text", example), example),
            "A part of a line, or several: each in a line after the one before; case counts.");
    times =
        optional(
            "times",
            Scalar.between(0, Integer.MAX_VALUE),
            "In how many lines the text is; left out, in one at least.");
    since = optional("since", Ref.to(LogMark.KIND), "Only lines after this moment count.");
    until = optional("until", Ref.to(LogMark.KIND), "Only lines before this moment count.");
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    if (args.get(texts).isEmpty()) {
      throw args.wrong("there is no text to look for", "name one at least");
    }
    if (args.find(times) != null && args.get(texts).size() > 1) {
      throw args.wrong("only lines with one text are counted", "remove 'times', or all but one");
    }
  }

  /** The texts that a line must hold; none if none may. */
  final ImmutableList<String> wanted(Args args) {
    Long count = args.find(times);
    return count != null && count == 0 ? ImmutableList.of() : args.get(texts);
  }

  /** The lines that are kept, oldest first. */
  abstract ImmutableList<String> lines(Machine machine);

  /** How many lines were ever written. */
  abstract long written(Machine machine);

  /** How many of them had been written at {@code moment}. */
  abstract long writtenAt(LogMark moment);

  @Override
  protected void check(Args args, Machine machine, Ref.Lookup names) throws FailedExpectation {
    ImmutableList<String> kept = lines(machine);
    long dropped = written(machine) - kept.size();
    Ref<LogMark> start = args.find(since);
    Ref<LogMark> end = args.find(until);
    long first = start == null ? 0 : writtenAt(names.find(start)) - dropped;
    long last = end == null ? kept.size() : writtenAt(names.find(end)) - dropped;
    int from = Math.clamp(first, 0, kept.size());
    ImmutableList<String> looked = kept.subList(from, Math.clamp(last, from, kept.size()));
    if (args.get(texts).size() == 1) {
      checkCount(args, looked);
    } else {
      checkOrder(args, looked);
    }
  }

  private void checkCount(Args args, ImmutableList<String> lines) throws FailedExpectation {
    String text = args.get(texts).getFirst();
    long found = lines.stream().filter(line -> line.contains(text)).count();
    Long wanted = args.find(times);
    String howOften = wanted == null ? "at least one line" : "%d lines".formatted(wanted);
    FailedExpectation.unless(
        wanted == null ? found > 0 : found == wanted,
        "%s of %s with '%s'".formatted(howOften, keyword(), text),
        "there are %d".formatted(found));
  }

  private void checkOrder(Args args, ImmutableList<String> lines) throws FailedExpectation {
    Iterator<String> left = lines.iterator();
    String before = "the start";
    for (String text : args.get(texts)) {
      boolean found = false;
      while (!found && left.hasNext()) {
        found = left.next().contains(text);
      }
      FailedExpectation.unless(
          found,
          "a line of %s with '%s' after %s".formatted(keyword(), text, before),
          "there is none");
      before = "'" + text + "'";
    }
  }

  @Override
  protected String words(Args args) {
    Long wanted = args.find(times);
    String none = wanted != null && wanted == 0 ? "no " : "";
    String all = String.join("', then '", args.get(texts));
    return "finds in %s %s'%s'".formatted(keyword(), none, all);
  }
}
