/* SPDX-License-Identifier: Apache-2.0
 * How snapshots and the objects they share are counted. Private to this room. */
#ifndef VS_CATALOG_SNAPSHOT_H
#define VS_CATALOG_SNAPSHOT_H

#include "engine/catalog/catalog.h"

/* An object and the arena it was built in; lives as long as a snapshot holds it. */
struct vs_holder {
  struct vs_memory *memory;
  struct vs_arena arena;
  struct vs_object *object;
  struct vs_rows *rows; /* the reference held for object->rows */
  atomic_uint_fast32_t references;
};
vs_status vs_holder_new(struct vs_memory *memory, struct vs_holder **ret_holder, struct vs_error *err) VS_NODISCARD;
struct vs_holder *vs_holder_ref(struct vs_holder *holder);
void vs_holder_unref(struct vs_holder *holder); /* NULL allowed */

/* While a snapshot is current its readers are counted in the catalogue's word, and `references` holds a large bias;
 * when it is replaced the bias goes and the readers counted so far come in (catalog.c). */
struct vs_snapshot {
  struct vs_memory *memory;
  size_t bytes;
  atomic_int_fast64_t references;
  uint32_t count;
  struct vs_holder *holders[]; /* by creation */
};
#define VS_SNAPSHOT_BIAS (INT64_C(1) << 40)
/* Takes over the references of holders[count], also when it fails. */
vs_status vs_snapshot_new(struct vs_memory *memory, struct vs_holder **holders, uint32_t count,
                          struct vs_snapshot **ret_snapshot, struct vs_error *err) VS_NODISCARD;
/* Adds to the count and frees at zero. */
void vs_snapshot_settle(struct vs_snapshot *snapshot, int64_t change);

struct vs_memory *vs_catalog_memory(const struct vs_catalog *catalog);
/* Makes `snapshot` current. */
void vs_catalog_publish(struct vs_catalog *catalog, struct vs_snapshot *snapshot);

#endif
