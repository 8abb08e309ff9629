package org.smmulator.kernel.lock;

/** Locks that are used alike, such as the mutexes of all objects of one type. */
final class LockClass {
  private final String name;
  private final int index;

  LockClass(String name, int index) {
    this.name = name;
    this.index = index;
  }

  int index() {
    return index;
  }

  @Override
  public String toString() {
    return name;
  }
}
