package org.smmulator.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A machine for a test: of a parameter, {@code void test(@Board("db845c") Machine machine)}, or of
 * each test of a class or of one test, whose parameters then need no annotation: {@code void
 * test(Machine machine, Client painter)}.
 *
 * <p>Each annotated parameter, and each test of an annotated class, gets a machine of its own,
 * booted before the test and closed after it, with every tracepoint on. A parameter of type {@link
 * org.smmulator.userspace.Client} is a process of the test's machine, named as the parameter is if
 * the test was compiled with {@code -parameters}.
 *
 * <p>A test also fails if the kernel warns in its machine, if an IOMMU refuses an access ({@link
 * ExpectFault} says that it should), or if memory is held that nobody owns once all processes have
 * ended and all drivers are unbound. If it fails, the failure shows the end of the machine's log
 * and the command that runs it again, and the whole log and the trace are kept in {@code
 * target/smmulator/CLASS.METHOD}.
 */
@Documented
@Target({ElementType.PARAMETER, ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(BoardExtension.class)
public @interface Board {
  /** The board's name, as {@code smmulator boards} lists it, or the path of a .dts or .dtb file. */
  String value();

  /** Switches, each as {@code key=value}. */
  String[] set() default {};
}
