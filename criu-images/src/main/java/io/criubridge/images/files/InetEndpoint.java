// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.files;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * An address and port. The images hold an address as 32 bit words whose bytes are those of the
 * network. Source: images/sk-inet.proto.
 *
 * @param address 4 bytes for IPv4, 16 for IPv6
 * @param port 0 for none
 */
public record InetEndpoint(ByteString address, int port) {

  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;
  private static final ByteString MAPPED =
      ByteString.copyFrom(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1});

  /** Refuses what is no address. */
  public InetEndpoint {
    if (address.size() != IPV4_BYTES && address.size() != IPV6_BYTES) {
      throw new IllegalArgumentException("an address of " + address.size() + " bytes");
    }
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("port " + port);
    }
  }

  /** Takes an address as the images hold it, one word or four. */
  public static InetEndpoint of(List<Integer> words, int port) {
    ByteBuffer bytes =
        ByteBuffer.allocate(words.size() * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    words.forEach(bytes::putInt);
    return new InetEndpoint(ByteString.copyFrom(bytes.array()), port);
  }

  /**
   * Reads an address: {@code 10.0.0.1}, {@code fd00::1} or {@code ::ffff:10.0.0.1}. Names are not
   * looked up.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ByteString parseAddress(String text) {
    boolean ipv6 = text.indexOf(':') >= 0;
    if (!text.matches(ipv6 ? "[0-9a-fA-F:.]+" : "[0-9]{1,3}(\\.[0-9]{1,3}){3}")) {
      throw new IllegalArgumentException("not an IP address: " + text);
    }
    try {
      ByteString bytes = ByteString.copyFrom(InetAddress.getByName(text).getAddress());
      return ipv6 && bytes.size() == IPV4_BYTES ? MAPPED.concat(bytes) : bytes;
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an IP address: " + text, e);
    }
  }

  /** The address as the images hold it. */
  public List<Integer> words() {
    ByteBuffer bytes = address.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> words = new ArrayList<>();
    while (bytes.hasRemaining()) {
      words.add(bytes.getInt());
    }
    return words;
  }

  /** Whether it is {@code 0.0.0.0} or {@code ::}. */
  public boolean isAny() {
    return words().stream().allMatch(word -> word == 0);
  }

  /** {@code 10.0.0.1:80} or {@code [fd00::1]:80}; {@code *} for port 0. */
  @Override
  public String toString() {
    return (isIpv6() ? "[" + addressText() + "]" : addressText())
        + ":"
        + (port == 0 ? "*" : Integer.toString(port));
  }

  private boolean isIpv6() {
    return address.size() == IPV6_BYTES;
  }

  /** The address alone: {@code 10.0.0.1} or {@code fd00::1}. */
  public String addressText() {
    if (!isIpv6()) {
      return dotted(address);
    }
    if (address.startsWith(MAPPED)) {
      return "::ffff:" + dotted(address.substring(MAPPED.size()));
    }
    List<String> groups = new ArrayList<>();
    for (int i = 0; i < IPV6_BYTES; i += 2) {
      groups.add(
          Integer.toHexString((address.byteAt(i) & 0xff) << 8 | (address.byteAt(i + 1) & 0xff)));
    }
    return shortened(groups);
  }

  private static String dotted(ByteString bytes) {
    return "%d.%d.%d.%d"
        .formatted(
            bytes.byteAt(0) & 0xff,
            bytes.byteAt(1) & 0xff,
            bytes.byteAt(2) & 0xff,
            bytes.byteAt(3) & 0xff);
  }

  /** Leaves out the first of the longest runs of zeros, if it is longer than one. RFC 5952. */
  private static String shortened(List<String> groups) {
    int best = 0;
    int length = 1;
    for (int start = 0; start < groups.size(); start++) {
      int end = start;
      while (end < groups.size() && groups.get(end).equals("0")) {
        end++;
      }
      if (end - start > length) {
        best = start;
        length = end - start;
      }
    }
    return length == 1
        ? String.join(":", groups)
        : String.join(":", groups.subList(0, best))
            + "::"
            + String.join(":", groups.subList(best + length, groups.size()));
  }
}
