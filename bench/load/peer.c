#include "peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measure.h"
#include "options.h"

#define CLOSE 8
#define PING 9
#define PONG 10
#define TEXT 1

/* The key and its answer are the example of RFC 6455, 1.3. */
static const char upgrade_request[] =
    "GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Authorization: Bearer %s\r\n%s%s%s\r\n";
static const char accept_value[] = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
static const unsigned char mask[4] = {0x5a, 0xc3, 0x17, 0x9e};

struct peers_settings settings;
static int epoll_fd;
uint64_t received_at, busy_ns;

void peers_start(struct peers_settings given) {
  settings = given;
  epoll_fd = epoll_create1(0);
}

static struct sockaddr_in address_of(const char *host, int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  if (inet_pton(AF_INET, host, &address.sin_addr) != 1) fail("not an IPv4 address: %s", host);
  return address;
}

static int port_of(const struct peer *peer) { return peer->port ? peer->port : settings.port; }

void peer_open(struct peer *peer, bool small_window) {
  int one = 1, window = 4096;
  peer->stage = CONNECTING;
  peer->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (peer->fd < 0) fail("socket: %s (see ulimit -n)", strerror(errno));
  setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (small_window) setsockopt(peer->fd, SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
  if (settings.source) {
    struct sockaddr_in source = address_of(settings.source, 0);
    setsockopt(peer->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (bind(peer->fd, (struct sockaddr *)&source, sizeof source)) fail("bind: %s", strerror(errno));
  }
  struct sockaddr_in server = address_of(settings.host, port_of(peer));
  if (connect(peer->fd, (struct sockaddr *)&server, sizeof server) && errno != EINPROGRESS)
    fail("connect: %s", strerror(errno));
  struct epoll_event event = {.events = EPOLLOUT, .data.ptr = peer};
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, peer->fd, &event);
}

static void request_upgrade(struct peer *peer) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(peer->fd, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error) fail("connection %u: %s", peer->index, strerror(error));
  char request[2048];
  const char *subprotocol = settings.dialect->subprotocol;
  int length = snprintf(request, sizeof request, upgrade_request, peer->path, settings.host, port_of(peer), peer->token,
                        subprotocol ? "Sec-WebSocket-Protocol: " : "", subprotocol ? subprotocol : "", subprotocol ? "\r\n" : "");
  if (send(peer->fd, request, length, MSG_NOSIGNAL) != length) fail("could not send the upgrade");
  peer->stage = UPGRADING;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = peer};
  epoll_ctl(epoll_fd, EPOLL_CTL_MOD, peer->fd, &event);
}

static size_t frame(unsigned char *to, int opcode, const char *parts[], size_t lengths[], int count) {
  size_t length = 0, at;
  for (int i = 0; i < count; i++) length += lengths[i];
  if (length > 65535) fail("a frame of %zu bytes is longer than this load can write", length);
  to[0] = 0x80 | opcode;
  if (length < 126) {
    to[1] = 0x80 | length;
    at = 2;
  } else {
    to[1] = 0x80 | 126;
    to[2] = length >> 8;
    to[3] = length & 255;
    at = 4;
  }
  memcpy(to + at, mask, 4);
  at += 4;
  size_t written = 0;
  for (int i = 0; i < count; i++)
    for (size_t j = 0; j < lengths[i]; j++, written++) to[at + written] = parts[i][j] ^ mask[written & 3];
  return at + length;
}

size_t text_frame(unsigned char *to, const char *parts[], size_t lengths[], int count) {
  return frame(to, TEXT, parts, lengths, count);
}

size_t peer_frame(struct peer *peer, unsigned char *to, const char *json, size_t length) {
  return settings.dialect->write(peer, to, json, length);
}

/* Small frames only: on a socket that takes nothing they are dropped, as a stuck peer's are. */
static void send_frame(struct peer *peer, int opcode, const char *text, size_t length) {
  unsigned char bytes[1024];
  if (length > sizeof bytes - 8) fail("a frame of %zu bytes is not small", length);
  size_t size = frame(bytes, opcode, (const char *[]){text}, (size_t[]){length}, 1);
  send(peer->fd, bytes, size, MSG_NOSIGNAL);
}

void send_text(struct peer *peer, const char *text) { send_frame(peer, TEXT, text, strlen(text)); }

void peer_send(struct peer *peer, const char *json) {
  unsigned char bytes[2048];
  size_t size = peer_frame(peer, bytes, json, strlen(json));
  send(peer->fd, bytes, size, MSG_NOSIGNAL);
}

void peer_pause(struct peer *peer) { epoll_ctl(epoll_fd, EPOLL_CTL_DEL, peer->fd, NULL); }

void peer_resume(struct peer *peer) {
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = peer};
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, peer->fd, &event);
}

void peer_close(struct peer *peer) {
  peer->stage = CLOSING;
  send_frame(peer, CLOSE, "\x03\xe8", 2);
}

static void closed(struct peer *peer) {
  if (peer->stage < OPEN) fail("connection %u was refused or lost before it was open", peer->index);
  close(peer->fd);
  free(peer->held);
  peer->held = NULL;
  peer->held_length = peer->held_size = 0;
  peer->stage = CLOSED;
  settings.on_closed(peer);
}

static void take_frame(struct peer *peer, int opcode, const unsigned char *bytes, size_t length) {
  if (opcode == TEXT) settings.dialect->take(peer, bytes, length);
  else if (opcode == PING) send_frame(peer, PONG, (const char *)bytes, length);
  else if (opcode == CLOSE) {
    peer->close_code = length >= 2 ? bytes[0] << 8 | bytes[1] : 1005;
    if (peer->stage != CLOSING) peer_close(peer);
  } else if (opcode != PONG) fail("a frame with opcode %d was not expected", opcode);
}

/* Returns how many bytes the answer to the upgrade has, 0 if it is not whole yet. */
static size_t take_upgrade(struct peer *peer, const unsigned char *bytes, size_t length) {
  const unsigned char *end = memmem(bytes, length, "\r\n\r\n", 4);
  if (!end) return 0;
  size_t size = end + 4 - bytes;
  if (length < 12 || memcmp(bytes + 9, "101", 3) || !memmem(bytes, size, accept_value, strlen(accept_value)))
    fail("connection %u: the upgrade was answered with: %.*s", peer->index, (int)length, bytes);
  peer->stage = OPEN;
  if (settings.dialect->on_open) settings.dialect->on_open(peer);
  return size;
}

static size_t take_frames(struct peer *peer, const unsigned char *bytes, size_t length) {
  size_t at = 0;
  while (length - at >= 2 && peer->stage != CLOSED) {
    const unsigned char *head = bytes + at;
    size_t size = head[1], start = 2;
    if (!(head[0] & 0x80) || head[0] & 0x70 || head[1] & 0x80) fail("a fragmented, compressed or masked frame came");
    if (size == 126) {
      if (length - at < 4) break;
      size = head[2] << 8 | head[3];
      start = 4;
    } else if (size == 127) {
      if (length - at < 10) break;
      size = 0;
      for (int i = 2; i < 10; i++) size = size << 8 | head[i];
      start = 10;
    }
    if (length - at < start + size) break;
    take_frame(peer, head[0] & 15, head + start, size);
    at += start + size;
  }
  return at;
}

static void read_peer(struct peer *peer) {
  static unsigned char buffer[1 << 18];
  _Static_assert(sizeof buffer > LARGEST_FRAME, "what is held must leave room to read");
  if (peer->held_length) memcpy(buffer, peer->held, peer->held_length);
  ssize_t got = recv(peer->fd, buffer + peer->held_length, sizeof buffer - peer->held_length, 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) return closed(peer);
  received_at = now_ns();
  size_t length = peer->held_length + got;
  size_t used = peer->stage == UPGRADING ? take_upgrade(peer, buffer, length) : 0;
  if (peer->stage >= OPEN) used += take_frames(peer, buffer + used, length - used);
  if (length - used > LARGEST_FRAME) fail("a frame above %d bytes came", LARGEST_FRAME);
  peer->held_length = length - used;
  if (peer->held_length > peer->held_size) {
    peer->held_size = peer->held_length;
    peer->held = realloc(peer->held, peer->held_size);
  }
  if (peer->held_length) memcpy(peer->held, buffer + used, peer->held_length);
}

void peers_poll(int wait_ms) {
  struct epoll_event ready[32];
  int count = epoll_wait(epoll_fd, ready, 32, wait_ms);
  if (count <= 0) return;
  uint64_t began = now_ns();
  for (int i = 0; i < count; i++) {
    struct peer *peer = ready[i].data.ptr;
    if (peer->stage == CONNECTING) request_upgrade(peer);
    else read_peer(peer);
  }
  busy_ns += now_ns() - began;
}
