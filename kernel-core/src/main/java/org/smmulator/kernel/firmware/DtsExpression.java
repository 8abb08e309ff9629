package org.smmulator.kernel.firmware;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The integers and strings of a tree's source: C's literals, and C's operators in parentheses on
 * unsigned numbers of 64 bits. Kernel: {@code integer_expr} in {@code scripts/dtc/dtc-parser.y},
 * {@code get_escape_char()} in {@code scripts/dtc/util.c}.
 */
final class DtsExpression {
  private static final int DEEPEST = 200;

  private static final Pattern LITERAL =
      Pattern.compile("(?:0[xX](?<hex>[0-9a-fA-F]+)|(?<digits>[0-9]+))(?:U|L|UL|LL|ULL)?");

  /** By level, loosest first. Of two that begin alike the longer stands first. */
  private static final String[][] OPERATORS = {
    {"||"},
    {"&&"},
    {"|"},
    {"^"},
    {"&"},
    {"==", "!="},
    {"<=", ">=", "<", ">"},
    {"<<", ">>"},
    {"+", "-"},
    {"*", "/", "%"}
  };

  private final DtsSource source;
  private int depth;

  DtsExpression(DtsSource source) {
    this.source = source;
  }

  /** Reads a number, a character, or anything in parentheses. */
  long primary() {
    if (source.accept("(")) {
      deeper();
      long value = conditional();
      depth--;
      source.expect(")", "to close an expression");
      return value;
    }
    return source.accept("'") ? character() : literal();
  }

  private void deeper() {
    if (++depth > DEEPEST) {
      throw source.error("an expression nests more than %d levels deep".formatted(DEEPEST));
    }
  }

  private long conditional() {
    long condition = binary(0);
    if (!source.accept("?")) {
      return condition;
    }
    deeper();
    long yes = conditional();
    source.expect(":", "between the two values of '?'");
    long no = conditional();
    depth--;
    return condition != 0 ? yes : no;
  }

  private long binary(int level) {
    if (level == OPERATORS.length) {
      return unary();
    }
    long left = binary(level + 1);
    while (true) {
      String operator = acceptOperator(OPERATORS[level]);
      if (operator == null) {
        return left;
      }
      left = apply(operator, left, binary(level + 1));
    }
  }

  private @Nullable String acceptOperator(String[] operators) {
    for (String operator : operators) {
      if (source.acceptBut(operator, longerThan(operator))) {
        return operator;
      }
    }
    return null;
  }

  /** The operators of other levels that begin with this one. */
  private static String[] longerThan(String operator) {
    return switch (operator) {
      case "|" -> new String[] {"||"};
      case "&" -> new String[] {"&&"};
      case "<" -> new String[] {"<<"};
      case ">" -> new String[] {">>"};
      default -> new String[0];
    };
  }

  private long unary() {
    for (String operator : new String[] {"~", "-", "!"}) {
      if (source.accept(operator)) {
        deeper();
        long value = unary();
        depth--;
        return switch (operator) {
          case "~" -> ~value;
          case "-" -> -value;
          default -> truth(value == 0);
        };
      }
    }
    return primary();
  }

  private static long truth(boolean is) {
    return is ? 1 : 0;
  }

  private long apply(String operator, long left, long right) {
    if (right == 0 && (operator.equals("/") || operator.equals("%"))) {
      throw source.error("division by zero");
    }
    int order = Long.compareUnsigned(left, right);
    boolean fits = Long.compareUnsigned(right, Long.SIZE) < 0;
    return switch (operator) {
      case "||" -> truth(left != 0 || right != 0);
      case "&&" -> truth(left != 0 && right != 0);
      case "|" -> left | right;
      case "^" -> left ^ right;
      case "&" -> left & right;
      case "==" -> truth(order == 0);
      case "!=" -> truth(order != 0);
      case "<=" -> truth(order <= 0);
      case ">=" -> truth(order >= 0);
      case "<" -> truth(order < 0);
      case ">" -> truth(order > 0);
      case "<<" -> fits ? left << right : 0;
      case ">>" -> fits ? left >>> right : 0;
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> Long.divideUnsigned(left, right);
      default -> Long.remainderUnsigned(left, right);
    };
  }

  private long literal() {
    char _ = source.peek();
    Place place = source.place();
    StringBuilder taken = new StringBuilder();
    while (Character.isLetterOrDigit(source.here()) || source.here() == '_') {
      taken.append(source.take());
    }
    String text = taken.toString();
    if (text.isEmpty()) {
      throw source.error("expected a number, (an expression) or &label, found " + source.found());
    }
    Matcher literal = LITERAL.matcher(text);
    try {
      if (literal.matches()) {
        return number(literal);
      }
    } catch (NumberFormatException e) {
      throw new DeviceTreeException(place, "'%s' is no number of 64 bits".formatted(text));
    }
    throw new DeviceTreeException(place, "'%s' is no number".formatted(text));
  }

  /** Reads digits as {@code strtoull(…, 0)} does: a leading 0 makes them octal. */
  private static long number(Matcher literal) {
    String hex = literal.group("hex");
    if (hex != null) {
      return Long.parseUnsignedLong(hex, 16);
    }
    String digits = literal.group("digits");
    return Long.parseUnsignedLong(digits, digits.startsWith("0") ? 8 : 10);
  }

  private long character() {
    byte[] text = quoted('\'');
    if (text.length != 1) {
      throw source.error("expected one character between ' and '");
    }
    return Byte.toUnsignedLong(text[0]);
  }

  /** Reads the rest of a string, up to the closing {@code quote}. */
  byte[] quoted(char quote) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    StringBuilder plain = new StringBuilder();
    for (char c = source.take(); c != quote; c = source.take()) {
      if (c == '\\') {
        text.writeBytes(plain.toString().getBytes(StandardCharsets.UTF_8));
        plain.setLength(0);
        text.write(escape());
      } else {
        plain.append(c);
      }
    }
    text.writeBytes(plain.toString().getBytes(StandardCharsets.UTF_8));
    return text.toByteArray();
  }

  private int escape() {
    char c = source.take();
    return switch (c) {
      case 'a' -> 7;
      case 'b' -> '\b';
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'v' -> 11;
      case 'f' -> '\f';
      case 'r' -> '\r';
      case '0', '1', '2', '3', '4', '5', '6', '7' -> digits(Character.digit(c, 8), 2, 8);
      case 'x' -> hexadecimal();
      default -> c;
    };
  }

  private int hexadecimal() {
    if (Character.digit(source.here(), 16) < 0) {
      throw source.error("expected hexadecimal digits after \\x");
    }
    return digits(0, 2, 16);
  }

  /** Reads up to {@code most} more digits of an escape. */
  private int digits(int first, int most, int radix) {
    int value = first;
    for (int i = 0; i < most && Character.digit(source.here(), radix) >= 0; i++) {
      value = value * radix + Character.digit(source.take(), radix);
    }
    return value;
  }
}
