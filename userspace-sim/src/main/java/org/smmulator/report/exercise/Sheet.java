package org.smmulator.report.exercise;

import com.google.common.collect.ImmutableList;

/**
 * A sheet of homework.
 *
 * @param task what is given and what is asked, in lines
 * @param questions in the order in which they must be answered
 */
record Sheet(ImmutableList<String> task, ImmutableList<Question> questions) {
  /** A question, and what the machine says to it. */
  record Question(String asked, String answer) {}
}
