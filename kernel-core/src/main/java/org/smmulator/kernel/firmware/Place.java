package org.smmulator.kernel.firmware;

/**
 * A position in a source file.
 *
 * @param line counted from 1
 * @param column counted from 1
 */
record Place(String file, int line, int column) {
  @Override
  public String toString() {
    return file + ":" + line + ":" + column;
  }
}
