#include "options.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int option_count;
static char **options;

void fail(const char *format, ...) {
  va_list values;
  va_start(values, format);
  fputs("load: ", stderr);
  vfprintf(stderr, format, values);
  fputc('\n', stderr);
  exit(1);
}

void read_options(int argc, char **argv) {
  option_count = argc;
  options = argv;
}

const char *option(const char *name, const char *fallback) {
  for (int i = 1; i + 1 < option_count; i += 2)
    if (!strcmp(options[i], name)) return options[i + 1];
  if (!fallback) fail("option %s is missing", name);
  return fallback;
}

double number_option(const char *name, const char *fallback) { return atof(option(name, fallback)); }

uint32_t list_option(const char *name, int *numbers, uint32_t size) {
  uint32_t count = 0;
  for (const char *rest = option(name, NULL); rest; rest = strchr(rest, ',') ? strchr(rest, ',') + 1 : NULL) {
    if (count == size) fail("option %s has more than %u numbers", name, size);
    numbers[count++] = atoi(rest);
  }
  return count;
}

const char **read_tokens(const char *path, uint32_t count) {
  FILE *file = fopen(path, "r");
  if (!file) fail("cannot read the tokens in %s", path);
  const char **tokens = calloc(count, sizeof *tokens);
  char line[1024];
  uint32_t skipped = number_option("--skip", "0");
  for (uint32_t i = 0; i < skipped; i++)
    if (!fgets(line, sizeof line, file)) fail("%s has only %u tokens to skip, not %u", path, i, skipped);
  for (uint32_t i = 0; i < count; i++) {
    if (!fgets(line, sizeof line, file)) fail("%s has only %u tokens, not %u", path, i, count);
    line[strcspn(line, "\n")] = 0;
    tokens[i] = strdup(line);
  }
  fclose(file);
  return tokens;
}
