/* A non-blocking WebSocket client, many on one epoll, for one thread. What travels in the messages is the dialect's. */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A frame that a read cuts in two must fit. */
#define LARGEST_FRAME (1 << 17)

enum stage { CONNECTING, UPGRADING, OPEN, CLOSING, CLOSED };

struct peer {
  int fd;
  uint32_t index;
  int port; /* 0: that of the settings */
  enum stage stage;
  const char *path, *token;
  int close_code;
  uint32_t next; /* the number that the bench expects next, or what it wants to remember */
  uint32_t room; /* of the dialect: the number of the room that it has joined */
  uint32_t asked; /* of the dialect: requests that it has made */
  uint32_t held_length, held_size;
  unsigned char *held; /* the head of a frame that is not whole yet */
};

/* How a bench's JSON messages travel in text messages of WebSocket. */
struct dialect {
  const char *name;
  const char *subprotocol; /* may be NULL */
  void (*on_open)(struct peer *peer); /* may be NULL */
  void (*take)(struct peer *peer, const unsigned char *text, size_t length);
  /* Writes the frame of one message, or of one request; returns its length. */
  size_t (*write)(struct peer *peer, unsigned char *to, const char *json, size_t length);
  /* The smallest sign of life of a client that reads nothing. */
  const char *alive;
};

struct peers_settings {
  const char *host, *source; /* source may be NULL */
  int port;
  const struct dialect *dialect;
  void (*on_message)(struct peer *peer, const unsigned char *json, size_t length);
  void (*on_reply)(struct peer *peer); /* a request was answered as it should be; may be NULL */
  void (*on_closed)(struct peer *peer);
};

extern struct peers_settings settings;
extern uint64_t received_at; /* when the bytes that are being handled were read, in ns */
extern uint64_t busy_ns;     /* time spent in reading, as against polling for it */

void peers_start(struct peers_settings settings);
/* small_window: what the peer does not read is felt by the server at once. */
void peer_open(struct peer *peer, bool small_window);
void peers_poll(int wait_ms);
/* Writes the masked frame of one text of so many parts; returns its length. */
size_t text_frame(unsigned char *to, const char *parts[], size_t lengths[], int count);
/* A short text, dropped on a socket that takes nothing, as a stuck peer's is. */
void send_text(struct peer *peer, const char *text);
/* Writes the frame of one JSON message in the dialect's wrapping; returns its length. */
size_t peer_frame(struct peer *peer, unsigned char *to, const char *json, size_t length);
void peer_send(struct peer *peer, const char *json);
void peer_pause(struct peer *peer);  /* reads no more, stays open */
void peer_resume(struct peer *peer); /* reads again */
void peer_close(struct peer *peer); /* starts the closing handshake */

#endif
