package org.smmulator.machine;

import dagger.BindsInstance;
import dagger.Component;
import jakarta.inject.Singleton;
import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.faults.InjectedFaults;
import org.smmulator.machine.isolation.IsolationWatch;
import org.smmulator.machine.kernel.BoardMemory;
import org.smmulator.machine.kernel.CoreModule;
import org.smmulator.machine.kernel.DmaModule;
import org.smmulator.machine.kernel.DrmModule;
import org.smmulator.machine.kernel.EnginesModule;
import org.smmulator.machine.kernel.ExynosModule;
import org.smmulator.machine.kernel.Initcalls;
import org.smmulator.machine.kernel.IommuDriversModule;
import org.smmulator.machine.kernel.IommuModule;
import org.smmulator.machine.kernel.MsmModule;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.machine.silicon.SiliconModule;

/** One boot of one board: its hardware, the kernel that is compiled for it, and its switches. */
@Singleton
@Component(
    modules = {
      SiliconModule.class,
      CoreModule.class,
      DmaModule.class,
      IommuModule.class,
      IommuDriversModule.class,
      DrmModule.class,
      MsmModule.class,
      ExynosModule.class,
      EnginesModule.class,
      Initcalls.class,
    })
interface MachineComponent {
  Machine machine();

  /** Makes the objects of a boot. A module that is not replaced has a default instance. */
  @Component.Builder
  interface Builder {
    @BindsInstance
    void board(DeviceTree board);

    @BindsInstance
    void memory(BoardMemory memory);

    @BindsInstance
    void dram(Dram dram);

    @BindsInstance
    void config(KernelConfig config);

    @BindsInstance
    void interposer(Interposer interposer);

    @BindsInstance
    void faults(InjectedFaults faults);

    @BindsInstance
    void isolation(IsolationWatch isolation);

    void replace(IommuModule module);

    void replace(MsmModule module);

    void replace(Initcalls module);

    MachineComponent build();
  }
}
