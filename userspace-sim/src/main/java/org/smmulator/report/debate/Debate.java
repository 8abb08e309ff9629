package org.smmulator.report.debate;

import static com.google.common.collect.ImmutableSet.toImmutableSet;

import com.google.common.collect.ImmutableSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An argument, as its file tells it. None of its texts says what a run shows.
 *
 * @param people who argued
 * @param problem the question
 * @param broken parts of what the kernel says or a process finds in a run whose design broke
 * @param sides the proposals
 * @param grid a table of the runs by two of their switches; null if there is none
 * @param orders the orders in which changes could have been merged; may be empty
 * @param open what nobody answered
 * @param merged what Linux merged, and its name in today's tree
 * @param waits why it cannot be run yet; null if it can
 */
public record Debate(
    String title,
    String people,
    String problem,
    @Nullable List<String> broken,
    @Nullable List<Side> sides,
    @Nullable Grid grid,
    @Nullable List<Order> orders,
    String open,
    String merged,
    @Nullable String waits) {
  /**
   * A proposal.
   *
   * @param proposed by whom, and when
   * @param proposal in one sentence or two
   * @param objection in one sentence
   * @param runs scenarios that come with the program and test the objection
   */
  public record Side(
      String name, String proposed, String proposal, String objection, List<String> runs) {}

  /**
   * A table of the runs.
   *
   * @param rows the switch whose values are its rows
   * @param columns the switch whose values are its columns
   */
  public record Grid(String rows, String columns) {}

  /**
   * An order of changes.
   *
   * @param steps the scenario of the state before the first change, and after each
   */
  public record Order(String name, List<String> steps) {}

  /** The names of the scenarios that test its sides. */
  public ImmutableSet<String> runs() {
    return sidesOrNone().stream().flatMap(side -> side.runs().stream()).collect(toImmutableSet());
  }

  List<Side> sidesOrNone() {
    return sides == null ? List.of() : sides;
  }

  List<Order> ordersOrNone() {
    return orders == null ? List.of() : orders;
  }

  List<String> brokenOrNone() {
    return broken == null ? List.of() : broken;
  }
}
