package org.smmulator.script;

import com.google.common.collect.ImmutableList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.machine.input.Nearest;
import org.smmulator.script.Action.Access;
import org.smmulator.script.Action.BufferFlag;
import org.smmulator.script.Action.BufferUse;

/** Reads the steps of one process: {@code - gem_new: {fd: gpu, size: 64K, as: canvas}}. */
final class StepParser {
  static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

  private static final ImmutableList<String> KEYWORDS =
      ImmutableList.of(
          "open",
          "close",
          "dup",
          "get_param",
          "gem_new",
          "gem_info",
          "queue_new",
          "queue_close",
          "submit",
          "wait",
          "write",
          "read",
          "expect",
          "sleep",
          "exit",
          "kill");
  private static final Pattern REF =
      Pattern.compile("(?:([A-Za-z_][A-Za-z0-9_-]*)\\.)?([A-Za-z_][A-Za-z0-9_]*)");
  private static final Pattern SUM = Pattern.compile("(.+?) ?\\+ ?(0x[0-9a-fA-F_]+|[0-9_]+)");
  private static final long DEFAULT_TIMEOUT_NS = 1_000_000_000;

  private final String process;
  private final Names names;

  StepParser(String process, Names names) {
    this.process = process;
    this.names = names;
  }

  /** Reads one entry of a process's list. */
  Step step(YamlValue entry) throws ScenarioException {
    Fields outer = entry.mapping("a step");
    if (outer.keys().size() != 1) {
      throw outer.wrong(
          "a step has one key, not %d".formatted(outer.keys().size()),
          "begin each step with its own '- '");
    }
    String keyword = outer.keys().get(0);
    if (!KEYWORDS.contains(keyword)) {
      throw outer.unknown(keyword, "there is no step '%s'".formatted(keyword), KEYWORDS);
    }
    YamlValue body = outer.require(keyword);
    SourceLocation place = outer.placeOfKey(keyword);
    return switch (keyword) {
      case "sleep" -> plain(place, keyword, new Action.Sleep(body.durationNs()));
      case "exit" -> plain(place, keyword, new Action.Exit((int) body.number()));
      default -> step(place, keyword, body);
    };
  }

  private static Step plain(SourceLocation place, String keyword, Action action) {
    return new Step(place, keyword, action, null, null);
  }

  private Step step(SourceLocation place, String keyword, YamlValue body) throws ScenarioException {
    Fields fields = fieldsOf(keyword, body);
    Action action = action(keyword, fields);
    YamlValue as = fields.find("as");
    Errno errno = errno(fields.find("errno"));
    Kind kind = action.makes();
    if (as == null || kind == null) {
      return new Step(place, keyword, action, null, errno);
    }
    String name = as.text("a name", "as: canvas");
    if (!WORD.matcher(name).matches() || name.indexOf('-') >= 0) {
      throw as.wrong("'%s' is no name".formatted(name), "use letters, digits and _");
    }
    if (errno != null) {
      throw as.wrong("a step that must fail has no result to name", "remove 'as' or 'errno'");
    }
    names.give(process, as, name, kind);
    return new Step(place, keyword, action, name, null);
  }

  private static Fields fieldsOf(String keyword, YamlValue body) throws ScenarioException {
    return switch (keyword) {
      case "open" -> body.fields(keyword, "node", "as", "errno");
      case "close" -> body.fields(keyword, "fd", "errno");
      case "dup" -> body.fields(keyword, "fd", "as", "errno");
      case "get_param" -> body.fields(keyword, "fd", "param", "as", "errno");
      case "gem_new" -> body.fields(keyword, "fd", "size", "flags", "as", "errno");
      case "gem_info" -> body.fields(keyword, "buffer", "info", "as", "errno");
      case "queue_new" -> body.fields(keyword, "fd", "priority", "as", "errno");
      case "queue_close" -> body.fields(keyword, "queue", "errno");
      case "submit" -> body.fields(keyword, "fd", "buffers", "commands", "queue", "as", "errno");
      case "wait" -> body.fields(keyword, "fence", "timeout", "errno");
      case "write" -> body.fields(keyword, "at", "value", "errno");
      case "read" -> body.fields(keyword, "at", "as", "errno");
      case "kill" -> body.fields(keyword, "process", "errno");
      default -> body.mapping(keyword); // expect checks its own keys
    };
  }

  private Action action(String keyword, Fields f) throws ScenarioException {
    return switch (keyword) {
      case "open" -> new Action.Open(path(f.require("node")));
      case "close" -> new Action.Close(ownRef(f.require("fd"), Kind.DESCRIPTOR));
      case "dup" -> new Action.Dup(ownRef(f.require("fd"), Kind.DESCRIPTOR));
      case "get_param" ->
          new Action.GetParam(
              ownRef(f.require("fd"), Kind.DESCRIPTOR),
              f.require("param").oneOf(Action.Param.class));
      case "gem_new" -> gemNew(f);
      case "gem_info" ->
          new Action.GemInfo(
              ownRef(f.require("buffer"), Kind.BUFFER),
              f.require("info").oneOf(Action.InfoItem.class));
      case "queue_new" ->
          new Action.QueueNew(
              ownRef(f.require("fd"), Kind.DESCRIPTOR), (int) f.require("priority").number());
      case "queue_close" -> new Action.QueueClose(ownRef(f.require("queue"), Kind.QUEUE));
      case "submit" -> submit(f);
      case "wait" -> new Action.Wait(ownRef(f.require("fence"), Kind.JOB), timeout(f));
      case "write" -> new Action.Write(cpuAddress(f.require("at")), value32(f.require("value")));
      case "read" -> new Action.Read(cpuAddress(f.require("at")));
      case "kill" -> kill(f.require("process"));
      default -> new Action.Expect(new ExpectationParser(this).expectation(f));
    };
  }

  private Action.GemNew gemNew(Fields f) throws ScenarioException {
    ImmutableList.Builder<BufferFlag> flags = ImmutableList.builder();
    YamlValue given = f.find("flags");
    if (given == null) {
      flags.add(BufferFlag.WC);
    } else {
      for (YamlValue flag : given.list("[wc, gpu_readonly]")) {
        flags.add(flag.oneOf(BufferFlag.class));
      }
    }
    NameRef fd = ownRef(f.require("fd"), Kind.DESCRIPTOR);
    return new Action.GemNew(fd, f.require("size").sizeBytes(), flags.build());
  }

  private Action.Submit submit(Fields f) throws ScenarioException {
    NameRef fd = ownRef(f.require("fd"), Kind.DESCRIPTOR);
    ImmutableList.Builder<BufferUse> buffers = ImmutableList.builder();
    YamlValue given = f.find("buffers");
    if (given != null) {
      for (YamlValue buffer : given.list("[canvas, {buffer: page, access: read}]")) {
        buffers.add(bufferUse(buffer));
      }
    }
    ImmutableList.Builder<Command> commands = ImmutableList.builder();
    CommandParser parser = new CommandParser(this);
    for (YamlValue command : f.require("commands").list("[{nop: 1}]")) {
      commands.add(parser.command(command));
    }
    YamlValue queue = f.find("queue");
    NameRef queueRef = queue == null ? null : ownRef(queue, Kind.QUEUE);
    return new Action.Submit(fd, buffers.build(), commands.build(), queueRef);
  }

  private BufferUse bufferUse(YamlValue entry) throws ScenarioException {
    if (entry.isScalar()) {
      return new BufferUse(ownRef(entry, Kind.BUFFER), Access.READ_WRITE);
    }
    Fields f = entry.fields("a buffer of submit", "buffer", "access");
    YamlValue access = f.find("access");
    return new BufferUse(
        ownRef(f.require("buffer"), Kind.BUFFER),
        access == null ? Access.READ_WRITE : access.oneOf(Access.class));
  }

  private Action.Kill kill(YamlValue value) throws ScenarioException {
    String victim = value.text("a process", "process: reader");
    names.useProcess(victim, value.place());
    return new Action.Kill(victim);
  }

  private static long timeout(Fields f) throws ScenarioException {
    YamlValue timeout = f.find("timeout");
    return timeout == null ? DEFAULT_TIMEOUT_NS : timeout.durationNs();
  }

  private static String path(YamlValue node) throws ScenarioException {
    String text = node.text("a device node", "renderD128 or /dev/dri/card0");
    return text.startsWith("/") ? text : "/dev/dri/" + text;
  }

  private static @Nullable Errno errno(@Nullable YamlValue value) throws ScenarioException {
    return value == null ? null : errnoNamed(value);
  }

  private static Errno errnoNamed(YamlValue value) throws ScenarioException {
    String text = value.text("the name of an error", "EINVAL");
    ImmutableList.Builder<String> known = ImmutableList.builder();
    for (Errno errno : Errno.values()) {
      if (errno.name().equals(text)) {
        return errno;
      }
      known.add(errno.name());
    }
    throw value.wrong("there is no error '%s'".formatted(text), Nearest.cure(text, known.build()));
  }

  // ---- what commands and expectations need too

  /** A name that stands for a {@code kind}. */
  NameRef ref(YamlValue value, Kind kind) throws ScenarioException {
    String text = value.text(kind.words(), "canvas or painter.canvas");
    Matcher match = REF.matcher(text);
    if (!match.matches()) {
      throw value.wrong(
          "'%s' is no name, expected %s".formatted(text, kind.words()),
          "write it like canvas, or painter.canvas for another process's");
    }
    return ref(value, match, kind);
  }

  /** A name of the process's own: what it uses in a system call. */
  private NameRef ownRef(YamlValue value, Kind kind) throws ScenarioException {
    NameRef made = ref(value, kind);
    if (made.process() != null) {
      throw value.wrong(
          "'%s' belongs to another process; expected %s of this one".formatted(made, kind.words()),
          "only expectations and addresses in commands may speak of other processes");
    }
    return made;
  }

  private NameRef ref(YamlValue value, Matcher match, Kind kind) throws ScenarioException {
    String owner = match.group(1);
    boolean own = owner == null || owner.equals(process);
    NameRef made = new NameRef(value.place(), own ? null : owner, match.group(2));
    names.use(process, made, kind);
    return made;
  }

  /** An address: {@code canvas}, {@code canvas+0x10} or a number. */
  Address address(YamlValue value) throws ScenarioException {
    String text = value.text("an address", "canvas+0x10 or 0xdead0000");
    if (Character.isDigit(text.charAt(0))) {
      return new Address(value.place(), null, value.number());
    }
    Matcher sum = SUM.matcher(text);
    boolean hasOffset = sum.matches();
    Matcher base = REF.matcher(hasOffset ? sum.group(1) : text);
    if (!base.matches()) {
      throw value.wrong(
          "'%s' is no address".formatted(text), "write it like canvas+0x10 or 0xdead0000");
    }
    long offset = hasOffset ? Long.decode(sum.group(2).replace("_", "")) : 0;
    return new Address(value.place(), ref(value, base, Kind.BUFFER), offset);
  }

  /** An address that the process's CPU can reach: in a buffer of its own. */
  Address cpuAddress(YamlValue value) throws ScenarioException {
    Address made = address(value);
    NameRef base = made.base();
    if (base == null || base.process() != null) {
      throw value.wrong(
          "the process cannot reach '%s' with its CPU".formatted(made),
          "use a buffer of its own, like canvas+0x10");
    }
    return made;
  }

  /** A number that fits in 32 bits. */
  int value32(YamlValue value) throws ScenarioException {
    long number = value.number();
    if (number != (int) number && number >>> 32 != 0) {
      throw value.wrong(
          "0x%x does not fit in 32 bits".formatted(number),
          "write it as two values, low half first");
    }
    return (int) number;
  }
}
