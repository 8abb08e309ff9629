package org.smmulator.engines;

import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.dma.DmaApi;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.lock.Lockdep;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.task.Scheduler;

/** What the engines' drivers need of the kernel. */
public record EngineServices(
    Scheduler scheduler,
    Lockdep lockdep,
    DmaApi dma,
    PageAllocator pages,
    Dram dram,
    NodeTree nodes) {}
