// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * gRPC over a unix socket: connects at the first call, and gives every call a deadline.
 *
 * <p>The socket is the JDK's own. Netty's epoll transport would unpack a library into the temporary
 * directory, which may be read-only or not executable where this runs.
 */
final class UnixGrpcChannel implements AutoCloseable {
  /** As large as containerd and Kubernetes let a message be. */
  private static final int MAX_MESSAGE_BYTES = 16 << 20;

  private final Path socket;
  private final RpcDeadlines deadlines;
  private final EventLoopGroup eventLoop;
  private final ManagedChannel connection;
  private final Channel channel;

  private UnixGrpcChannel(Path socket, RpcDeadlines deadlines, Metadata headers) {
    this.socket = socket;
    this.deadlines = deadlines;
    eventLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    connection =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            // gRPC sets it and Netty would warn in CRIU's log: unix sockets have none.
            .withOption(ChannelOption.SO_KEEPALIVE, null)
            .eventLoopGroup(eventLoop)
            .directExecutor()
            .usePlaintext()
            .disableRetry()
            .overrideAuthority("localhost")
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .build();
    channel =
        ClientInterceptors.intercept(
            connection, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /**
   * Prepares a channel.
   *
   * @param headers sent with every call
   */
  static UnixGrpcChannel open(Path socket, RpcDeadlines deadlines, Metadata headers) {
    return new UnixGrpcChannel(socket, deadlines, headers);
  }

  Path socket() {
    return socket;
  }

  /**
   * Asks once.
   *
   * @throws NoLiveContainerException if the server knows nothing of what was asked about
   * @throws ContainerRuntimeException if there is no answer
   */
  <Q, R> R call(MethodDescriptor<Q, R> method, Q question) throws ContainerRuntimeException {
    String name = method.getFullMethodName();
    awaitConnection(name);
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(deadlines.call().toNanos(), TimeUnit.NANOSECONDS);
    try {
      return ClientCalls.blockingUnaryCall(channel, method, options, question);
    } catch (StatusRuntimeException e) {
      throw failure(name, e);
    }
  }

  /** Waits until the server speaks, or is known not to: then the call itself says why. */
  private void awaitConnection(String call) throws ContainerRuntimeException {
    long end = System.nanoTime() + deadlines.connect().toNanos();
    ConnectivityState state = connection.getState(true);
    while (state == ConnectivityState.IDLE || state == ConnectivityState.CONNECTING) {
      CountDownLatch changed = new CountDownLatch(1);
      connection.notifyWhenStateChanged(state, changed::countDown);
      try {
        if (!changed.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          throw new ContainerRuntimeException(
              call, socket, "does not speak HTTP/2 within " + text(deadlines.connect()));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ContainerRuntimeException(call, socket, "interrupted while connecting", e);
      }
      state = connection.getState(true);
    }
  }

  private ContainerRuntimeException failure(String call, StatusRuntimeException e) {
    Status status = e.getStatus();
    String said = said(status);
    return switch (status.getCode()) {
      case NOT_FOUND -> new NoLiveContainerException(call, socket, said);
      case DEADLINE_EXCEEDED ->
          new ContainerRuntimeException(
              call, socket, "no answer within " + text(deadlines.call()), e);
      case UNAVAILABLE ->
          new ContainerRuntimeException(
              call, socket, said + "; does the runtime run, and is this its socket?", e);
      case UNIMPLEMENTED ->
          new ContainerRuntimeException(
              call, socket, said + "; this socket is another runtime's, or lacks a plugin", e);
      default -> new ContainerRuntimeException(call, socket, status.getCode() + ": " + said, e);
    };
  }

  private static String said(Status status) {
    String description = Optional.ofNullable(status.getDescription()).orElse("");
    Throwable cause = status.getCause();
    // "io exception" alone helps nobody; what the kernel said does.
    return cause == null ? description : description + " (" + cause.getMessage() + ")";
  }

  private static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }

  /** Waits for the thread that polls the socket: a JVM that ends meanwhile stalls for 300 ms. */
  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // sync throws what the future holds
  public void close() {
    connection.shutdownNow();
    eventLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
