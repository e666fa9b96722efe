/* SPDX-License-Identifier: Apache-2.0
 * The environment handed down to everything: clock, random, memory, log. There are no globals beside it, so a test
 * holds time still and seeds chance by handing down another one. */
#ifndef VS_BASE_ENV_H
#define VS_BASE_ENV_H

#include "engine/base/memory.h"
#include "engine/base/text.h"

/* A clock is real or virtual. The virtual one stands still except in vs_clock_sleep_until, which moves it at once.
 * Safe from any thread. */
struct vs_clock {
  bool is_virtual;
  atomic_int_least64_t virtual_us; /* microseconds since 1970-01-01 UTC */
};
void vs_clock_init_real(struct vs_clock *clock);
void vs_clock_init_virtual(struct vs_clock *clock, int64_t start_us);
int64_t vs_clock_now_us(struct vs_clock *clock);    /* wall time, microseconds UTC */
int64_t vs_clock_steady_us(struct vs_clock *clock); /* for durations; never goes back */
/* Waits until steady time `steady_us`, or until the eventfd `wake_fd` (-1: none) is readable; false when woken. */
bool vs_clock_sleep_until(struct vs_clock *clock, int64_t steady_us, int wake_fd);

/* xoshiro256**; one owner at a time. */
struct vs_random {
  uint64_t state[4];
};
void vs_random_seed(struct vs_random *random, uint64_t seed);
uint64_t vs_random_next(struct vs_random *random);
uint64_t vs_random_below(struct vs_random *random, uint64_t bound); /* unbiased; bound > 0 */
double vs_random_unit(struct vs_random *random);                    /* [0, 1) */

/* JSON lines on a file descriptor. Users never see it. Safe from any thread. */
typedef enum { VS_LOG_ERROR, VS_LOG_WARNING, VS_LOG_INFO, VS_LOG_DEBUG } vs_log_level;
struct vs_log {
  int fd;             /* -1: nowhere */
  vs_log_level level; /* lines above it are left out */
  /* Replaces what a message must not show, by appending the whole message and returning true. Any thread; set while no
   * other thread runs. NULL: messages are written as they are. */
  bool (*conceal)(void *context, struct vs_str message, struct vs_text *ret_message);
  void *conceal_context;
};
void vs_log_init(struct vs_log *log, int fd, vs_log_level level);
void vs_log_line(struct vs_log *log, vs_log_level level, const char *room, const char *format, ...) VS_PRINTF(4, 5);

struct vs_env {
  struct vs_clock *clock;
  struct vs_random *random;
  struct vs_memory *memory;
  struct vs_log *log;
};

/* A real environment whose parts live in *ret_parts. VELO_CLOCK=virtual[:TIME] (ISO 8601 or epoch seconds) and
 * VELO_LOG=error|warning|info|debug are read here and nowhere else; the seed is random unless VELO_SEED is set. A wrong
 * word in VELO_CPU (cpu.h) is refused here. */
struct vs_env_parts {
  struct vs_clock clock;
  struct vs_random random;
  struct vs_memory memory;
  struct vs_log log;
};
vs_status vs_env_init(struct vs_env *env, struct vs_env_parts *ret_parts, struct vs_error *err) VS_NODISCARD;

#endif
