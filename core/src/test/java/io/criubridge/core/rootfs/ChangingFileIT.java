// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.sys.PublishedFile;
import io.criubridge.core.sys.ScopedRoot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole capture of a file that is not left alone meanwhile, which frozen tasks would do. */
class ChangingFileIT {

  @TempDir Path temp;

  /** Changes a file when its first part has been read and is to be written. */
  private record Meddler(WritableByteChannel out, Path directory, String script)
      implements WritableByteChannel {

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      Path done = directory.resolve("meddled");
      if (!Files.exists(done)) {
        try {
          Shell.in(directory, script);
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        Files.createFile(done);
      }
      return out.write(bytes);
    }

    @Override
    public boolean isOpen() {
      return out.isOpen();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo more >> file",
        "truncate -s 5M file",
        "truncate -s 9M file",
        "touch -r file t; printf x | dd of=file conv=notrunc status=none; touch -r t file; rm t",
        "touch -r file t; printf x | dd of=file bs=1 seek=8000000 conv=notrunc status=none;"
            + " touch -r t file; rm t",
        "cp -a file other; mv other file",
        "rm file",
        "chmod 0600 file",
        "setfattr -n user.x -v y file",
        "ln file second",
      })
  void capture_failsByNameAndPublishesNothing(String script) throws Exception {
    Path lower = Files.createDirectory(temp.resolve("lower"));
    Path out = Files.createDirectory(temp.resolve("out"));
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), "");
        ScopedRoot upper = ScopedRoot.openToRead(source.upper());
        ScopedRoot merged = ScopedRoot.open(source.merged())) {
      // More than all parts of the archive that may be on their way at once.
      Shell.in(source.merged(), "head -c 8M /dev/urandom > file");
      assertThatExceptionOfType(CaptureException.class)
          .isThrownBy(
              () -> {
                Path archive = out.resolve("rootfs-diff.tar");
                try (PublishedFile file = PublishedFile.create(archive, 0600)) {
                  Meddler meddler = new Meddler(file.channel(), source.merged(), script);
                  RootfsDiff.capture(upper, merged, CaptureOptions.everything(), meddler);
                  file.publish();
                }
              })
          .withMessageStartingWith("capture /file: ");
    }
    assertThat(out).isEmptyDirectory();
  }
}
