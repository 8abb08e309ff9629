package org.smmulator.drm.exynos.kms;

import static org.smmulator.kernel.errno.Errno.ENODEV;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import org.smmulator.drm.exynos.kms.ExynosKms.OutputType;
import org.smmulator.drm.kms.Crtc;
import org.smmulator.drm.kms.Encoder;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.component.AggregateDevice;
import org.smmulator.kernel.component.ComponentOps;
import org.smmulator.kernel.component.Components;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.Devres;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.pm.RuntimePm;

/** The driver of MIC. Kernel: {@code exynos_drm_mic.c}, {@code mic_driver}. */
public final class MicDriver implements PlatformDriver {
  private static final ImmutableList<String> CLOCKS =
      ImmutableList.of("pclk_mic0", "sclk_rgb_vclk_to_mic0");

  private final KernelServices kernel;
  private final Components components;

  @Inject
  public MicDriver(KernelServices kernel, Components components) {
    this.kernel = kernel;
    this.components = components;
  }

  @Override
  public String name() {
    return "exynos-mic";
  }

  @Override
  public ImmutableList<String> compatibles() {
    return ImmutableList.of("samsung,exynos5433-mic");
  }

  /**
   * {@inheritDoc} Kernel: {@code exynos_mic_probe()}.
   *
   * @throws ErrnoException EINVAL without registers; ENODEV without the display block's system
   *     registers; ENOENT without one of its clocks
   */
  @Override
  public void probe(PlatformDevice device) throws ErrnoException {
    MicBridge bridge =
        new MicBridge(device, device.registers(0), device.syscon("samsung,disp-syscon"), kernel);
    ControllerPart.checkClocks(device, CLOCKS);
    // exynos_mic_resume(), exynos_mic_suspend()
    device.pm().enable(RuntimePm.Callbacks.clocks(device.clocks()), false);
    components.addManaged(device, new Compressor(bridge));
  }

  /** MIC as a component. Kernel: {@code exynos_mic_component_ops}. */
  private record Compressor(MicBridge bridge) implements ComponentOps {
    @Override
    public String name() {
      return "exynos_mic_component_ops";
    }

    /**
     * {@inheritDoc} Kernel: {@code exynos_mic_bind()}, {@code exynos_mic_unbind()}.
     *
     * @throws ErrnoException ENODEV without a controller or a link behind MIC
     */
    @Override
    public void bind(Device device, AggregateDevice aggregate, Devres binding)
        throws ErrnoException {
      ExynosKms kms = ExynosKms.of(aggregate);
      ExynosCrtcOps controller = kms.controller(OutputType.LCD);
      encoderBehind(kms, controller.crtc()).attach(bridge);
      bridge.fedBy(controller);
      binding.add("let MIC sleep", bridge::sleep);
    }

    private static Encoder encoderBehind(ExynosKms kms, Crtc crtc) throws ErrnoException {
      return kms.config().encoders().stream()
          .filter(encoder -> encoder.possibleCrtcs() == 1 << crtc.index())
          .reduce((_, later) -> later)
          .orElseThrow(() -> ENODEV.because("no encoder is behind %s", crtc.name()));
    }
  }
}
