// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A container that changes its files all the time, until the very moment it is frozen. */
class RestlessContainerIT {

  /**
   * Files come, change with their size and time kept, get other names, links and types, and go, in
   * directories that come and go as well.
   */
  private static final String RESTLESS =
      """
      cd /data
      mkdir still
      for i in $(seq 300); do echo "file $i" > still/f$i; done
      echo ready
      i=0
      while :; do
        i=$((i + 1)) n=$((i % 40))
        mkdir -p d$((i % 5))
        echo $i > d$((i % 5))/f$n
        touch -d "2020-01-01 00:00:00" same$((n % 4)); echo $((i % 10)) > same$((n % 4))
        touch -d "2020-01-01 00:00:00" same$((n % 4))
        mv d$((i % 5))/f$n moved$n
        ln -f moved$n linked$n
        rm -rf moved$(((n + 20) % 40)) linked$(((n + 30) % 40)) d$(((i + 2) % 5))
        if [ -d turn ]; then rmdir turn; echo $i > turn; else rm -f turn; mkdir turn; fi
        echo $i >> still/f$((1 + i % 300))
        if [ $((i % 7)) = 0 ]; then rm -f /app/kept; else echo $i > /app/kept; fi
        if [ $((i % 11)) = 0 ]; then rm -rf /app/cfg; mkdir /app/cfg; echo $i > /app/cfg/new; fi
      done
      """;

  /** Everything about each file; sizes and links of directories are the file system's own. */
  private static final String LISTING =
      "cd %s && find . -xdev -type d -printf '%%p %%y %%m %%U %%G %%T@\\n' -o"
          + " -printf '%%p %%y %%m %%U %%G %%T@ %%s %%n %%l\\n' | sort"
          + " && find . -xdev -type f -print0 | sort -z | xargs -0 sha256sum";

  @ParameterizedTest
  @ValueSource(strings = {"always", "never"})
  void diff_givesTheTreeOfTheFreeze(String twoPass) throws IOException {
    try (Lab lab = new Lab(Path.of("/opt/criu4/bin/criu"))) {
      lab.environment("CRIU_BRIDGE_CAPTURE_TWO_PASS", twoPass);
      lab.environment("CONTAINER_SCRIPT", lab.script("restless", RESTLESS).toString());
      for (int round = 0; round < 4; round++) {
        String source = "source" + round;
        Path images = lab.images("images" + round);
        lab.dump(lab.startContainer(source), images).ok();
        lab.awaitNoWorker();

        // CRIU has ended its processes: its tree is as it was.
        Path root = lab.freshRoot("target" + round, source);
        lab.run(
                Lab.DIST.resolve("bin/criu-bridge").toString(),
                "rootfs",
                "apply",
                "--checkpoint",
                images.toString(),
                "--root",
                root.toString())
            .ok();
        assertThat(listing(lab, root)).isEqualTo(listing(lab, lab.path(source + "/rootfs")));
        lab.stopContainer(source);
      }
    }
  }

  /** But for the time of /tmp, where CRIU makes directories for itself and removes them. */
  private static String listing(Lab lab, Path root) {
    String listing = lab.run("bash", "-c", LISTING.formatted(root)).ok().output();
    return listing.replaceFirst("(\n\\./tmp d \\d+ 0 0) .*", "$1");
  }
}
