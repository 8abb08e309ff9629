package org.smmulator.architecture.planted.userspace;

import dagger.Module;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.smmulator.architecture.planted.kernel.Driver;
import org.smmulator.architecture.planted.machine.KernelConfig;
import org.smmulator.kernel.errno.Errno;

/** A client that reaches past the system calls, and breaks most other rules on its way. */
@Module
public final class Client {
  private static final List<String> SEEN = new ArrayList<>();

  private final KernelConfig config;
  private final Driver driver;
  private final Random random = new Random();

  /** Takes what it must not have. */
  public Client(KernelConfig config, Driver driver) {
    this.config = config;
    this.driver = driver;
  }

  /** Answers with a number of its own making. */
  public synchronized long call() {
    SEEN.add(driver.hashCode() + Thread.currentThread().getName() + random.nextInt());
    return config.design() ? Errno.EINVAL.asReturnValue() : 0;
  }
}
