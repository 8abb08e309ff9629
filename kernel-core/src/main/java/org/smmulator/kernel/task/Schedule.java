package org.smmulator.kernel.task;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/**
 * Decides who runs next wherever more than one context could.
 *
 * <p>A schedule is used by one machine only. The same schedule with the same seed makes the same
 * choices, so a run can be had again.
 */
public interface Schedule {
  /**
   * Picks one of {@code candidates}, which are at least two, in the order in which they became
   * runnable.
   *
   * @return an index into {@code candidates}
   */
  int pick(List<Context> candidates);

  /**
   * Says whether the running context gives way at this scheduling point, although it could go on.
   * Asked only while another context could run.
   */
  boolean preempts(Context running);

  /** First come, first served; the running context is never made to give way. */
  static Schedule firstCome() {
    return new Schedule() {
      @Override
      public int pick(List<Context> candidates) {
        return 0;
      }

      @Override
      public boolean preempts(Context running) {
        return false;
      }
    };
  }

  /** Gives way at one scheduling point in four, and picks anyone. */
  static Schedule random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new Schedule() {
      @Override
      public int pick(List<Context> candidates) {
        return random.nextInt(candidates.size());
      }

      @Override
      public boolean preempts(Context running) {
        return random.nextInt(4) == 0;
      }
    };
  }

  /**
   * Probabilistic concurrency testing: a random priority for each context, strictly obeyed, and a
   * few random moments at which the running context drops below all others. Finds a bug that needs
   * {@code changes + 1} orderings with a probability that has a lower bound.
   *
   * <p>Source: Burckhardt et al., "A Randomized Scheduler with Probabilistic Guarantees of Finding
   * Bugs", ASPLOS 2010.
   *
   * @param changes how many moments there are in each doubling of the run's length
   */
  static Schedule pct(long seed, int changes) {
    return new PctSchedule(seed, changes);
  }

  /** Repeats recorded choices, in order; afterwards first come, first served. */
  static Schedule recorded(ImmutableList<Integer> choices) {
    return new Schedule() {
      private int next;

      @Override
      public int pick(List<Context> candidates) {
        int choice = next < choices.size() ? choices.get(next++) : 0;
        return Math.min(choice, candidates.size() - 1);
      }

      @Override
      public boolean preempts(Context running) {
        return next < choices.size() && choices.get(next++) != 0;
      }
    };
  }

  /**
   * This schedule, with each choice told to {@code recorder} in the form {@link #recorded} takes.
   */
  default Schedule recording(IntConsumer recorder) {
    Schedule inner = this;
    return new Schedule() {
      @Override
      public int pick(List<Context> candidates) {
        int choice = inner.pick(candidates);
        recorder.accept(choice);
        return choice;
      }

      @Override
      public boolean preempts(Context running) {
        boolean choice = inner.preempts(running);
        recorder.accept(choice ? 1 : 0);
        return choice;
      }
    };
  }
}
