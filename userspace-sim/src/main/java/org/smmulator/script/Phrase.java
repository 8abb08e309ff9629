package org.smmulator.script;

/** A form with the values that a file gives it. */
public record Phrase<F extends Form>(SourceLocation place, F form, Args args) {}
