/* Callers, each with --under-way calls under way, one unless it is given: as soon as one is answered the next is sent. --entries says how
 * many are told of each call: 0, 1 for its caller alone, who must get its own in order, or all. Reads "WARM-UP SECONDS" from standard input, calls for so
 * long, prints one line of JSON, and so on until the input ends. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dialect.h"
#include "measure.h"
#include "options.h"
#include "peer.h"

#define DIGITS_AT 6
#define DIGITS 10

static struct peer *callers;
static uint32_t count, joined, under_way, most_under_way;
static uint32_t told;
static bool is_calling, is_measuring;
static char template[2048];
static size_t template_length;
static uint64_t *sent_at, replies, entries, faults;
static uint32_t *made, *answered;
static struct histogram waits;

static void call(struct peer *caller) {
  char message[sizeof template];
  memcpy(message, template, template_length + 1);
  uint32_t number = made[caller->index]++, rest = number;
  for (int i = DIGITS_AT + DIGITS - 1; i >= DIGITS_AT; i--, rest /= 10) message[i] = '0' + rest % 10;
  sent_at[caller->index * most_under_way + number % most_under_way] = now_ns();
  under_way++;
  peer_send(caller, message);
}

static void on_reply(struct peer *caller) {
  /* Replies come in the order of their calls. */
  uint32_t number = answered[caller->index]++;
  replies++;
  under_way--;
  if (is_measuring && caller->index % 10 == 0) histogram_add(&waits, received_at - sent_at[caller->index * most_under_way + number % most_under_way]);
  if (is_calling) call(caller);
}

static void on_message(struct peer *caller, const unsigned char *json, size_t length) {
  if (length >= 9 && !memcmp(json, "{\"joined\"", 9)) {
    joined++;
    return;
  }
  uint32_t number = 0;
  for (int i = DIGITS_AT; i < DIGITS_AT + DIGITS && i < (int)length; i++) number = number * 10 + (json[i] - '0');
  if (length != template_length || (told == 1 && number != caller->next)) faults++;
  caller->next = number + 1;
  entries++;
}

static void on_closed(struct peer *peer) { fail("connection %u was closed by the server with %d", peer->index, peer->close_code); }

static void make_template(size_t bytes) {
  int head = snprintf(template, sizeof template,
                      "{\"n\":\"%0*d\",\"kind\":\"reading\",\"sensor\":\"hall-17\",\"value\":21.5,\"text\":\"", DIGITS, 0);
  if (bytes < (size_t)head + 3 || bytes > sizeof template - 200) fail("calls of %zu bytes cannot be made", bytes);
  memset(template + head, 'x', bytes - head - 2);
  memcpy(template + bytes - 2, "\"}", 3);
  template_length = bytes;
}

static void run(double warm_up, double seconds, int pid) {
  uint64_t from = now_ns() + warm_up * SECOND, until = from + seconds * SECOND;
  uint64_t replies_before = replies, entries_before = entries, faults_before = faults;
  memset(&waits, 0, sizeof waits);
  is_calling = true;
  for (uint32_t i = 0; i < count * most_under_way; i++) call(&callers[i % count]);
  while (now_ns() < from) peers_poll(0);
  struct cpu_time cpu = cpu_time_of(pid);
  uint64_t counted = replies, busy = busy_ns;
  is_measuring = true;
  while (now_ns() < until) peers_poll(0);
  struct cpu_time after = cpu_time_of(pid);
  double wall_ms = (now_ns() - from) / 1e6, load_busy = (busy_ns - busy) / 1e6 / wall_ms;
  counted = replies - counted;
  is_calling = is_measuring = false;
  until = now_ns() + 10 * SECOND;
  while ((under_way || entries - entries_before < (replies - replies_before) * told) && now_ns() < until) peers_poll(0);
  /* Time for what may come twice. */
  for (until = now_ns() + SECOND / 20; now_ns() < until;) peers_poll(0);
  uint64_t total = replies - replies_before, came = entries - entries_before;
  if (came != total * told) faults++;
  printf("{\"calls\":%llu,\"wallMs\":%.3f,\"userMs\":%llu,\"scheduledMs\":%.3f,\"waitedMs\":%.3f,\"p50Ms\":%.3f,\"p99Ms\":%.3f,"
         "\"loadBusy\":%.2f,\"unanswered\":%u,\"faults\":%llu}\n",
         (unsigned long long)counted, wall_ms, (unsigned long long)(after.user_ms - cpu.user_ms), (after.scheduled_ns - cpu.scheduled_ns) / 1e6,
         (after.waited_ns - cpu.waited_ns) / 1e6, histogram_ms(&waits, 0.5), histogram_ms(&waits, 0.99), load_busy, under_way,
         (unsigned long long)(faults - faults_before));
  fflush(stdout);
}

static void open_all(void) {
  const uint32_t in_flight = 50;
  uint64_t until = now_ns() + 30 * SECOND;
  for (uint32_t opened = 0; joined < count; peers_poll(10)) {
    for (; opened < count && opened - joined < in_flight; opened++) peer_open(&callers[opened], false);
    if (now_ns() > until) fail("only %u of %u callers joined in 30 s", joined, count);
  }
}

int main(int argc, char **argv) {
  read_options(argc, argv);
  count = number_option("--members", NULL);
  told = number_option("--entries", "0");
  most_under_way = number_option("--under-way", "1");
  make_template(number_option("--bytes", "100"));
  const char **tokens = read_tokens(option("--tokens", NULL), count);
  callers = calloc(count, sizeof *callers);
  sent_at = calloc(count * most_under_way, sizeof *sent_at);
  made = calloc(count, sizeof *made);
  answered = calloc(count, sizeof *answered);
  for (uint32_t i = 0; i < count; i++) {
    callers[i].index = i;
    callers[i].token = tokens[i];
    callers[i].path = option("--path", NULL);
  }
  peers_start((struct peers_settings){
      .host = "127.0.0.1",
      .port = number_option("--port", NULL),
      .dialect = dialect_named(option("--dialect", NULL)),
      .on_message = on_message,
      .on_reply = on_reply,
      .on_closed = on_closed,
  });
  open_all();
  char line[128];
  double warm_up, seconds;
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  for (int pid = number_option("--pid", NULL);;) {
    peers_poll(20);
    if (poll(&input, 1, 0) <= 0) continue;
    if (!fgets(line, sizeof line, stdin)) return 0;
    if (sscanf(line, "%lf %lf", &warm_up, &seconds) != 2) fail("not understood: %s", line);
    run(warm_up, seconds, pid);
  }
}
