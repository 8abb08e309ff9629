package org.smmulator.oracle;

/** The container image with the compilers and headers that judge. */
public final class OracleImage {
  private OracleImage() {}

  /** Returns the image's name, which the build may say. */
  public static String name() {
    return System.getProperty("oracle.image", "smmulator/uapi-oracle:latest");
  }
}
