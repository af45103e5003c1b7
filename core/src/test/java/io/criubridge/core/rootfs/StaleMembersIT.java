// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.criubridge.core.sys.ScopedRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The list of stale members, beside archives that it fits and does not fit. */
class StaleMembersIT {

  @TempDir Path temp;
  private Path target;

  @BeforeEach
  void makeTarget() throws IOException {
    target = Files.createDirectory(temp.resolve("target"));
  }

  /** Members at 0, 1024 and 2560, the end at 3584. */
  private Applied apply(String list) throws IOException {
    Path archive =
        new TarBytes().file("a", "1").pax("path", "b").file("x", "").file("c", "3").write(temp);
    Files.writeString(temp.resolve("stale-members.json"), list, UTF_8);
    try (ScopedRoot root = ScopedRoot.open(target)) {
      return RootfsDiff.apply(archive, root, Existing.REPLACE);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | a,b,c",
        "[[0,1024]] | b,c",
        "[[1024,1536]] | a,c",
        "[[2560,1024]] | a,b",
        "[[0,1024],[1024,1536]] | c",
        "[[0,1024],[2560,1024]] | b",
        "[[0,3584]] | ",
      })
  void apply_leavesOutWhatIsListed(String list, String names) throws IOException {
    int expected = names == null ? 0 : names.split(",").length;
    assertThat(apply(list).entries()).isEqualTo(expected);
    assertThat(target.toFile().list())
        .containsExactlyInAnyOrder(expected == 0 ? new String[0] : names.split(","));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[[512,512]] | archive offset 512: has no member here",
        "[[0,512]] | archive offset 512: not a tar header",
        "[[4096,512]] | archive offset 4096: has no member here",
        "[[0,1048576]] | ends too early",
        "[[0,9223372036854775296]] | longer than it may be",
        "[[0,1024],[512,1024]] | stale-members.json: members overlap at 512",
        "[[1024,512],[0,1024]] | stale-members.json: members overlap at 0",
        "[[-512,1024]] | stale-members.json: no member: 1024 bytes at -512",
        "[[0,0]] | stale-members.json: no member",
        "[[1,512]] | stale-members.json: no member",
        "[[512,9223372036854775296]] | stale-members.json: no member",
        "[[0,1024,5]] | stale-members.json: ",
        "[[0]] | stale-members.json: ",
        "[0,1024] | stale-members.json: ",
        "{} | stale-members.json: ",
        "[][] | stale-members.json: ",
        "[[0,1e99]] | stale-members.json: ",
        "[[0,x]] | stale-members.json: ",
        "[[0,1024] | stale-members.json: ",
      })
  void apply_refusesAListThatIsNotTheArchives(String list, String message) {
    assertThatIOException().isThrownBy(() -> apply(list)).withMessageContaining(message);
  }

  @Test
  void apply_refusesAnEmptyFileForAList() {
    assertThatIOException()
        .isThrownBy(() -> apply(""))
        .withMessageContaining("stale-members.json: ");
  }

  @Test
  void toJson_isReadBack() throws IOException {
    StaleMembers members =
        new StaleMembers(List.of(new MemberRange(0, 512), new MemberRange(1L << 40, 1024)));
    Files.write(temp.resolve("stale-members.json"), members.toJson());
    assertThat(StaleMembers.of(temp.resolve("any.tar"))).isEqualTo(members);
    assertThat(StaleMembers.of(target.resolve("any.tar"))).isEqualTo(StaleMembers.NONE);
  }
}
