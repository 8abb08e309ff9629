package org.smmulator.script;

/** What a name of a scenario stands for. */
public enum Kind {
  DESCRIPTOR("an open file", "open or dup"),
  BUFFER("a buffer", "gem_new"),
  JOB("a job", "submit"),
  QUEUE("a submitqueue", "queue_new"),
  NUMBER("a number", "get_param, gem_info or read");

  private final String words;
  private final String makers;

  Kind(String words, String makers) {
    this.words = words;
    this.makers = makers;
  }

  /** With its article: {@code a buffer}. */
  public String words() {
    return words;
  }

  /** The steps that give such a name. */
  public String makers() {
    return makers;
  }
}
