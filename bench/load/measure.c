#include "measure.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "options.h"

uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static void add_threads(int pid, struct cpu_time *time) {
  char path[300];
  unsigned long long ran, waited;
  snprintf(path, sizeof path, "/proc/%d/task", pid);
  DIR *threads = opendir(path);
  if (!threads) fail("no process %d", pid);
  for (struct dirent *thread; (thread = readdir(threads));) {
    if (thread->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", pid, thread->d_name);
    FILE *file = fopen(path, "r");
    if (!file) continue;
    if (fscanf(file, "%llu %llu", &ran, &waited) == 2) {
      time->scheduled_ns += ran;
      time->waited_ns += waited;
    }
    fclose(file);
  }
  closedir(threads);
}

struct cpu_time cpu_time_of(int pid) {
  char path[64], line[1024];
  unsigned long long user, kernel;
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  FILE *file = fopen(path, "r");
  if (!file || !fgets(line, sizeof line, file)) fail("cannot read %s", path);
  fclose(file);
  /* The name in parentheses may hold anything; twelve fields after it come utime and stime. */
  char *after = strrchr(line, ')');
  if (!after || sscanf(after + 2, "%*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu %llu", &user, &kernel) != 2)
    fail("cannot understand %s", path);
  uint64_t tick_ms = 1000 / sysconf(_SC_CLK_TCK);
  struct cpu_time time = {.user_ms = user * tick_ms, .system_ms = kernel * tick_ms};
  add_threads(pid, &time);
  return time;
}

struct cpu_time cpu_time_of_all(const int *pids, uint32_t count) {
  struct cpu_time all = {0};
  for (uint32_t i = 0; i < count; i++) {
    struct cpu_time one = cpu_time_of(pids[i]);
    all.user_ms += one.user_ms;
    all.system_ms += one.system_ms;
    all.scheduled_ns += one.scheduled_ns;
    all.waited_ns += one.waited_ns;
  }
  return all;
}

static int shift_of(uint64_t us) { return us < 128 ? 0 : 63 - __builtin_clzll(us) - 6; }

void histogram_add(struct histogram *histogram, uint64_t ns) {
  uint64_t us = ns / 1000;
  int shift = shift_of(us);
  histogram->buckets[shift * 64 + (us >> shift)]++;
  histogram->count++;
}

void histogram_merge(struct histogram *into, const struct histogram *from) {
  into->count += from->count;
  for (size_t i = 0; i < sizeof into->buckets / sizeof *into->buckets; i++) into->buckets[i] += from->buckets[i];
}

double histogram_ms(const struct histogram *histogram, double share) {
  uint64_t seen = 0, wanted = histogram->count * share;
  for (uint64_t i = 0; i < sizeof histogram->buckets / sizeof *histogram->buckets; i++) {
    seen += histogram->buckets[i];
    int shift = i < 128 ? 0 : i / 64 - 1;
    if (seen > wanted) return ((i - shift * 64) << shift) / 1000.0;
  }
  return 0;
}
