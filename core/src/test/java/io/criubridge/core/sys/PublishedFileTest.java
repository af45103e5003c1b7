// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedFileTest {

  @TempDir Path temp;

  @Test
  void publish_replacesWhatIsThere() throws IOException {
    Path file = Files.writeString(temp.resolve("manifest.yaml"), "old");
    PublishedFile.write(file, "new".getBytes(UTF_8), 0640);
    assertThat(file).hasContent("new");
    assertThat(Files.getAttribute(file, "unix:mode")).isEqualTo(0100640);
    assertThat(temp.toFile().list()).containsExactly("manifest.yaml");
  }

  @Test
  void replace_isWriteButForTheDisk() throws IOException {
    Path file = Files.writeString(temp.resolve("status.json"), "old");
    PublishedFile.replace(file, "new".getBytes(UTF_8), 0640);
    assertThat(file).hasContent("new");
    assertThat(Files.getAttribute(file, "unix:mode")).isEqualTo(0100640);
    assertThat(temp.toFile().list()).containsExactly("status.json");
  }

  @Test
  void close_withoutPublishLeavesNothing() throws IOException {
    Path file = Files.writeString(temp.resolve("a"), "old");
    try (PublishedFile published = PublishedFile.create(file, 0600)) {
      published.channel().write(ByteBuffer.wrap(new byte[] {'x'}));
      assertThat(temp.toFile().list()).hasSize(2);
    }
    assertThat(file).hasContent("old");
    assertThat(temp.toFile().list()).containsExactly("a");
  }

  @Test
  void twoWriters_ofOneFile_haveItWhole() throws IOException {
    Path file = temp.resolve("a");
    try (PublishedFile one = PublishedFile.create(file, 0600);
        PublishedFile other = PublishedFile.create(file, 0640)) {
      one.append("one".getBytes(UTF_8));
      other.append("other".getBytes(UTF_8));
      one.publish();
      assertThat(file).hasContent("one");
      other.publish();
    }
    assertThat(file).hasContent("other");
    assertThat(Files.getAttribute(file, "unix:mode")).isEqualTo(0100640);
    assertThat(temp.toFile().list()).containsExactly("a");
  }

  /** Begins a file and waits to be ended. */
  static final class Writer {
    public static void main(String[] arguments) throws Exception {
      PublishedFile.create(Path.of(arguments[0]), 0600).append(new byte[1]);
      System.out.println("begun");
      Thread.sleep(60_000);
    }
  }

  @Test
  void writerThatIsToldToEnd_leavesNothing() throws Exception {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                temp.resolve("a").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = writer.inputReader()) {
      assertThat(out.readLine()).isEqualTo("begun");
      assertThat(temp.toFile().list()).hasSize(1);
      writer.destroy();
      writer.waitFor();
    } finally {
      writer.destroyForcibly();
    }
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void removeStale_takesOnlyTemporaryFiles() throws IOException {
    PublishedFile.create(temp.resolve("a"), 0600).channel().close();
    Files.writeString(temp.resolve("a.criu-bridge.tmp"), "");
    Files.writeString(temp.resolve(".a.tmp"), "");
    PublishedFile.removeStale(temp);
    assertThat(temp.toFile().list()).containsExactlyInAnyOrder("a.criu-bridge.tmp", ".a.tmp");
  }
}
