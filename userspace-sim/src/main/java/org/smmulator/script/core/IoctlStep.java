package org.smmulator.script.core;

import com.google.common.collect.ImmutableList;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Args;
import org.smmulator.script.Choice;
import org.smmulator.script.FieldType;
import org.smmulator.script.Form;
import org.smmulator.script.Form.Phrase;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.Descriptor;

/** {@code ioctl}: any ioctl by its number, on any bytes, as a client that wants to harm does it. */
final class IoctlStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open file.");
  private final FormField<Integer> number =
      required("number", Scalar.WORD32, "The number, as 'explain ioctl' takes it apart.");
  private final FormField<Long> arg =
      optional("arg", Scalar.NUMBER, "The argument itself, such as a bad pointer.");
  private final FormField<ImmutableList<Long>> bytes =
      optional("bytes", Octets.TYPE, "The struct that the argument points to, byte by byte.");
  private final FormField<ImmutableList<Phrase<Part>>> fields =
      optional(
          "fields",
          FieldType.listOf(
              new Choice<>(
                  "field",
                  "put braces around each field",
                  ImmutableList.of(new Part(8), new Part(16), new Part(32), new Part(64))),
              "[{u64: 4096}, {u32: 2}, {u32: 0}]"),
          "The struct field by field, little-endian, without padding.");

  IoctlStep() {
    super(
        "ioctl",
        "Does any ioctl on any bytes; yields the bytes of its struct afterwards.",
        Octets.KIND);
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    int ways =
        (args.find(arg) == null ? 0 : 1)
            + (args.find(bytes) == null ? 0 : 1)
            + (args.find(fields) == null ? 0 : 1);
    if (ways != 1) {
      throw args.wrong("an ioctl has one argument", "say one of 'arg', 'bytes' and 'fields'");
    }
  }

  @Override
  protected Octets run(Step step, ProcessRun process) throws ErrnoException {
    Client client = process.client();
    int descriptor = process.own(step.get(fd)).number();
    Long bare = step.find(arg);
    if (bare != null) {
      var _ = client.ioctl(descriptor, step.get(number), bare);
      return Octets.of(new byte[0]);
    }
    byte[] struct = struct(step);
    try (Client.Scratch scratch = client.scratch()) {
      long ptr = scratch.bytes(struct.length);
      client.store(ptr, MemorySegment.ofArray(struct));
      var _ = client.ioctl(descriptor, step.get(number), ptr);
      client.load(ptr, MemorySegment.ofArray(struct));
    }
    return Octets.of(struct);
  }

  private byte[] struct(Step step) {
    ImmutableList<Long> given = step.find(bytes);
    if (given != null) {
      return Octets.of(given);
    }
    ByteArrayOutputStream struct = new ByteArrayOutputStream();
    for (Phrase<Part> part : step.get(fields)) {
      part.form().append(part.args(), struct);
    }
    return struct.toByteArray();
  }

  @Override
  protected String words(Step step) {
    return "does the ioctl 0x%08x on %s".formatted(step.get(number), step.get(fd));
  }

  /** {@code u8} to {@code u64}: a field of a struct. */
  private static final class Part extends Form {
    private final int bits;
    private final FormField<Long> value;

    Part(int bits) {
      super("u" + bits, "A field of %d bits.".formatted(bits));
      this.bits = bits;
      this.value = bare(Scalar.NUMBER, "Its value.");
    }

    @Override
    protected void check(Args args) throws ScenarioException {
      Bits.check(args, bits, args.get(value));
    }

    void append(Args args, ByteArrayOutputStream struct) {
      for (int shift = 0; shift < bits; shift += Byte.SIZE) {
        struct.write((int) (args.get(value) >>> shift));
      }
    }
  }
}
