#include "dialect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "options.h"

static const char joined[] = "{\"joined\":true}";

static void plain_take(struct peer *peer, const unsigned char *text, size_t length) {
  settings.on_message(peer, text, length);
}

static size_t plain_write(struct peer *peer, unsigned char *to, const char *json, size_t length) {
  (void)peer;
  return text_frame(to, (const char *[]){json}, (size_t[]){length}, 1);
}

/* engine.io 4 and socket.io 5: "0" opens, "40" joins the namespace, "2" asks for "3", "42" is an event, with a
 * number where it is to be acknowledged by "43" and that number. With connection state recovery an event ends
 * with one more argument, its offset. */
static void engine_take(struct peer *peer, const unsigned char *text, size_t length) {
  if (text[0] == '0') return send_text(peer, "40");
  if (text[0] == '2') return send_text(peer, "3");
  if (length < 2 || text[0] != '4') fail("engine.io packet not understood: %.*s", (int)length, text);
  if (text[1] == '0') return;
  size_t start = 2;
  while (start < length && text[start] >= '0' && text[start] <= '9') start++;
  if (text[1] == '3' && settings.on_reply) return settings.on_reply(peer);
  if (text[1] == '3') return;
  if (text[1] != '2' || length < start + 7 || memcmp(text + start, "[\"m\",", 5))
    fail("socket.io packet not understood: %.*s", (int)length, text);
  const unsigned char *json = text + start + 5;
  size_t size = length - start - 6;
  if (json[size - 1] == '"') {
    while (--size && json[size - 1] != '"') continue;
    size -= 2;
  }
  settings.on_message(peer, json, size);
  if (start == 2) return;
  char answer[32];
  snprintf(answer, sizeof answer, "43%.*s[]", (int)(start - 2), text + 2);
  send_text(peer, answer);
}

static size_t engine_write(struct peer *peer, unsigned char *to, const char *json, size_t length) {
  (void)peer;
  return text_frame(to, (const char *[]){"42[\"m\",", json, "]"}, (size_t[]){7, length, 1}, 3);
}

static size_t engine_ask(struct peer *peer, unsigned char *to, const char *json, size_t length) {
  char head[32];
  int size = snprintf(head, sizeof head, "42%u[\"m\",", peer->asked++);
  return text_frame(to, (const char *[]){head, json, "]"}, (size_t[]){size, length, 1}, 3);
}

/* The hello, and a join of the room whose name --room gives; "#" in it stands for the connection's number. */
static void room_open(struct peer *peer) {
  char hello[256], name[128];
  const char *given = option("--room", NULL), *mark = strchr(given, '#');
  if (mark) snprintf(name, sizeof name, "%.*s%u%s", (int)(mark - given), given, peer->index, mark + 1);
  else snprintf(name, sizeof name, "%s", given);
  snprintf(hello, sizeof hello, "{\"t\":\"o\",\"client\":\"bench\"}\n{\"t\":\"j\",\"i\":0,\"r\":\"%s\",\"v\":1}", name);
  send_text(peer, hello);
}

static void room_frame(struct peer *peer, const unsigned char *frame, size_t length) {
  static const char key[] = ",\"d\":";
  if (length < 8 || memcmp(frame, "{\"t\":\"", 6)) fail("not a frame: %.*s", (int)length, frame);
  const unsigned char *content;
  switch (frame[6]) {
    case 'e': /* an entry: what stands before its content is short */
      content = memmem(frame, length < 256 ? length : 256, key, sizeof key - 1);
      if (!content) fail("an entry without JSON: %.*s", (int)length, frame);
      content += sizeof key - 1;
      return settings.on_message(peer, content, frame + length - 1 - content);
    case 'a': /* a call was accepted */
    case 'q': /* a question was answered */
      if (settings.on_reply) settings.on_reply(peer);
      return;
    case 'j': /* joined */
      content = memmem(frame, length, ",\"r\":", 5);
      if (!content) fail("a reply to a join without a number");
      peer->room = strtoul((const char *)content + 5, NULL, 10);
      return settings.on_message(peer, (const unsigned char *)joined, sizeof joined - 1);
    case 'o': /* welcome */
    case 's': /* a snapshot */
    case 't': /* a pong */
    case 'p': /* who is here */
    case 'd': /* and what has changed of that */
      return;
    default: fail("connection %u was told: %.*s", peer->index, (int)length, frame);
  }
}

static void room_take(struct peer *peer, const unsigned char *text, size_t length) {
  for (const unsigned char *end = text + length, *next; text < end; text = next + 1) {
    next = memchr(text, '\n', end - text);
    if (!next) next = end;
    room_frame(peer, text, next - text);
  }
}

/* A call with an id of its own: a UUID of version 7. */
static size_t room_call(struct peer *peer, unsigned char *to, const char *json, size_t length) {
  static uint64_t made;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  unsigned long long ms = now.tv_sec * 1000ull + now.tv_nsec / 1000000;
  char head[160];
  int size = snprintf(head, sizeof head,
                      "{\"t\":\"c\",\"i\":%u,\"r\":%u,\"n\":\"say\",\"q\":\"%08llx-%04llx-7000-8000-%012llx\",\"d\":", ++peer->asked, peer->room,
                      ms >> 16, ms & 0xffff, (unsigned long long)++made);
  return text_frame(to, (const char *[]){head, json, "}"}, (size_t[]){size, length, 1}, 3);
}

static size_t room_ask(struct peer *peer, unsigned char *to, const char *json, size_t length) {
  char head[64];
  int size = snprintf(head, sizeof head, "{\"t\":\"q\",\"i\":%u,\"r\":%u,\"n\":\"repeat\",\"d\":", ++peer->asked, peer->room);
  return text_frame(to, (const char *[]){head, json, "}"}, (size_t[]){size, length, 1}, 3);
}

static const char alive[] = "{\"t\":\"t\",\"sentAt\":0}";

static const struct dialect dialects[] = {
    {.name = "plain", .take = plain_take, .write = plain_write, .alive = "{\"alive\":true}"},
    {.name = "engine.io", .take = engine_take, .write = engine_write, .alive = "3"},
    {.name = "engine.io-acknowledged", .take = engine_take, .write = engine_ask, .alive = "3"},
    {.name = "room", .subprotocol = "nexios.v1.json", .on_open = room_open, .take = room_take, .write = room_call, .alive = alive},
    {.name = "room-questions", .subprotocol = "nexios.v1.json", .on_open = room_open, .take = room_take, .write = room_ask, .alive = alive},
};

const struct dialect *dialect_named(const char *name) {
  for (size_t i = 0; i < sizeof dialects / sizeof *dialects; i++)
    if (!strcmp(dialects[i].name, name)) return &dialects[i];
  fail("there is no dialect %s", name);
}
