package org.smmulator.kernel.firmware;

/** A position in a source file or in a blob, as messages name it. */
record Place(String name) {
  /** A position in a source file; lines and columns are counted from 1. */
  static Place inSource(String file, int line, int column) {
    return new Place(file + ":" + line + ":" + column);
  }

  /** A position in a blob, in bytes from its start. */
  static Place inBlob(String file, int offset) {
    return new Place("%s:+0x%x".formatted(file, offset));
  }

  @Override
  public String toString() {
    return name;
  }
}
