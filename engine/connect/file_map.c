/* SPDX-License-Identifier: Apache-2.0
 * A fault in a map is answered with a page of zeros, after which the reader goes on to the end of what it does and then
 * asks whether the map is whole. Jumping out of the decoder instead would leave its columns and arenas half done. */
#include "engine/connect/file_map.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SLOT_COUNT = 256 };

struct vs_file_map_slot {
  atomic_uintptr_t begin, end; /* end 0: nothing is mapped; begin 0: free */
  atomic_bool is_cut;
};

/* A signal handler gets no context, so this table is the one place where maps can be found. A slot is written by its
 * map's owner alone, before and after all reading, so the handler needs no lock. */
static struct vs_file_map_slot slots[SLOT_COUNT];
static struct sigaction former;
static size_t page_bytes;

static struct vs_file_map_slot *find_slot(uintptr_t address) {
  for (int i = 0; i < SLOT_COUNT; i++) {
    uintptr_t end = atomic_load_explicit(&slots[i].end, memory_order_acquire);
    if (address < end && address >= atomic_load_explicit(&slots[i].begin, memory_order_relaxed)) return &slots[i];
  }
  return NULL;
}

/* By the bare system call: a sanitizer's wrapper is not made for signal handlers. */
static bool put_zeros(uintptr_t address) {
  uintptr_t page = address & ~(uintptr_t)(page_bytes - 1);
  return syscall(SYS_mmap, page, page_bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == (long)page;
}

static void pass_on(int number, siginfo_t *info, void *context) {
  if (former.sa_flags & SA_SIGINFO) {
    former.sa_sigaction(number, info, context);
  } else if (former.sa_handler != SIG_DFL && former.sa_handler != SIG_IGN) {
    former.sa_handler(number);
  } else {
    /* A fault comes again on return; a signal that was sent has to be sent again. */
    sigaction(SIGBUS, &former, NULL);
    if (info->si_code <= 0) raise(number);
  }
}

static void on_bus_error(int number, siginfo_t *info, void *context) {
  struct vs_file_map_slot *slot = info->si_code > 0 ? find_slot((uintptr_t)info->si_addr) : NULL;
  if (slot && put_zeros((uintptr_t)info->si_addr))
    atomic_store_explicit(&slot->is_cut, true, memory_order_release);
  else
    pass_on(number, info, context);
}

static void install(void) {
  struct sigaction action = {.sa_sigaction = on_bus_error, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};
  page_bytes = (size_t)sysconf(_SC_PAGESIZE);
  sigemptyset(&action.sa_mask);
  sigaction(SIGBUS, NULL, &former);
  sigaction(SIGBUS, &action, NULL);
}

static struct vs_file_map_slot *claim_slot(void) {
  for (int i = 0; i < SLOT_COUNT; i++) {
    uintptr_t free = 0;
    if (atomic_compare_exchange_strong(&slots[i].begin, &free, UINTPTR_MAX)) return &slots[i];
  }
  return NULL;
}

static void free_slot(struct vs_file_map_slot *slot) {
  atomic_store_explicit(&slot->begin, 0, memory_order_release);
}

/* Whole pages, and one more that is never the file's. */
static size_t reserved(size_t size) {
  return (size + 2 * page_bytes - 1) & ~(page_bytes - 1);
}

/* Room first and the file over its front, so that there are zeros behind the file whatever its size. */
static char *map_file(int fd, size_t size) {
  char *room = mmap(NULL, reserved(size), PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED) return NULL;
  if (mmap(room, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0) == room) return room;
  munmap(room, reserved(size));
  return NULL;
}

bool vs_file_map_open(struct vs_file_map *map, int fd, size_t size) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install);
  struct vs_file_map_slot *slot = size ? claim_slot() : NULL;
  if (!slot) return false;
  char *bytes = map_file(fd, size);
  if (!bytes) {
    free_slot(slot);
    return false;
  }
  atomic_store(&slot->is_cut, false);
  atomic_store_explicit(&slot->begin, (uintptr_t)bytes, memory_order_relaxed);
  atomic_store_explicit(&slot->end, (uintptr_t)bytes + size, memory_order_release);
  *map = (struct vs_file_map){bytes, size, fd, slot};
  return true;
}

/* The size is asked for as well: what stood behind the new end on its own page is zeros without any fault. */
bool vs_file_map_is_whole(const struct vs_file_map *map) {
  struct stat file;
  return !atomic_load_explicit(&map->slot->is_cut, memory_order_acquire) && fstat(map->fd, &file) == 0 &&
         (uint64_t)file.st_size >= map->size;
}

void vs_file_map_close(struct vs_file_map *map) {
  if (!map->bytes) return;
  atomic_store_explicit(&map->slot->end, 0, memory_order_release);
  munmap((void *)(uintptr_t)map->bytes, reserved(map->size));
  free_slot(map->slot);
  *map = (struct vs_file_map){0};
}
