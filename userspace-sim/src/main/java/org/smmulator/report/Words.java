package org.smmulator.report;

import static java.util.stream.Collectors.joining;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.smmulator.script.Action;
import org.smmulator.script.Command;
import org.smmulator.script.Expectation;
import org.smmulator.script.Step;

/** Steps of a scenario as a story tells them. */
final class Words {
  private Words() {}

  /** What the process did, or tried to. */
  static String of(Step step) {
    String said = of(step.action(), step.as());
    return step.errno() == null ? said : "%s: %s, as expected".formatted(said, step.errno());
  }

  private static String of(Action action, @Nullable String as) {
    String name = as == null ? "" : " as " + as;
    return switch (action) {
      case Action.Open open -> "opens " + open.path();
      case Action.Close close -> "closes " + close.fd();
      case Action.Dup dup -> "duplicates " + dup.fd() + name;
      case Action.GetParam get -> "asks for " + word(get.param()) + name;
      case Action.GemNew gem -> "makes a buffer of %s%s".formatted(size(gem.sizeBytes()), name);
      case Action.GemInfo info ->
          "asks for the %s of %s".formatted(word(info.info()), info.buffer());
      case Action.QueueNew queue -> "makes a queue of priority " + queue.priority() + name;
      case Action.QueueClose close -> "closes the queue " + close.queue();
      case Action.Submit submit ->
          "submits%s: %s"
              .formatted(
                  as == null ? "" : " " + as,
                  submit.commands().stream().map(Words::of).collect(joining(", ")));
      case Action.Wait wait -> wait.job() + " has signalled";
      case Action.Write write -> "stores 0x%x at %s".formatted(write.value(), write.at());
      case Action.Read read -> "loads from " + read.at();
      case Action.Expect expect -> of(expect.expectation());
      case Action.Sleep sleep -> "sleeps %d ns".formatted(sleep.durationNs());
      case Action.Exit _ -> "exits";
      case Action.Kill kill -> "kills " + kill.process();
    };
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String of(Command command) {
    return switch (command) {
      case Command.MemWrite write ->
          "write %s to %s"
              .formatted(
                  write.values().stream().map(v -> "0x%x".formatted(v)).collect(joining(" ")),
                  write.at());
      case Command.MemCopy copy -> "copy %s to %s".formatted(copy.from(), copy.to());
      case Command.WaitMem wait -> "wait for %s".formatted(wait.at());
      case Command.Nop _ -> "nothing";
      case Command.Raw raw -> "%d raw dwords".formatted(raw.dwords().size());
    };
  }

  private static String of(Expectation expectation) {
    return switch (expectation) {
      case Expectation.Memory memory -> "finds 0x%x at %s".formatted(memory.value(), memory.at());
      case Expectation.Iova iova ->
          "finds %s at the address of %s".formatted(iova.buffer(), iova.equalTo());
      case Expectation.Fence fence ->
          "finds %s %s".formatted(fence.job(), fence.signalled() ? "signalled" : "pending");
      case Expectation.Value value ->
          "finds %s to be 0x%x".formatted(value.number(), value.value());
      case Expectation.Dmesg dmesg -> "finds in dmesg '%s'".formatted(dmesg.text());
    };
  }

  private static String size(long bytes) {
    if (bytes >= 1 << 20 && bytes % (1 << 20) == 0) {
      return (bytes >> 20) + " MiB";
    }
    return bytes >= 1 << 10 && bytes % (1 << 10) == 0 ? (bytes >> 10) + " KiB" : bytes + " bytes";
  }
}
