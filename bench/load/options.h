/* Options and tokens of a load program, and its one way to give up. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdint.h>

void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
void read_options(int argc, char **argv);
/* The value of `--name value`, or the fallback; without a fallback the option must be given. */
const char *option(const char *name, const char *fallback);
double number_option(const char *name, const char *fallback);
/* The whole numbers of `--name 1,2`, at most `size` of them; returns how many there are. */
uint32_t list_option(const char *name, int *numbers, uint32_t size);
/* As many lines of the file as are asked for, after those that `--skip` passes over. */
const char **read_tokens(const char *path, uint32_t count);

#endif
