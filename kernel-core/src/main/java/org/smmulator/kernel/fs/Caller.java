package org.smmulator.kernel.fs;

import org.smmulator.kernel.mm.UserMemory;
import org.smmulator.kernel.task.Task;

/**
 * On whose behalf a file is used: system calls work on this, never on a client's Java object.
 *
 * @param memory the caller's memory
 * @param files where descriptors that the call makes or takes live
 */
public record Caller(Task task, UserMemory memory, FileTable files) {}
