// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import static io.criubridge.core.proc.RawText.bytes;
import static io.criubridge.core.proc.RawText.refusedAtMost;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** What the kernel prints of a process is read back, and nothing that is read does harm. */
class ProcessFilesPropertyTest {

  @Property
  void stat_printed_isReadBack(
      @ForAll @IntRange(min = 1) int pid,
      @ForAll("names") String comm,
      @ForAll @IntRange(min = 0) int parent,
      @ForAll @LongRange(min = 0) long start,
      @ForAll @IntRange(max = 0xffff) int status)
      throws IOException {
    String printed =
        pid + " (" + comm + ") S " + parent + " 0".repeat(17) + " " + start + " 0 0 " + status;
    ProcStat stat = ProcStat.parse(bytes(printed + "\n"));
    assertThat(stat)
        .isEqualTo(
            new ProcStat(pid, ProcText.decode(comm), 'S', parent, start, new WaitStatus(status)));
  }

  @Property
  void stat_anyBytes_areReadOrRefused(@ForAll("garbage") byte[] content) {
    refusedAtMost(() -> ProcStat.parse(content));
  }

  @Property
  void status_printed_isReadBack(
      @ForAll("names") String comm,
      @ForAll @Size(min = 1, max = 32) List<@IntRange(min = 1) Integer> pids,
      @ForAll @LongRange(max = 0xffff_ffffL) long uid,
      @ForAll @LongRange(max = 0xffff_ffffL) long gid)
      throws IOException {
    String escaped = comm.replace("\\", "\\\\").replace("\n", "\\n");
    String numbers = pids.stream().map(String::valueOf).collect(joining("\t"));
    byte[] status =
        bytes(
            "Name:\t%s\nUmask:\t0022\nUid:\t0\t0\t0\t%d\nGid:\t0\t0\t0\t%d\nNSpid:\t%s\nThreads:\t1\n"
                .formatted(escaped, uid, gid, numbers));
    assertThat(NamespacePids.parse("status", status)).isEqualTo(pids);
    assertThat(FilesystemIds.parse("status", status)).isEqualTo(new FilesystemIds(uid, gid));
  }

  @Property
  void status_anyBytes_areReadOrRefused(@ForAll("garbage") byte[] content) {
    refusedAtMost(() -> NamespacePids.parse("status", content));
    refusedAtMost(() -> FilesystemIds.parse("status", content));
  }

  @Property
  void cgroup_anyBytes_areReadOrRefused(@ForAll("garbage") byte[] content) {
    refusedAtMost(
        () -> {
          for (CgroupHierarchy hierarchy : ProcCgroup.parse(content).hierarchies()) {
            pathOrOutside(hierarchy);
          }
        });
  }

  private static void pathOrOutside(CgroupHierarchy hierarchy) {
    try {
      assertThat(hierarchy.path().bytes()).startsWith((byte) '/');
    } catch (CgroupOutsideException e) {
      assertThat(hierarchy.shownPath()).startsWith("/..");
    }
  }

  @Provide
  Arbitrary<byte[]> garbage() {
    return RawText.garbage();
  }

  @Provide
  Arbitrary<String> names() {
    return RawText.names();
  }
}
