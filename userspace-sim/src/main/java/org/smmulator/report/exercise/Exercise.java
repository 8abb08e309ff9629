package org.smmulator.report.exercise;

import java.util.Random;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.script.ScenarioException;

/** One kind of homework. */
@FunctionalInterface
interface Exercise {
  /** Makes a sheet with numbers from {@code random}. */
  Sheet make(Random random) throws BadInputException, ScenarioException;
}
