package org.smmulator.machine.kernel;

import com.google.common.collect.ImmutableList;
import dagger.Module;
import dagger.Provides;
import jakarta.inject.Named;
import org.smmulator.engines.CopyDriver;
import org.smmulator.engines.MsiDriver;
import org.smmulator.engines.SdDriver;
import org.smmulator.engines.UsbDriver;
import org.smmulator.engines.VideoDriver;
import org.smmulator.kernel.device.PlatformDriver;

/** The drivers of the engines of board {@code virt}. */
@Module
public interface EnginesModule {
  @Provides
  @Named("engines")
  static ImmutableList<PlatformDriver> drivers(
      CopyDriver copy, UsbDriver usb, VideoDriver video, SdDriver sd, MsiDriver msi) {
    return ImmutableList.of(copy, usb, video, sd, msi);
  }
}
