// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.proc.MountInfo;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.sys.BytePath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On real mounts, in a mount namespace of its own that ends with a second JVM. */
@Tag("root")
class WritableProcSysIT {

  private static final String BIND = "mount --bind /proc/sys /proc/sys && ";

  @Test
  void open_readOnly_isWritableMeanwhileAndKeepsItsOtherFlags() throws Exception {
    assertThat(probe(BIND + "mount -o remount,bind,ro,nosuid,nodev,noexec,noatime /proc/sys"))
        .containsExactly(
            "ro,nosuid,nodev,noexec,noatime closed",
            "rw,nosuid,nodev,noexec,noatime open",
            "ro,nosuid,nodev,noexec,noatime closed");
  }

  @Test
  void open_writableMount_staysWritable() throws Exception {
    assertThat(probe(BIND + "mount -o remount,bind,rw,nosuid,relatime /proc/sys"))
        .containsExactly(
            "rw,nosuid,relatime open", "rw,nosuid,relatime open", "rw,nosuid,relatime open");
  }

  @Test
  void open_noMountThere_isNoError() throws Exception {
    assertThat(probe("true")).containsExactly("none open", "none open", "none open");
  }

  @Test
  void open_stackedMounts_theVisibleOneChanges() throws Exception {
    assertThat(
            probe(
                BIND
                    + "mount -o remount,bind,ro,nosuid,relatime /proc/sys && "
                    + BIND
                    + "mount -o remount,bind,ro,nodev,relatime /proc/sys"))
        .containsExactly(
            "ro,nosuid,nodev,relatime closed",
            "rw,nosuid,nodev,relatime open",
            "ro,nosuid,nodev,relatime closed");
  }

  /** What a JVM sees before, while and after, once the command has been run in its namespace. */
  private static List<String> probe(String command) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-c",
                command + " && exec \"$0\" \"$@\"",
                java,
                "-cp",
                System.getProperty("java.class.path"),
                Probe.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().filter(line -> !line.startsWith("WARNING")).toList();
  }

  /** The second JVM. */
  static final class Probe {
    private static final Path SYSCTL = Path.of("/proc/sys/kernel/hostname");

    private Probe() {}

    public static void main(String[] arguments) throws IOException {
      System.out.println(look());
      try (WritableProcSys procSys = WritableProcSys.open()) {
        System.out.println(look());
        if (procSys.wasReadOnly() && !look().startsWith("rw")) {
          throw new AssertionError("said to be writable");
        }
      }
      System.out.println(look());
    }

    private static String look() throws IOException {
      Optional<MountInfo> mount =
          MountTable.parse(Files.readAllBytes(Path.of("/proc/self/mountinfo")))
              .visibleAt(BytePath.of("/proc/sys"));
      String options = mount.map(m -> String.join(",", m.options())).orElse("none");
      try (FileChannel sysctl = FileChannel.open(SYSCTL, StandardOpenOption.WRITE)) {
        return options + (sysctl.isOpen() ? " open" : "");
      } catch (IOException e) {
        return options + " closed";
      }
    }
  }
}
