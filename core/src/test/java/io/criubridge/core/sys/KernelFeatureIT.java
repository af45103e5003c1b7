// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class KernelFeatureIT {

  @Test
  void kernelOfTheTests_hasAllOfThem() {
    assertThat(KernelFeature.present()).isEqualTo(EnumSet.allOf(KernelFeature.class));
  }
}
