package org.smmulator.script;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.smmulator.script.schema.Definitions;
import org.smmulator.script.schema.JsonSchema;
import org.smmulator.userspace.MappableBuffer;

/**
 * An address as a scenario writes it: {@code canvas+0x10}, or a plain number.
 *
 * @param base a buffer; null for a plain number
 * @param offset bytes from the start of {@code base}, or the address itself
 */
public record Address<B>(@Nullable Ref<B> base, long offset) {
  private static final Pattern SUM = Pattern.compile("(.+?) ?\\+ ?(.+)");

  /** An address in a buffer of any process, or a number. */
  public static <B> FieldType<Address<B>> in(Kind<B> kind) {
    String form = "canvas+0x10 or 0xdead0000";
    Scalar<Long> offset = Scalar.offset(form);
    return new FieldType<>(offset.words(), "", form) {
      @Override
      Address<B> read(YamlValue value, Scope scope) throws ScenarioException {
        String text = value.text(words(), example());
        if (Character.isDigit(text.charAt(0))) {
          return new Address<>(null, Scalar.NUMBER.read(value));
        }
        Matcher sum = SUM.matcher(text);
        boolean hasOffset = sum.matches();
        Ref<B> base = Ref.parse(value, hasOffset ? sum.group(1) : text, kind, scope);
        if (base == null) {
          throw value.wrong("'%s' is no address".formatted(text), "write it like " + example());
        }
        return new Address<>(base, hasOffset ? offset.read(sum.group(2), value) : 0);
      }

      @Override
      ObjectNode schema(Definitions definitions) {
        String sum = "(?:%s)(?: ?[+] ?(?:%s))?".formatted(Ref.FORM.pattern(), offset.pattern());
        return JsonSchema.integer(
            Scalar.NUMBER.pattern() + "|" + sum, BigInteger.ZERO, Scalar.LAST_OF_64_BITS);
      }
    };
  }

  /** An address for the process's CPU: in a buffer of its own, or any number, mapped or not. */
  public static FieldType<Address<MappableBuffer>> ofCpu() {
    FieldType<Address<MappableBuffer>> any = in(Kind.BUFFER);
    return new FieldType<>(any.words(), "", "canvas+0x10 or 0xdead0000") {
      @Override
      Address<MappableBuffer> read(YamlValue value, Scope scope) throws ScenarioException {
        Address<MappableBuffer> read = any.read(value, scope);
        if (read.base() != null && read.base().process() != null) {
          throw value.wrong(
              "the process cannot reach '%s' with its CPU".formatted(read),
              "use a buffer of its own, like canvas+0x10, or a number");
        }
        return read;
      }

      @Override
      ObjectNode schema(Definitions definitions) {
        return JsonSchema.string(
            "%s(?: ?[+] ?(?:%s))?".formatted(Ref.NAME, Scalar.NUMBER.pattern()));
      }
    };
  }

  /** The buffer of an address that is in one. */
  public Ref<B> buffer() {
    return requireNonNull(base);
  }

  @Override
  public String toString() {
    String number = "0x" + Long.toHexString(offset);
    return base == null ? number : offset == 0 ? base.toString() : base + "+" + number;
  }
}
