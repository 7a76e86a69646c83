/* Members of one group and one publisher: sends numbered messages and checks that every member
 * gets each once, in order and unchanged. Reads "SHAPE WARM-UP SECONDS RATE" from standard input, runs that
 * shape of load, prints one line of JSON, and so on until the input ends. Paused members read nothing; "rest 0
 * SECONDS 0" has them read again, and waits until everybody has every message, for at most that time.
 * With several servers ("--port 1,2 --pid 3,4") the members are spread evenly, the publisher is at the first, and
 * CPU time is that of all; that of the broker between them ("--broker PID") is told apart. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dialect.h"
#include "measure.h"
#include "options.h"
#include "peer.h"

#define RING 65536 /* messages that may be outstanding */
#define DIGITS_AT 6
#define DIGITS 10
#define BURST 10
#define SAMPLED 10 /* the latency of every tenth member of each server is taken */
#define SERVERS 8

/* One message under way; two, each in a write of its own; two bursts; a fixed rate. */
enum shape { SINGLE, PAIR, BURSTS, STEADY };
static const char *const shape_names[] = {"single", "pair", "burst", "open"};

static struct peer *peers, *publisher;
static uint32_t members, paused, joined;
static char template[1 << 15];
static size_t template_length;

static uint32_t sent, completed, arrivals[RING];
static uint64_t due[RING], deliveries, missing, repeated, damaged;
static uint64_t measure_from, measure_until;
/* The part of these that an earlier line has told of. */
static uint64_t told_missing, told_repeated, told_damaged;
static uint64_t alive_ns;
static int pids[SERVERS], broker;
static uint32_t servers;
static struct histogram thirds[3];

static unsigned char outbox[1 << 23];
static size_t outbox_length;

static void record(uint32_t number) {
  uint64_t when = due[number % RING];
  if (when < measure_from || when >= measure_until) return;
  histogram_add(&thirds[(when - measure_from) * 3 / (measure_until - measure_from)], received_at - when);
}

static bool is_intact(const unsigned char *json, size_t length) {
  const size_t rest = DIGITS_AT + DIGITS;
  return length == template_length && !memcmp(json, template, DIGITS_AT) &&
         !memcmp(json + rest, template + rest, length - rest);
}

static void on_message(struct peer *member, const unsigned char *json, size_t length) {
  if (length >= 9 && !memcmp(json, "{\"joined\"", 9)) {
    joined++;
    return;
  }
  /* A peer that tells everybody tells its publisher too; that is no delivery. */
  if (member == publisher) return;
  if (!is_intact(json, length)) {
    damaged++;
    return;
  }
  uint32_t number = 0;
  for (int i = DIGITS_AT; i < DIGITS_AT + DIGITS; i++) number = number * 10 + (json[i] - '0');
  if (number < member->next || number >= sent) {
    repeated++;
    return;
  }
  missing += number - member->next;
  member->next = number + 1;
  /* One that was paused is no measure of the others. */
  if (member->index >= members) return;
  deliveries++;
  if (member->index / servers % SAMPLED == 0) record(number);
  if (++arrivals[number % RING] == members) completed++;
}

static void on_closed(struct peer *peer) {
  fail("connection %u was closed by the server with %d", peer->index, peer->close_code);
}

static void make_template(size_t bytes) {
  int head = snprintf(template, sizeof template,
                      "{\"n\":\"%0*d\",\"kind\":\"reading\",\"sensor\":\"hall-17\",\"value\":21.5,\"text\":\"", DIGITS, 0);
  if (bytes < (size_t)head + 3 || bytes > sizeof template - 1) fail("messages of %zu bytes cannot be made", bytes);
  memset(template + head, 'x', bytes - head - 2);
  memcpy(template + bytes - 2, "\"}", 3);
  template_length = bytes;
}

static void flush_outbox(void) {
  if (!outbox_length) return;
  ssize_t written = send(publisher->fd, outbox, outbox_length, MSG_NOSIGNAL);
  if (written < 0 && errno != EAGAIN) fail("the publisher cannot write: %s", strerror(errno));
  if (written <= 0) return;
  outbox_length -= written;
  memmove(outbox, outbox + written, outbox_length);
}

static void put(uint64_t when) {
  char message[sizeof template];
  if (outbox_length + template_length + 64 > sizeof outbox) fail("the server does not read its publisher");
  memcpy(message, template, template_length);
  uint32_t rest = sent;
  for (int i = DIGITS_AT + DIGITS - 1; i >= DIGITS_AT; i--, rest /= 10) message[i] = '0' + rest % 10;
  due[sent % RING] = when;
  arrivals[sent % RING] = 0;
  outbox_length += peer_frame(publisher, outbox + outbox_length, message, template_length);
  sent++;
}

static void send_due(enum shape shape, uint64_t now, uint64_t *next_due, uint64_t interval) {
  if (shape == SINGLE && sent == completed) put(now);
  for (; shape == PAIR && sent - completed < 2; flush_outbox()) put(now);
  if (shape == BURSTS)
    while (sent - completed <= BURST)
      for (int i = 0; i < BURST; i++) put(now);
  for (; shape == STEADY && *next_due <= now; *next_due += interval) {
    put(*next_due);
    flush_outbox();
  }
  flush_outbox();
}

static void keep_paused_alive(uint64_t now) {
  static uint64_t last;
  if (now - last < alive_ns) return;
  last = now;
  for (uint32_t i = 0; i < paused; i++) send_text(&peers[members + i], settings.dialect->alive);
}

/* True when all that was sent has come to everybody; gives up after one second, of a closed loop after five
 * without a delivery. */
static bool drain(enum shape shape) {
  uint64_t last = deliveries, since = now_ns();
  while (completed != sent) {
    uint64_t now = now_ns();
    if (now - since > (shape == STEADY ? 1 : 5) * SECOND) return false;
    flush_outbox();
    peers_poll(0);
    if (shape != STEADY && deliveries != last) {
      last = deliveries;
      since = now;
    }
  }
  /* Time for what may come twice. */
  for (uint64_t until = now_ns() + SECOND / 20; now_ns() < until;) peers_poll(0);
  return true;
}

/* Ends a line with what has gone wrong since the last one, also between two orders. */
static void tell_faults(void) {
  printf("\"missing\":%llu,\"repeated\":%llu,\"damaged\":%llu}\n", (unsigned long long)(missing - told_missing),
         (unsigned long long)(repeated - told_repeated), (unsigned long long)(damaged - told_damaged));
  fflush(stdout);
  told_missing = missing;
  told_repeated = repeated;
  told_damaged = damaged;
}

static void run(enum shape shape, double warm_up, double seconds, double rate) {
  uint64_t began = now_ns(), next_due = began, stalled_since = began;
  measure_from = began + warm_up * SECOND;
  measure_until = measure_from + seconds * SECOND;
  memset(thirds, 0, sizeof thirds);
  bool measuring = false;
  struct cpu_time cpu = cpu_time_of_all(pids, servers), own = cpu_time_of(getpid()), between = cpu_time_of_all(&broker, broker > 0);
  uint64_t from = began, counted = 0, busy = 0, seen = deliveries, now, damage = missing + repeated + damaged;
  while ((now = now_ns()) < measure_until) {
    if (!measuring && now >= measure_from) {
      measuring = true;
      cpu = cpu_time_of_all(pids, servers);
      own = cpu_time_of(getpid());
      between = cpu_time_of_all(&broker, broker > 0);
      from = now_ns();
      counted = deliveries;
      busy = busy_ns;
    }
    if (deliveries != seen) {
      seen = deliveries;
      stalled_since = now;
    }
    if (missing + repeated + damaged != damage || now - stalled_since > 5 * SECOND) break;
    send_due(shape, now, &next_due, SECOND / rate);
    if (paused) keep_paused_alive(now);
    peers_poll(0);
  }
  struct cpu_time after = cpu_time_of_all(pids, servers), own_after = cpu_time_of(getpid()), between_after = cpu_time_of_all(&broker, broker > 0);
  double wall_ms = (now_ns() - from) / 1e6;
  counted = deliveries - counted;
  double load_busy = (busy_ns - busy) / 1e6 / wall_ms;
  bool drained = drain(shape);
  struct histogram all = {0};
  for (int i = 0; i < 3; i++) histogram_merge(&all, &thirds[i]);
  double first = histogram_ms(&thirds[0], 0.99);
  printf("{\"shape\":\"%s\",\"deliveries\":%llu,\"wallMs\":%.3f,\"userMs\":%llu,\"systemMs\":%llu,\"scheduledMs\":%.3f,\"waitedMs\":%.3f,\"loadWaitedMs\":%.3f,\"brokerMs\":%.3f,"
         "\"p50Ms\":%.3f,\"p99Ms\":%.3f,\"growth\":%.3f,\"loadBusy\":%.2f,\"sent\":%u,\"undelivered\":%u,"
         "\"drained\":%s,",
         shape_names[shape], (unsigned long long)counted, wall_ms, (unsigned long long)(after.user_ms - cpu.user_ms),
         (unsigned long long)(after.system_ms - cpu.system_ms), (after.scheduled_ns - cpu.scheduled_ns) / 1e6,
         (after.waited_ns - cpu.waited_ns) / 1e6, (own_after.waited_ns - own.waited_ns) / 1e6,
         (between_after.scheduled_ns - between.scheduled_ns) / 1e6,
         histogram_ms(&all, 0.5), histogram_ms(&all, 0.99), first > 0 ? histogram_ms(&thirds[2], 0.99) / first : 0,
         load_busy, sent, sent - completed, drained ? "true" : "false");
  tell_faults();
}

static bool all_have_all(void) {
  for (uint32_t i = 0; i < members + paused; i++)
    if (peers[i].next != sent) return false;
  return true;
}

static void rest(double seconds) {
  uint64_t began = now_ns(), until = began + seconds * SECOND;
  for (uint32_t i = 0; i < paused; i++) peer_resume(&peers[members + i]);
  while (!all_have_all() && now_ns() < until) peers_poll(10);
  double ms = (now_ns() - began) / 1e6;
  /* Time for what may come twice. */
  for (until = now_ns() + SECOND / 20; now_ns() < until;) peers_poll(10);
  printf("{\"ms\":%.3f,\"sent\":%u,\"complete\":%s,", ms, sent, all_have_all() ? "true" : "false");
  tell_faults();
}

static void open_all(uint32_t count, bool small_window) {
  const uint32_t in_flight = 50;
  uint64_t until = now_ns() + 30 * SECOND;
  for (uint32_t opened = 0; joined < count; peers_poll(10)) {
    for (; opened < count && opened - joined < in_flight; opened++) peer_open(&peers[opened], small_window && opened >= members && opened < members + paused);
    if (now_ns() > until) fail("only %u of %u connections joined in 30 s", joined, count);
  }
}

/* Between two orders the heartbeats are still answered. */
static void obey(void) {
  char line[128], name[16];
  double warm_up, seconds, rate;
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  for (;;) {
    peers_poll(20);
    if (poll(&input, 1, 0) <= 0) continue;
    if (!fgets(line, sizeof line, stdin)) return;
    if (sscanf(line, "%15s %lf %lf %lf", name, &warm_up, &seconds, &rate) != 4) fail("not understood: %s", line);
    if (!strcmp(name, "rest")) {
      rest(seconds);
      continue;
    }
    int shape = SINGLE;
    while (shape < STEADY && strcmp(name, shape_names[shape])) shape++;
    run(shape, warm_up, seconds, rate);
  }
}

int main(int argc, char **argv) {
  read_options(argc, argv);
  members = number_option("--members", NULL);
  paused = number_option("--paused", "0");
  uint32_t count = members + paused + 1;
  const char **tokens = read_tokens(option("--tokens", NULL), count);
  make_template(number_option("--bytes", "200"));
  int ports[SERVERS];
  servers = list_option("--port", ports, SERVERS);
  if (list_option("--pid", pids, SERVERS) != servers) fail("each server has a port and a process");
  broker = number_option("--broker", "0");
  peers = calloc(count, sizeof *peers);
  publisher = &peers[count - 1];
  for (uint32_t i = 0; i < count; i++) {
    peers[i].index = i;
    peers[i].port = ports[&peers[i] == publisher ? 0 : i % servers];
    peers[i].token = tokens[i];
    peers[i].path = option(&peers[i] == publisher ? "--publisher-path" : "--path", NULL);
  }
  peers_start((struct peers_settings){
      .host = option("--host", "127.0.0.1"),
      .dialect = dialect_named(option("--dialect", "plain")),
      .on_message = on_message,
      .on_closed = on_closed,
  });
  alive_ns = number_option("--alive", "5") * SECOND;
  open_all(count, number_option("--small-window", "1") > 0);
  for (uint32_t i = 0; i < paused; i++) peer_pause(&peers[members + i]);
  obey();
  return 0;
}
