package org.smmulator.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs scenario files as tests, each as one, in place of {@code @Test}:
 *
 * <pre>
 * &#64;ScenarioTest("src/test/scenarios")
 * void scenarios() {}
 * </pre>
 *
 * <p>The body of the method runs after each scenario that ends as it says. {@link Set} and {@link
 * Seed} go before what a scenario sets; {@link Trace} keeps a trace of each.
 *
 * <p>A scenario fails too if memory leaks, if an IOMMU refuses an access and if the kernel warns.
 * {@link ExpectFault} and {@link ExpectWarning} say of all the method's scenarios what they must
 * meet. Without them, a scenario that expects a text in {@code dmesg} may meet refused accesses,
 * and warnings with that text.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(ScenarioExtension.class)
public @interface ScenarioTest {
  /**
   * Folders, whose {@code .yaml} files are run in the order of their names; files; or names of
   * scenarios that come with smmulator. A scenario of several boards is one test for each.
   */
  String[] value();
}
