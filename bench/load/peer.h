/* A non-blocking WebSocket or engine.io client, many on one epoll, for one thread. */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A frame that a read cuts in two must fit; the benches' frames have at most 1.1 kB. */
#define HELD_BYTES 4096

enum dialect { PLAIN, ENGINE_IO };
enum stage { CONNECTING, UPGRADING, OPEN, CLOSING, CLOSED };

struct peer {
  int fd;
  uint32_t index;
  enum stage stage;
  const char *path, *token;
  int close_code;
  uint32_t next; /* the number that the bench expects next, or what it wants to remember */
  uint32_t held_length;
  unsigned char held[HELD_BYTES];
};

struct peers_settings {
  const char *host, *source; /* source may be NULL */
  int port;
  enum dialect dialect;
  void (*on_message)(struct peer *peer, const unsigned char *json, size_t length);
  void (*on_closed)(struct peer *peer);
};

extern uint64_t received_at; /* when the bytes that are being handled were read, in ns */
extern uint64_t busy_ns;     /* time spent in reading, as against polling for it */

void peers_start(struct peers_settings settings);
/* small_window: what the peer does not read is felt by the server at once. */
void peer_open(struct peer *peer, bool small_window);
void peers_poll(int wait_ms);
/* Writes the masked frame of one JSON message, in the dialect's wrapping; returns its length. */
size_t peer_frame(unsigned char *to, const char *json, size_t length);
void peer_send(struct peer *peer, const char *json);
void peer_pause(struct peer *peer); /* never reads again, stays open */
void peer_close(struct peer *peer); /* starts the closing handshake */

#endif
