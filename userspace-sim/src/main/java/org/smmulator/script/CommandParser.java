package org.smmulator.script;

import com.google.common.collect.ImmutableList;

/** Reads the commands of a submit: {@code {mem_write: {at: canvas+0x10, value: 0xcafe}}}. */
final class CommandParser {
  private static final ImmutableList<String> KEYWORDS =
      ImmutableList.of("mem_write", "mem_copy", "wait_mem", "nop", "raw");
  private static final int MAX_DWORDS = 0x3fff;

  private final StepParser steps;

  CommandParser(StepParser steps) {
    this.steps = steps;
  }

  Command command(YamlValue entry) throws ScenarioException {
    Fields outer = entry.mapping("a command");
    if (outer.keys().size() != 1) {
      throw outer.wrong(
          "a command has one key, not %d".formatted(outer.keys().size()),
          "put braces around each command");
    }
    String keyword = outer.keys().get(0);
    YamlValue body = outer.require(keyword);
    return switch (keyword) {
      case "mem_write" -> memWrite(body.fields(keyword, "at", "value"));
      case "mem_copy" -> memCopy(body.fields(keyword, "from", "to"));
      case "wait_mem" -> waitMem(body.fields(keyword, "at", "equals", "at_least"));
      case "nop" -> nop(body);
      case "raw" -> new Command.Raw(values(body));
      default ->
          throw outer.unknown(keyword, "there is no command '%s'".formatted(keyword), KEYWORDS);
    };
  }

  private Command.MemWrite memWrite(Fields f) throws ScenarioException {
    return new Command.MemWrite(steps.address(f.require("at")), values(f.require("value")));
  }

  private Command.MemCopy memCopy(Fields f) throws ScenarioException {
    return new Command.MemCopy(steps.address(f.require("from")), steps.address(f.require("to")));
  }

  private Command.WaitMem waitMem(Fields f) throws ScenarioException {
    YamlValue equals = f.find("equals");
    YamlValue atLeast = f.find("at_least");
    if ((equals == null) == (atLeast == null)) {
      throw f.wrong("wait_mem needs one of 'equals' and 'at_least'", "add 'equals: 1'");
    }
    YamlValue value = equals == null ? f.require("at_least") : equals;
    return new Command.WaitMem(
        steps.address(f.require("at")), atLeast != null, steps.value32(value));
  }

  private static Command.Nop nop(YamlValue body) throws ScenarioException {
    long dwords = body.number();
    if (dwords < 0 || dwords > MAX_DWORDS) {
      throw body.wrong("a packet has 0 to 16383 dwords", "write several of them");
    }
    return new Command.Nop((int) dwords);
  }

  private ImmutableList<Integer> values(YamlValue body) throws ScenarioException {
    if (!body.isList()) {
      return ImmutableList.of(steps.value32(body));
    }
    ImmutableList.Builder<Integer> values = ImmutableList.builder();
    for (YamlValue value : body.list("[1, 2]")) {
      values.add(steps.value32(value));
    }
    return values.build();
  }
}
