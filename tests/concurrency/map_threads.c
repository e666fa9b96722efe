/* links: vs_connect
 * SPDX-License-Identifier: Apache-2.0
 * Threads map files, read pages that are taken away under them, and unmap, all at once; a map of a file that stays is
 * whole all the while. Plain main() for ThreadSanitizer. */
#include "engine/connect/file_map.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THREADS = 3, PAGE = 4096, PAGES = 16, SIZE = PAGES * PAGE, ROUNDS = 300 };

static void must(bool holds, const char *what) {
  if (holds) return;
  printf("failed: %s\n", what);
  exit(1);
}

struct work {
  pthread_t thread;
  int shrinking, steady;
  atomic_bool *is_over;
  bool was_cut;
};

static bool read_pages(const struct vs_file_map *map, bool may_be_zero) {
  for (size_t at = 0; at < SIZE; at += PAGE / 2) {
    char byte = ((const volatile char *)map->bytes)[at];
    if (byte != 'a' && (byte || !may_be_zero)) return false;
  }
  return true;
}

static void *map_and_read(void *context) {
  struct work *work = context;
  for (int round = 0; round < ROUNDS || (!work->was_cut && round < 100 * ROUNDS); round++) {
    struct vs_file_map shrinking, steady;
    must(vs_file_map_open(&shrinking, work->shrinking, SIZE), "a map");
    must(vs_file_map_open(&steady, work->steady, SIZE), "a second map");
    must(read_pages(&shrinking, true), "what was there, or zeros");
    must(read_pages(&steady, false) && vs_file_map_is_whole(&steady), "a file that stays");
    work->was_cut |= !vs_file_map_is_whole(&shrinking);
    vs_file_map_close(&shrinking);
    vs_file_map_close(&steady);
  }
  return NULL;
}

static void *shrink_and_grow(void *context) {
  const struct work *work = context;
  static char text[SIZE];
  memset(text, 'a', sizeof text);
  while (!atomic_load(work->is_over)) {
    must(ftruncate(work->shrinking, PAGE) == 0, "shrinking");
    must(pwrite(work->shrinking, text, sizeof text, 0) == SIZE, "growing back");
  }
  return NULL;
}

static int make_file(void) {
  char path[] = "/tmp/velo-map-XXXXXX";
  static char text[SIZE];
  int fd = mkstemp(path);
  memset(text, 'a', sizeof text);
  must(fd >= 0 && unlink(path) == 0 && write(fd, text, sizeof text) == SIZE, "a file");
  return fd;
}

int main(void) {
  atomic_bool is_over = false;
  struct work work[THREADS + 1];
  int shrinking = make_file(), steady = make_file();
  for (int i = 0; i <= THREADS; i++) {
    work[i] = (struct work){.shrinking = shrinking, .steady = steady, .is_over = &is_over};
    must(pthread_create(&work[i].thread, NULL, i ? map_and_read : shrink_and_grow, &work[i]) == 0, "a thread");
  }
  for (int i = 1; i <= THREADS; i++) {
    pthread_join(work[i].thread, NULL);
    must(work[i].was_cut, "each thread has seen the file cut");
  }
  atomic_store(&is_over, true);
  pthread_join(work[0].thread, NULL);
  close(shrinking);
  close(steady);
  return 0;
}
