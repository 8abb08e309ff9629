/**
 * Pieces of JSON Schema, draft 2020-12, for what a field of a scenario file takes.
 *
 * <p>Start at {@link org.smmulator.script.schema.Definitions}; {@link
 * org.smmulator.script.schema.JsonSchema} makes the pieces. A file is YAML, and a scalar of YAML
 * has a type before anybody asks for it: {@code 4096} is an integer and {@code 64K} is a string. A
 * piece takes each form in which the parser would read the same value.
 *
 * <p>Left out: what only a whole file can tell, such as a name that no step gives.
 *
 * <p>Threads: none; a schema is made by whoever prints it.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.script.schema;

import org.jspecify.annotations.NullMarked;
