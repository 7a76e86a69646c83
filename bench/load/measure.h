/* Clock, CPU time of a process, and latencies. */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdint.h>

#define SECOND 1000000000ull

struct cpu_time {
  uint64_t user_ms, system_ms; /* of the whole process, in steps of 10 ms */
  uint64_t scheduled_ns;       /* of its living threads */
  uint64_t waited_ns;          /* of these, for a core that others had */
};

/* From 1 us to minutes in steps of at most 1.6 %. */
struct histogram {
  uint64_t count, buckets[64 * 40];
};

uint64_t now_ns(void);
struct cpu_time cpu_time_of(int pid);
/* Of several processes together. */
struct cpu_time cpu_time_of_all(const int *pids, uint32_t count);
void histogram_add(struct histogram *histogram, uint64_t ns);
void histogram_merge(struct histogram *into, const struct histogram *from);
double histogram_ms(const struct histogram *histogram, double share);

#endif
