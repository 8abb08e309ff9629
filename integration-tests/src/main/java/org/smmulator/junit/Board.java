package org.smmulator.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A machine as a parameter of a test method: {@code void test(@Board("db845c") Machine machine)}.
 *
 * <p>Each parameter gets a machine of its own, booted before the test and closed after it, with
 * every tracepoint on. If the test fails, the failure shows the end of the machine's log, and the
 * whole log and the trace are kept in {@code target/smmulator/CLASS.METHOD}.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(BoardExtension.class)
public @interface Board {
  /** The board's name, as {@code smmulator boards} lists it. */
  String value();

  /** Switches, each as {@code key=value}. */
  String[] set() default {};
}
