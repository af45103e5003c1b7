// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.launcher;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A worker without opinions: it speaks the launcher's protocol and does what scripts in the
 * directory {@code CRIU_BRIDGE_STUB} say, one command a line. {@code worker-<phase>} answers over
 * the socket, {@code phase-<phase>} in a cold JVM, {@code start} comes before the socket. What it
 * was asked goes to the file {@code log} there.
 */
final class StubWorker {
  private final Path stub;
  private final String mode;

  private StubWorker(Path stub, String mode) {
    this.stub = stub;
    this.mode = mode;
  }

  public static void main(String[] arguments) throws Exception {
    StubWorker worker = new StubWorker(Path.of(System.getenv("CRIU_BRIDGE_STUB")), arguments[0]);
    if (arguments[0].equals("worker")) {
      worker.serve();
    } else {
      worker.run("phase-" + System.getenv("CRTOOLS_SCRIPT_ACTION"), System.getenv(), System.out);
    }
  }

  private void serve() throws Exception {
    endWithCriu();
    run("start", System.getenv(), System.out);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of("socket"));
      while (true) {
        try (SocketChannel connection = server.accept()) {
          Map<String, String> request = read(Channels.newInputStream(connection));
          String script = "worker-" + request.get("CRTOOLS_SCRIPT_ACTION");
          run(script, request, Channels.newOutputStream(connection));
        } catch (IOException e) {
          System.err.println("nobody waits for the answer: " + e);
        }
      }
    }
  }

  private static void endWithCriu() {
    Path criu = Path.of("/proc", System.getenv("CRIU_BRIDGE_CRIU").split(" ")[0]);
    Thread watch =
        new Thread(
            () -> {
              try {
                while (Files.exists(criu)) {
                  Thread.sleep(100);
                }
              } catch (InterruptedException end) {
                // ends all the same
              }
              Runtime.getRuntime().halt(0);
            });
    watch.setDaemon(true);
    watch.start();
  }

  private static Map<String, String> read(InputStream in) throws IOException {
    Map<String, String> variables = new HashMap<>();
    for (String variable : new String(in.readAllBytes(), ISO_8859_1).split("\0")) {
      int equals = variable.indexOf('=');
      variables.put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    return variables;
  }

  private void run(String script, Map<String, String> variables, OutputStream out)
      throws Exception {
    log(mode + " " + script + " " + ProcessHandle.current().pid());
    Path file = stub.resolve(script);
    boolean silent = script.equals("start");
    List<String> commands =
        Files.exists(file)
            ? Files.readAllLines(file, ISO_8859_1)
            : silent ? List.of() : List.of("say " + script + " done", "exit 0");
    for (String command : commands) {
      int space = command.indexOf(' ');
      String argument = space < 0 ? "" : command.substring(space + 1);
      execute(space < 0 ? command : command.substring(0, space), argument, variables, out);
      out.flush();
    }
  }

  private void execute(
      String command, String argument, Map<String, String> variables, OutputStream out)
      throws Exception {
    switch (command) {
      case "say" -> print(out, argument + "\n");
      case "raw" -> print(out, argument.translateEscapes());
      case "exit" -> print(out, "exit " + argument + "\n");
      case "err" -> System.err.println(argument);
      case "variable" -> print(out, argument + "=" + variables.get(argument) + "\n");
      case "environment" -> print(out, argument + "=" + System.getenv(argument) + "\n");
      case "property" -> print(out, argument + "=" + System.getProperty(argument) + "\n");
      case "descriptors" -> print(out, descriptors() + "\n");
      case "status" -> print(out, status(argument) + "\n");
      case "write" -> write(argument.split(" ", 2));
      case "copy-plan" ->
          Files.copy(Path.of(argument), Path.of("plan"), StandardCopyOption.REPLACE_EXISTING);
      case "mode-666" ->
          Files.setPosixFilePermissions(
              Path.of(argument), PosixFilePermissions.fromString("rw-rw-rw-"));
      case "child" -> new ProcessBuilder("sleep", argument).inheritIO().start();
      case "sleep" -> Thread.sleep(1000L * Integer.parseInt(argument));
      case "hang" -> Thread.sleep(600_000);
      case "die" -> Runtime.getRuntime().halt(Integer.parseInt(argument));
      default -> throw new IllegalArgumentException(command);
    }
  }

  /** Writes {@code <file> <text>} in the run directory, {@code \n} in the text being a newline. */
  private static void write(String[] fileAndText) throws IOException {
    Files.writeString(Path.of(fileAndText[0]), fileAndText[1].translateEscapes());
  }

  private static void print(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(ISO_8859_1));
  }

  private static String status(String field) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines.filter(line -> line.startsWith(field)).findFirst().orElse("");
    }
  }

  /** What 0, 1 and 2 are, and how many pipes and sockets there are beyond. */
  private static String descriptors() throws IOException {
    List<String> names = new ArrayList<>();
    for (int fd = 0; fd < 3; fd++) {
      names.add(Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString());
    }
    return String.join(" ", names);
  }

  private void log(String line) throws IOException {
    Files.writeString(stub.resolve("log"), line + "\n", CREATE, APPEND);
  }
}
