/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/env.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static int64_t read_clock(clockid_t id) {
  struct timespec now;
  clock_gettime(id, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void vs_clock_init_real(struct vs_clock *clock) {
  clock->is_virtual = false;
  atomic_init(&clock->virtual_us, 0);
}

void vs_clock_init_virtual(struct vs_clock *clock, int64_t start_us) {
  clock->is_virtual = true;
  atomic_init(&clock->virtual_us, start_us);
}

int64_t vs_clock_now_us(struct vs_clock *clock) {
  return clock->is_virtual ? atomic_load(&clock->virtual_us) : read_clock(CLOCK_REALTIME);
}

int64_t vs_clock_steady_us(struct vs_clock *clock) {
  return clock->is_virtual ? atomic_load(&clock->virtual_us) : read_clock(CLOCK_MONOTONIC);
}

bool vs_clock_sleep_until(struct vs_clock *clock, int64_t steady_us, int wake_fd) {
  struct pollfd wake = {.fd = wake_fd, .events = POLLIN};
  if (clock->is_virtual) {
    int_least64_t now = atomic_load(&clock->virtual_us);
    while (now < steady_us && !atomic_compare_exchange_weak(&clock->virtual_us, &now, steady_us))
      continue;
    return poll(&wake, 1, 0) <= 0;
  }
  for (;;) {
    int64_t left_us = steady_us - read_clock(CLOCK_MONOTONIC);
    if (left_us <= 0) return poll(&wake, 1, 0) <= 0;
    struct timespec wait = {.tv_sec = left_us / 1000000, .tv_nsec = left_us % 1000000 * 1000};
    int ready = ppoll(&wake, 1, &wait, NULL);
    if (ready > 0) return false;
    if (ready < 0 && errno != EINTR) return true;
  }
}

/* SplitMix64 spreads a small seed over the whole state. */
void vs_random_seed(struct vs_random *random, uint64_t seed) {
  for (int i = 0; i < 4; i++) {
    uint64_t z = seed += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    random->state[i] = z ^ (z >> 31);
  }
}

static uint64_t rotate(uint64_t x, int k) {
  return x << k | x >> (64 - k);
}

uint64_t vs_random_next(struct vs_random *random) {
  uint64_t *s = random->state, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate(s[3], 45);
  return result;
}

uint64_t vs_random_below(struct vs_random *random, uint64_t bound) {
  uint64_t threshold = -bound % bound;
  for (;;) {
    uint64_t value = vs_random_next(random);
    if (value >= threshold) return value % bound;
  }
}

double vs_random_unit(struct vs_random *random) {
  return (double)(vs_random_next(random) >> 11) * 0x1p-53;
}

void vs_log_init(struct vs_log *log, int fd, vs_log_level level) {
  *log = (struct vs_log){.fd = fd, .level = level};
}

void vs_log_line(struct vs_log *log, vs_log_level level, const char *room, const char *format, ...) {
  static const char *const words[] = {"error", "warning", "info", "debug"};
  if (!log || log->fd < 0 || level > log->level) return;
  char message[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  struct vs_memory memory;
  vs_memory_init(&memory, NULL, 0);
  struct vs_text line, shown;
  vs_text_init(&line, &memory, 8192);
  vs_text_init(&shown, &memory, 8192);
  bool is_concealed = log->conceal && log->conceal(log->conceal_context, vs_str_of(message), &shown);
  int64_t now_us = read_clock(CLOCK_REALTIME);
  vs_text_printf(&line,
                 "{\"time\":%lld.%06lld,\"level\":\"%s\",\"room\":\"%s\",\"message\":", (long long)(now_us / 1000000),
                 (long long)(now_us % 1000000), words[level], room);
  vs_text_json(&line, is_concealed ? vs_text_view(&shown) : vs_str_of(message));
  vs_text_puts(&line, "}\n");
  ssize_t written = write(log->fd, line.data, line.size); /* one write: lines of several threads do not mix */
  (void)written;
  vs_text_release(&line);
  vs_text_release(&shown);
}

static vs_status read_virtual_start(const char *text, int64_t *ret_us, struct vs_error *err) {
  struct tm parts = {0};
  char *end = NULL;
  long long seconds = strtoll(text, &end, 10);
  if (*text && *end == '\0') {
    *ret_us = seconds * 1000000;
    return VS_OK;
  }
  const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &parts);
  if (!rest || (*rest && strcmp(rest, "Z") != 0))
    return vs_fail(err, VS_CODE_BAD_VALUE, VS_NO_SPAN,
                   "VELO_CLOCK=virtual:%s is neither 2026-01-31T12:00:00Z nor seconds", text);
  *ret_us = (int64_t)timegm(&parts) * 1000000;
  return VS_OK;
}

static vs_status init_clock(struct vs_clock *clock, struct vs_error *err) {
  const char *word = getenv("VELO_CLOCK");
  vs_clock_init_real(clock);
  if (!word || !*word || strcmp(word, "real") == 0) return VS_OK;
  int64_t start_us = 0;
  if (strncmp(word, "virtual", 7) != 0 || (word[7] && word[7] != ':'))
    return vs_fail(err, VS_CODE_BAD_VALUE, VS_NO_SPAN, "VELO_CLOCK=%s is neither real nor virtual[:TIME]", word);
  if (word[7]) VS_TRY(read_virtual_start(word + 8, &start_us, err));
  vs_clock_init_virtual(clock, start_us);
  return VS_OK;
}

static uint64_t read_seed(void) {
  const char *word = getenv("VELO_SEED");
  uint64_t seed = 0;
  if (word && *word) return strtoull(word, NULL, 10);
  if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed) seed = (uint64_t)read_clock(CLOCK_REALTIME);
  return seed;
}

static vs_log_level read_log_level(void) {
  static const char *const words[] = {"error", "warning", "info", "debug"};
  const char *word = getenv("VELO_LOG");
  for (unsigned i = 0; word && i < VS_COUNT_OF(words); i++)
    if (strcmp(word, words[i]) == 0) return (vs_log_level)i;
  return VS_LOG_WARNING;
}

static vs_status check_cpu(struct vs_error *err) {
  const char *word = getenv("VELO_CPU");
  if (!word || !*word || strcmp(word, "v1") == 0 || strcmp(word, "v3") == 0) return VS_OK;
  return vs_fail(err, VS_CODE_BAD_VALUE, VS_NO_SPAN, "VELO_CPU=%s is neither v1 nor v3", word);
}

vs_status vs_env_init(struct vs_env *env, struct vs_env_parts *ret_parts, struct vs_error *err) {
  VS_TRY(init_clock(&ret_parts->clock, err));
  VS_TRY(check_cpu(err));
  vs_random_seed(&ret_parts->random, read_seed());
  vs_memory_init(&ret_parts->memory, NULL, 0);
  vs_log_init(&ret_parts->log, STDERR_FILENO, read_log_level());
  *env = (struct vs_env){&ret_parts->clock, &ret_parts->random, &ret_parts->memory, &ret_parts->log};
  return VS_OK;
}
