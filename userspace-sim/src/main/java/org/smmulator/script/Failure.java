package org.smmulator.script;

/**
 * A step that did not end as the scenario says.
 *
 * @param process whose step it is
 * @param timeNs when, in virtual time
 */
public record Failure(Step step, String process, String expected, String actual, long timeNs) {}
