package org.smmulator.machine;

import dagger.BindsInstance;
import dagger.Component;
import jakarta.inject.Singleton;
import org.smmulator.hw.dram.Dram;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.kernel.KernelModule;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.machine.silicon.SiliconModule;

/** One boot of one board: what is soldered on, what is compiled in, how it is configured. */
@Singleton
@Component(modules = {SiliconModule.class, KernelModule.class})
interface MachineComponent {
  Machine machine();

  /** Makes a boot's objects. */
  @Component.Factory
  interface Factory {
    MachineComponent boot(
        @BindsInstance DeviceTree board,
        @BindsInstance Dram dram,
        @BindsInstance KernelConfig config,
        @BindsInstance Interposer interposer,
        KernelModule kernel);
  }
}
