package org.smmulator.script.core;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Address;
import org.smmulator.script.Args;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.ScenarioException;
import org.smmulator.userspace.MappableBuffer;

/** {@code memory}: a range of the process's memory holds a pattern, or what it held before. */
final class RangeExpectation extends ExpectationType {
  private final FormField<Address<MappableBuffer>> at =
      required("memory", Address.ofCpu(), "The address of the first byte.");
  private final FormField<Long> size =
      required("size", MemoryRange.SIZE, "The number of bytes to look at.");
  private final FormField<ImmutableList<Long>> pattern =
      optional("is", Octets.TYPE, "The bytes, over and over again.");
  private final FormField<Ref<Octets>> before =
      optional("same_as", Ref.own(Octets.KIND), "A snapshot: nobody has changed it since.");

  RangeExpectation() {
    super("memory", "The CPU finds a pattern in a range of memory, or what was there before.");
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    MemoryRange.check(args, args.get(size), args.find(pattern));
    if ((args.find(pattern) == null) == (args.find(before) == null)) {
      throw args.wrong("memory is a pattern, or the same as a snapshot", "say 'is' or 'same_as'");
    }
  }

  @Override
  protected void check(Args args, ProcessRun process) throws ErrnoException, FailedExpectation {
    byte[] found = MemoryRange.load(args.get(at), args.get(size), process);
    Ref<Octets> snapshot = args.find(before);
    byte[] wanted =
        snapshot == null
            ? Octets.repeated(args.get(pattern), found.length)
            : process.own(snapshot).array();
    int differs = Arrays.mismatch(found, wanted);
    if (differs >= 0) {
      throw new FailedExpectation(
          "%s to hold %s".formatted(args.get(at), Octets.of(wanted)), difference(found, wanted));
    }
  }

  private static String difference(byte[] found, byte[] wanted) {
    int at = Arrays.mismatch(found, wanted);
    return at < Math.min(found.length, wanted.length)
        ? "byte 0x%x is 0x%02x, not 0x%02x".formatted(at, found[at], wanted[at])
        : "the snapshot has 0x%x bytes, not 0x%x".formatted(wanted.length, found.length);
  }

  @Override
  protected String words(Args args) {
    return "finds %s in 0x%x bytes at %s"
        .formatted(
            args.find(before) == null ? "the pattern" : "nothing changed",
            args.get(size),
            args.get(at));
  }
}
