// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.criubridge.core.sys.FileStat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PaxRecordsTest {

  @Test
  void encode_countsItsOwnLength() {
    for (int length = 0; length < 1_100; length++) {
      Map<String, byte[]> one = Map.of("path", new byte[length]);
      byte[] body = PaxRecords.encode(one);
      assertThat(new String(body, ISO_8859_1)).startsWith(body.length + " path=");
      assertThat(PaxRecords.decode(body)).containsOnlyKeys("path");
      assertThat(PaxRecords.decode(body).get("path")).hasSize(length);
    }
  }

  @Test
  void xattrs_keepEveryByteOfNameAndValue() {
    byte[] value = new byte[256];
    for (int i = 0; i < value.length; i++) {
      value[i] = (byte) i;
    }
    Map<String, byte[]> records = new TreeMap<>();
    records.put(PaxRecords.xattrKey("user.a=b%3Dc\u00ff"), value);
    records.put(PaxRecords.PATH, new byte[0]);
    byte[] body = PaxRecords.encode(records);
    assertThat(PaxRecords.xattrs(PaxRecords.decode(body)))
        .containsOnlyKeys("user.a=b%3Dc\u00ff")
        .allSatisfy((name, bytes) -> assertThat(bytes).isEqualTo(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "5 a=b\n", "6 a=b", "99 a=b\n", "6 aab\n", "-6 a=b\n", "0 a=b\n"})
  void decode_refusesDamage(String body) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PaxRecords.decode(body.getBytes(ISO_8859_1)));
  }

  @ParameterizedTest
  @CsvSource({
    "0,0,0",
    "1,500000000,1.5",
    "-2,500000000,-1.5",
    "-1,999999999,-0.000000001",
    "4102444800,1,4102444800.000000001",
    "-631152000,0,-631152000"
  })
  void time_isReadBackExactly(long seconds, int nanos, String text) {
    FileStat.Time time = new FileStat.Time(seconds, nanos);
    assertThat(PaxRecords.time(time)).isEqualTo(text);
    assertThat(PaxRecords.parseTime(text)).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1e9", "abc", "1.2.3", "--1", "1234567890123456789012"})
  void parseTime_refusesWhatIsNoTime(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> PaxRecords.parseTime(text));
  }
}
