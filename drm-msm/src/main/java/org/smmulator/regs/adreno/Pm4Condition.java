package org.smmulator.regs.adreno;

/** The first dword of WAIT_REG_MEM and COND_WRITE5: which comparison, of what. */
public final class Pm4Condition {
  public static final int ALWAYS = 0;
  public static final int LESS = 1;
  public static final int LESS_OR_EQUAL = 2;
  public static final int EQUAL = 3;
  public static final int NOT_EQUAL = 4;
  public static final int GREATER_OR_EQUAL = 5;
  public static final int GREATER = 6;

  /** Compare as signed numbers. */
  public static final int SIGNED = 1 << 3;

  /** Poll memory, not a register. */
  public static final int POLL_MEMORY = 1 << 4;

  /** COND_WRITE5 writes memory, not a register. */
  public static final int WRITE_MEMORY = 1 << 8;

  private static final int FUNCTION_MASK = 0x7;
  private static final int POLL_MASK = 0x3 << 4;

  private Pm4Condition() {}

  /** One of the comparisons here; 7 is none. */
  public static int function(int condition) {
    return condition & FUNCTION_MASK;
  }

  /** The bits that say what is polled: 0 a register, {@link #POLL_MEMORY}, or an on-chip store. */
  public static int poll(int condition) {
    return condition & POLL_MASK;
  }

  /** Returns whether {@code value} fulfils {@code condition}; {@code value} is masked already. */
  public static boolean holds(int condition, int value, int reference) {
    int order =
        (condition & SIGNED) != 0
            ? Integer.compare(value, reference)
            : Integer.compareUnsigned(value, reference);
    return switch (function(condition)) {
      case ALWAYS -> true;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case GREATER_OR_EQUAL -> order >= 0;
      case GREATER -> order > 0;
      default -> false;
    };
  }
}
