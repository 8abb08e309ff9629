package org.smmulator.script;

/**
 * The surroundings of a value in a file.
 *
 * @param process the process whose step it is in
 * @param names the names given so far
 */
record Scope(String process, Names names) {}
