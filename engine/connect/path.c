/* SPDX-License-Identifier: Apache-2.0
 * Paths as users write them: against the folders in turn, with what was tried and what is there when nothing fits. */
#include "engine/base/suggest.h"
#include "engine/connect/connector.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { LISTED_MAX = 500 };

static bool exists(const char *path) {
  struct stat status;
  return stat(path, &status) == 0;
}

bool vs_path_is_same(struct vs_str left, struct vs_str right) {
  char names[2][PATH_MAX];
  struct stat one, other;
  if (left.size >= PATH_MAX || right.size >= PATH_MAX) return false;
  snprintf(names[0], PATH_MAX, "%.*s", VS_STR_ARG(left));
  snprintf(names[1], PATH_MAX, "%.*s", VS_STR_ARG(right));
  return stat(names[0], &one) == 0 && stat(names[1], &other) == 0 && one.st_dev == other.st_dev &&
         one.st_ino == other.st_ino;
}

static bool parent_exists(const char *path) {
  char parent[PATH_MAX];
  const char *slash = strrchr(path, '/');
  if (!slash || slash == path) return true;
  snprintf(parent, sizeof parent, "%.*s", (int)VS_MIN(slash - path, (ptrdiff_t)PATH_MAX - 1), path);
  return exists(parent);
}

/* "file://x" is relative, "file:///x" absolute. */
static struct vs_str without_scheme(struct vs_str path) {
  if (vs_str_starts_nocase(path, VS_STR("file://"))) return (struct vs_str){path.data + 7, path.size - 7};
  return path;
}

static vs_status refuse_scheme(struct vs_str path, struct vs_error *err) {
  const char *colon = path.size ? memmem(path.data, path.size, "://", 3) : NULL;
  if (!colon || memchr(path.data, '/', (size_t)(colon - path.data))) return VS_OK;
  return vs_fail_hint(err,
                      vs_fail(err, VS_CODE_NOT_YET, VS_NO_SPAN, "%.*s:// cannot be read or written yet",
                              (int)(colon - path.data), path.data),
                      "files can: FROM 'data/trades.csv'");
}

static char *candidate(const struct vs_folders *folders, uint32_t index, struct vs_str path, struct vs_arena *arena) {
  bool is_absolute = path.size && path.data[0] == '/';
  if (is_absolute || !folders->count) return vs_arena_printf(arena, "%.*s", VS_STR_ARG(path));
  return vs_arena_printf(arena, "%s/%.*s", folders->items[index], VS_STR_ARG(path));
}

/* Near by the length of the name alone: a common folder and extension make no two files alike. */
static bool is_near(struct vs_str wanted, struct vs_str path) {
  const char *slash = memrchr(wanted.data, '/', wanted.size);
  size_t name = wanted.size - (slash ? (size_t)(slash + 1 - wanted.data) : 0);
  const char *dot = memrchr(wanted.data + wanted.size - name, '.', name);
  if (dot) name = (size_t)(dot - (wanted.data + wanted.size - name));
  return vs_edit_distance(wanted, path) <= VS_MAX((size_t)1, name / 3);
}

/* The files nearest in name, else the first few: at most `capacity` bytes for a hint. */
static void print_nearby(const struct vs_str *paths, uint32_t count, struct vs_str wanted, char *ret_text,
                         size_t capacity) {
  struct vs_suggest suggest;
  char nearest[160];
  vs_suggest_init(&suggest, wanted);
  for (uint32_t i = 0; i < count; i++)
    if (is_near(wanted, paths[i])) vs_suggest_offer(&suggest, paths[i]);
  if (suggest.count) {
    snprintf(ret_text, capacity, "%s", vs_suggest_print(&suggest, nearest, sizeof nearest));
    return;
  }
  size_t size = (size_t)snprintf(ret_text, capacity, "readable here: ");
  for (uint32_t i = 0; i < count && size < capacity; i++) {
    size_t room = capacity - size;
    if (paths[i].size + 6 > room) {
      snprintf(ret_text + size, room, "...");
      return;
    }
    size += (size_t)snprintf(ret_text + size, room, "%s'%.*s'", i ? ", " : "", VS_STR_ARG(paths[i]));
  }
}

static vs_status refuse_missing(const struct vs_folders *folders, struct vs_str path, struct vs_arena *arena,
                                struct vs_error *err) {
  char tried[380] = "", nearby[200];
  struct vs_str *paths;
  uint32_t count;
  size_t size = 0;
  bool is_absolute = path.size && path.data[0] == '/';
  for (uint32_t i = 0; i < folders->count && !is_absolute && size < sizeof tried; i++)
    size += (size_t)snprintf(tried + size, sizeof tried - size, "%s%s", i ? ", " : "; looked in ", folders->items[i]);
  vs_status status = vs_fail(err, VS_CODE_NO_FILE, VS_NO_SPAN, "no file '%.*s'%s", VS_STR_ARG(path), tried);
  if (vs_path_list(folders, arena, &paths, &count, NULL) != VS_OK || !count)
    return vs_fail_hint(err, status, "no .csv, .json or .jsonl file is there");
  print_nearby(paths, count, path, nearby, sizeof nearby);
  return vs_fail_hint(err, status, "%s", nearby);
}

static vs_status refuse_glob(struct vs_str path, struct vs_error *err) {
  for (size_t i = 0; i < path.size; i++)
    if (strchr("*?[", path.data[i]))
      return vs_fail_hint(
          err,
          vs_fail(err, VS_CODE_NOT_YET, VS_NO_SPAN, "patterns in paths ('%.*s') are not read yet", VS_STR_ARG(path)),
          "name one file");
  return VS_OK;
}

static vs_status refuse_outside(const struct vs_folders *folders, struct vs_str path, struct vs_error *err) {
  return vs_fail_hint(
      err, vs_fail(err, VS_CODE_OUTSIDE_ROOT, VS_NO_SPAN, "'%.*s' is outside %s", VS_STR_ARG(path), folders->root),
      "files.root (variable VELO_ROOT) limits what is read and written to that folder");
}

/* The places `path` may mean, in order and without those outside the root. */
struct places {
  char *items[VS_COUNT_OF(((struct vs_folders *)NULL)->items)];
  uint32_t count;
};

static vs_status find_places(const struct vs_folders *folders, struct vs_str path, struct vs_arena *arena,
                             struct places *ret_places, struct vs_error *err) {
  struct places places = {.count = 0};
  char real[PATH_MAX];
  for (uint32_t i = 0; i < VS_MAX(folders->count, 1u); i++) {
    char *full = candidate(folders, i, path, arena);
    if (full && !vs_path_is_within_root(folders, full, real)) continue;
    char *place = full && folders->root ? vs_arena_copy(arena, real, strlen(real)) : full;
    if (!place) return vs_fail_memory(err);
    places.items[places.count++] = place;
  }
  if (!places.count) return refuse_outside(folders, path, err);
  *ret_places = places;
  return VS_OK;
}

vs_status vs_path_resolve(const struct vs_folders *folders, struct vs_str path, bool is_sink, struct vs_arena *arena,
                          struct vs_str *ret_path, struct vs_error *err) {
  struct places places;
  path = without_scheme(path);
  VS_TRY(refuse_scheme(path, err));
  if (!path.size || memchr(path.data, '\0', path.size))
    return vs_fail(err, VS_CODE_NO_FILE, VS_NO_SPAN, "the path is empty");
  VS_TRY(find_places(folders, path, arena, &places, err));
  for (uint32_t i = 0; i < places.count; i++)
    if (is_sink ? parent_exists(places.items[i]) : exists(places.items[i]))
      return *ret_path = vs_str_of(places.items[i]), VS_OK;
  if (!is_sink) {
    VS_TRY(refuse_glob(path, err));
    return refuse_missing(folders, path, arena, err);
  }
  *ret_path = vs_str_of(places.items[0]); /* its folders are made when it is opened */
  return VS_OK;
}

struct listing {
  const struct vs_folders *folders;
  struct vs_arena *arena;
  struct vs_str *paths;
  uint32_t count;
};

static void add_file(struct listing *listing, const char *folder, const char *below, const char *name) {
  char full[PATH_MAX], real[PATH_MAX];
  struct stat status;
  if (listing->count == LISTED_MAX || !vs_format_of_path(vs_str_of(name))) return;
  int size = snprintf(full, sizeof full, "%s/%s%s%s", folder, below, *below ? "/" : "", name);
  if (size >= (int)sizeof full || stat(full, &status) != 0 || !S_ISREG(status.st_mode)) return;
  if (!vs_path_is_within_root(listing->folders, full, real)) return;
  struct vs_str shown = vs_str_of(full + strlen(folder) + 1);
  for (uint32_t i = 0; i < listing->count; i++)
    if (vs_str_equal(listing->paths[i], shown)) return;
  char *copy = vs_arena_copy(listing->arena, shown.data, shown.size);
  if (copy) listing->paths[listing->count++] = (struct vs_str){copy, shown.size};
}

static void close_folder(DIR **folder) {
  if (*folder) closedir(*folder);
}

static void add_folder(struct listing *listing, const char *folder, const char *below) {
  char full[PATH_MAX];
  if (snprintf(full, sizeof full, "%s/%s", folder, below) >= (int)sizeof full) return;
  VS_CLEANUP(close_folder) DIR *opened = opendir(full);
  for (struct dirent *entry; opened && (entry = readdir(opened));) {
    if (entry->d_name[0] == '.') continue;
    if (!*below && (entry->d_type == DT_DIR || entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN))
      add_folder(listing, folder, entry->d_name);
    if (entry->d_type != DT_DIR) add_file(listing, folder, below, entry->d_name);
  }
}

static int compare_paths(const void *a, const void *b) {
  const struct vs_str *x = a, *y = b;
  int order = memcmp(x->data, y->data, VS_MIN(x->size, y->size));
  return order ? order : (x->size > y->size) - (x->size < y->size);
}

vs_status vs_path_list(const struct vs_folders *folders, struct vs_arena *arena, struct vs_str **ret_paths,
                       uint32_t *ret_count, struct vs_error *err) {
  struct listing listing = {
      .folders = folders, .arena = arena, .paths = VS_ARENA_ARRAY(arena, struct vs_str, LISTED_MAX)};
  if (!listing.paths) return vs_fail_memory(err);
  for (uint32_t i = 0; i < folders->count; i++)
    add_folder(&listing, folders->items[i], "");
  if (listing.count) qsort(listing.paths, listing.count, sizeof *listing.paths, compare_paths);
  *ret_paths = listing.paths;
  *ret_count = listing.count;
  return VS_OK;
}
