// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.checkpoint.StreamRecord;
import io.criubridge.hooks.restore.MountSource.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MissingSourcesTest {

  private static MountSource mount(String name, Optional<String> recorded, Kind kind) {
    return new MountSource(name, name, recorded, Optional.empty(), true, kind);
  }

  private static StreamSource stream(String... names) {
    return new StreamSource(
        new StreamRecord(List.of(names), "file[1:2]", "/var/log/out", 1, 0), Path.of("/none"));
  }

  @Test
  void message_namesEveryThingAndHowToGiveIt() {
    assertThat(
            MissingSources.message(
                List.of(
                    mount("/data", Optional.of("/srv/data"), Kind.DIRECTORY),
                    mount("/etc/hosts", Optional.empty(), Kind.FILE),
                    mount("/sys/fs/cgroup", Optional.of("/pod"), Kind.CGROUP)),
                List.of(stream("stdout", "stderr"))))
        .isEqualTo(
            """
            nothing was started: this machine lacks what the checkpoint needs from outside:
              /data (a directory, was /srv/data at dump): give CRIU_BRIDGE_MAP=/data=/path/on/this/machine
              /etc/hosts (a file, was somewhere the dump could not see at dump): give CRIU_BRIDGE_MAP=/etc/hosts=/path/on/this/machine
              /sys/fs/cgroup (a control group, was /pod at dump): give CRIU_BRIDGE_MAP=/sys/fs/cgroup=/path/on/this/machine
              stdout (a file, was /var/log/out at dump): give CRIU_BRIDGE_MAP=stdout=/path/on/this/machine
              several are separated by commas: CRIU_BRIDGE_MAP=/a=/x,/b=/y""");
  }

  @Test
  void message_one_saysNothingOfSeveral() {
    assertThat(MissingSources.message(List.of(), List.of(stream("stdin"))).lines()).hasSize(2);
  }

  @Test
  void message_commaInAName_isWrittenAsTheVariableNeedsIt() {
    assertThat(message("/a, b")).contains("  /a, b (").contains("CRIU_BRIDGE_MAP=/a\\, b=");
  }

  @Test
  void message_hostileName_makesNoLineOfItsOwn() {
    assertThat(message("/a\nexit 0\n\u001b[2J").lines()).hasSize(2);
  }

  private static String message(String name) {
    return MissingSources.message(List.of(mount(name, Optional.of("/x\ny"), Kind.FILE)), List.of());
  }
}
