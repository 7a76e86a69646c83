/* Opens a crowd of connections, uses each (a message and its answer, one broadcast to all), and closes them.
 * With --stuck they never read once they have joined, and stay until standard input ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dialect.h"
#include "measure.h"
#include "options.h"
#include "peer.h"

#define IN_FLIGHT 200
#define PATIENCE (60 * SECOND)

enum { JOINED = 1, ANSWERED = 2, TOLD = 4 };

static struct peer *peers;
static uint32_t members, joined, answered, told, gone;
static bool stuck;

static void note(struct peer *peer, uint32_t what, uint32_t *count) {
  if (peer->next & what) fail("connection %u got something twice", peer->index);
  peer->next |= what;
  ++*count;
}

static void on_message(struct peer *peer, const unsigned char *json, size_t length) {
  if (!memcmp(json, "{\"joined\"", 9)) {
    note(peer, JOINED, &joined);
    if (stuck) peer_pause(peer);
    else peer_send(peer, "{\"hello\":true}");
  } else if (!memcmp(json, "{\"answer\"", 9)) note(peer, ANSWERED, &answered);
  else if (!memcmp(json, "{\"broadcast\"", 12)) note(peer, TOLD, &told);
  else fail("not expected: %.*s", (int)length, json);
}

static void on_closed(struct peer *peer) {
  if (peer->close_code != 1000) fail("connection %u was closed by the server with %d", peer->index, peer->close_code);
  gone++;
}

static void wait_for(const char *what, const uint32_t *count) {
  for (uint64_t until = now_ns() + PATIENCE; *count < members; peers_poll(10))
    if (now_ns() > until) fail("only %u of %u connections: %s", *count, members, what);
}

static void open_all(const char *path, const char **tokens) {
  uint64_t until = now_ns() + PATIENCE;
  for (uint32_t opened = 0; joined < members; peers_poll(10)) {
    for (; opened < members && opened - joined < IN_FLIGHT; opened++) {
      peers[opened].index = opened;
      peers[opened].path = path;
      peers[opened].token = tokens[opened];
      peer_open(&peers[opened], stuck);
    }
    if (now_ns() > until) fail("only %u of %u connections joined", joined, members);
  }
}

int main(int argc, char **argv) {
  read_options(argc, argv);
  members = number_option("--members", NULL);
  stuck = number_option("--stuck", "0") > 0;
  peers = calloc(members, sizeof *peers);
  peers_start((struct peers_settings){
      .host = option("--host", "127.0.0.1"),
      .port = number_option("--port", NULL),
      .source = option("--source", "127.0.0.1"),
      .dialect = dialect_named("plain"),
      .on_message = on_message,
      .on_closed = on_closed,
  });
  int pid = number_option("--pid", NULL);
  struct cpu_time before = cpu_time_of(pid);
  uint64_t began = now_ns();
  open_all(option("--path", NULL), read_tokens(option("--tokens", NULL), members));
  double connect_ms = (now_ns() - began) / 1e6;
  double cpu_us = (cpu_time_of(pid).scheduled_ns - before.scheduled_ns) / 1e3 / members;
  if (stuck) {
    puts("{\"stuck\":true}");
    fflush(stdout);
    return read(STDIN_FILENO, &(char){0}, 1) > 0;
  }
  wait_for("answered", &answered);
  peer_send(&peers[0], "{\"broadcast\":true}");
  wait_for("told", &told);
  for (uint32_t i = 0; i < members; i++) peer_close(&peers[i]);
  wait_for("closed", &gone);
  printf("{\"connectMs\":%.3f,\"cpuUsPerConnect\":%.1f}\n", connect_ms, cpu_us);
  return 0;
}
