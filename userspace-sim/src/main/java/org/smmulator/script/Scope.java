package org.smmulator.script;

/**
 * The surroundings of a value in a file.
 *
 * @param process the process whose step it is in
 * @param side where that process runs
 * @param names the names given so far
 */
record Scope(String process, Side side, Names names) {}
