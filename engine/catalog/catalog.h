/* SPDX-License-Identifier: Apache-2.0
 * The catalogue: what a session knows by name. Immutable snapshots with a reference count; the executor builds the next
 * one and publishes it by an atomic pointer at the end of a statement; completion, inspection and %tables read
 * whichever is current, without locks. Objects are shared between snapshots and live until the last one that holds them
 * is gone. */
#ifndef VS_CATALOG_CATALOG_H
#define VS_CATALOG_CATALOG_H

#include "engine/connect/connector.h"
#include "engine/sql/tree.h"

typedef enum {
  VS_OBJECT_IS_SOURCE, /* CREATE STREAM s (cols) WITH (...): reads an endpoint */
  VS_OBJECT_IS_VIEW,   /* CREATE STREAM s AS q: spliced into its readers */
  VS_OBJECT_IS_TABLE,  /* CREATE TABLE t AS q: rows, pulled */
  VS_OBJECT_IS_RESULT  /* _, _3, -- @name x: rows of a SELECT */
} vs_object_is;

struct vs_object {
  struct vs_str name;
  vs_object_is is;
  struct vs_str owner;       /* cell id; "" from a script */
  struct vs_str owner_label; /* "cell [3]", for messages */
  struct vs_str definition;  /* SQL text in canonical form; "" for results */
  uint64_t version;          /* unique per definition: dependants compare it */
  const struct vs_schema *schema;
  struct vs_endpoint endpoint;         /* SOURCE */
  const struct vs_query *query;        /* VIEW: tree in the object's own arena */
  const struct vs_column_def *columns; /* VIEW with a column list: renames and casts by position */
  uint32_t column_count;
  struct vs_rows *rows; /* TABLE, RESULT */
  bool is_partial;      /* RESULT: rows fell out of the ring; using it warns */
  bool is_bounded;
  int time_column;           /* event time in schema; -1 */
  struct vs_str *depends_on; /* names with the versions they had */
  uint64_t *depends_versions;
  uint32_t depend_count;
  struct vs_str event_time; /* what the rows' event time is, for people: "ts"; size 0: none */
};

struct vs_snapshot; /* immutable */
struct vs_catalog;  /* the current snapshot, atomically replaced */

vs_status vs_catalog_new(const struct vs_env *env, struct vs_catalog **ret_catalog, struct vs_error *err) VS_NODISCARD;
void vs_catalog_free(struct vs_catalog *catalog);
/* Any thread; release with vs_snapshot_unref. */
struct vs_snapshot *vs_catalog_current(struct vs_catalog *catalog);
void vs_snapshot_unref(struct vs_snapshot *snapshot);

uint32_t vs_snapshot_count(const struct vs_snapshot *snapshot);
const struct vs_object *vs_snapshot_at(const struct vs_snapshot *snapshot, uint32_t index); /* by creation */
const struct vs_object *vs_snapshot_find(const struct vs_snapshot *snapshot,
                                         struct vs_str name); /* exact, else unique ignoring case */

/* A change: add and remove objects, then publish all at once or drop. Executor thread only. The object given to
 * vs_change_put is built in vs_change_arena(); it is copied by reference, so that arena lives with the object. */
struct vs_change;
vs_status vs_change_begin(struct vs_catalog *catalog, struct vs_change **ret_change, struct vs_error *err) VS_NODISCARD;
vs_status vs_change_arena(struct vs_change *change, struct vs_arena **ret_arena,
                          struct vs_error *err) VS_NODISCARD; /* a new one for the next object */
vs_status vs_change_put(struct vs_change *change, struct vs_object *object,
                        struct vs_error *err) VS_NODISCARD; /* replaces by name; refs object->rows */
/* With what was set aside under its name (<name>.failed, <name>.late); an absent one is allowed. */
void vs_change_remove(struct vs_change *change, struct vs_str name);
void vs_change_remove_owner(struct vs_change *change, struct vs_str owner);
vs_status vs_change_publish(struct vs_change *change, struct vs_error *err) VS_NODISCARD; /* ends the change */
void vs_change_drop(struct vs_change *change); /* ends it without effect; NULL allowed */

/* What an endpoint is resolved from; all borrowed for the call. */
struct vs_endpoint_request {
  struct vs_str path;  /* data NULL: the properties name it */
  struct vs_span span; /* of the path, for errors */
  struct vs_str scope; /* declared name, alias or file stem: keys with another prefix are left for others */
  const struct vs_properties *const *properties;
  uint32_t properties_count;
  const struct vs_create *declaration; /* NULL: the schema is inferred. Sinks have none */
  const struct vs_folders *folders;
  const struct vs_env *env;
};
/* The endpoint of FROM 'path' or of a declaration: properties checked, path resolved, schema inferred unless declared,
 * event time found. Errors: VELO-2014, 2015, 2001, 2002, 4001, 4005 with spans of the properties or `span`. */
vs_status vs_endpoint_resolve(const struct vs_endpoint_request *request, struct vs_arena *arena,
                              struct vs_endpoint *ret_endpoint, struct vs_error *err) VS_NODISCARD;
/* The endpoint of INTO 'path' or of a sink declared by properties: nothing is read, the schema is the query's. */
vs_status vs_endpoint_resolve_sink(const struct vs_endpoint_request *request, struct vs_arena *arena,
                                   struct vs_endpoint *ret_endpoint, struct vs_error *err) VS_NODISCARD;

/* Inference is remembered per (path, size, mtime, options), so that binding a file twice reads it once. The cache hangs
 * on vs_folders, which every resolve is given; any thread. At most 64 files, the oldest goes first. */
vs_status vs_inference_cache_new(struct vs_memory *memory, struct vs_inference_cache **ret_cache,
                                 struct vs_error *err) VS_NODISCARD;
void vs_inference_cache_free(struct vs_inference_cache *cache); /* NULL allowed */

#endif
