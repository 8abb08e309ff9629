package org.smmulator.kernel.task;

import static com.google.common.base.Preconditions.checkElementIndex;

import java.util.Arrays;

/**
 * The classes of the locks that a context holds, by their numbers, in the order in which it took
 * them.
 *
 * <p>Kernel: {@code held_locks} of {@code struct task_struct}.
 */
public final class HeldLocks {
  private int[] classes = new int[4];
  private int size;

  public int size() {
    return size;
  }

  /** The class of the lock that was taken as the {@code i}-th of those still held. */
  public int get(int i) {
    return classes[checkElementIndex(i, size)];
  }

  /** Notes that a lock of {@code lockClass} was taken. */
  public void push(int lockClass) {
    if (size == classes.length) {
      classes = Arrays.copyOf(classes, 2 * size);
    }
    classes[size++] = lockClass;
  }

  /** Notes that the lock of {@code lockClass} that was taken last is released; none may be held. */
  public void remove(int lockClass) {
    for (int i = size - 1; i >= 0; i--) {
      if (classes[i] == lockClass) {
        size--;
        System.arraycopy(classes, i + 1, classes, i, size - i);
        return;
      }
    }
  }
}
