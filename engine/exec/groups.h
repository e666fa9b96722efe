/* SPDX-License-Identifier: Apache-2.0
 * Group tables: key values -> one block of memory per group, holding the keys and the aggregates' states.
 *
 * Open addressing over slots of a 16-bit salt and a 48-bit pointer, so that another group's key is rarely looked at;
 * blocks lie in an arena in order of first sight and never move. Whole batches are hashed before the first probe; big
 * tables are probed with prefetch. A single dictionary key is looked up by its code. One thread at a time. */
#ifndef VS_EXEC_GROUPS_H
#define VS_EXEC_GROUPS_H

#include "engine/types/batch.h"

struct vs_group {
  struct vs_group *next; /* by first sight */
  uint64_t hash;
  uint32_t index;   /* from 0, by first sight */
  uint32_t stamp;   /* free for the operator: the run of rows that met it last */
  uint64_t nulls[]; /* bit per key, then the key cells of 8 or 16 bytes, then the states */
};

/* Where things lie in a group's block; shared by all tables of an operator. */
struct vs_group_layout {
  uint32_t key_count;
  struct vs_type *types;
  vs_physical *physicals;
  size_t *key_offsets;              /* from the start of the block */
  size_t state_offset, block_bytes; /* states are aligned to 16 */
};
vs_status vs_group_layout_init(struct vs_group_layout *layout, const struct vs_type *types, uint32_t key_count,
                               size_t state_bytes, struct vs_arena *arena, struct vs_error *err) VS_NODISCARD;

/* Key columns of one batch, ready for any table of the layout. */
struct vs_group_keys {
  struct vs_vector *columns; /* FLAT, or one DICTIONARY */
  uint64_t *hashes;          /* per row; not set for a DICTIONARY key */
  bool by_code;
};
vs_status vs_group_keys_init(struct vs_group_keys *keys, const struct vs_group_layout *layout,
                             const struct vs_vector *columns, uint32_t row_count, struct vs_arena *arena,
                             struct vs_error *err) VS_NODISCARD;

struct vs_groups {
  const struct vs_group_layout *layout;
  struct vs_memory *memory;
  struct vs_arena arena;
  uint64_t *slots;
  uint32_t slot_count, group_count;
  struct vs_group *first, *last;
  const void *dictionary;  /* identity of the one that `codes` is about */
  struct vs_group **codes; /* codes[code_count]; NULL: not seen yet in this dictionary */
  uint32_t code_count;
  struct vs_group *null_group; /* of a dictionary key that is NULL */
};
void vs_groups_init(struct vs_groups *groups, const struct vs_group_layout *layout, struct vs_memory *memory);
void vs_groups_release(struct vs_groups *groups);

/* Sets ret_groups[row] for rows[0..count) (NULL: the first `count` rows), making groups as needed with zeroed states.
 */
vs_status vs_groups_find(struct vs_groups *groups, const struct vs_group_keys *keys, const uint16_t *rows,
                         uint32_t count, struct vs_group **ret_groups, struct vs_error *err) VS_NODISCARD;
/* Adds the keys of the rows; ret_new_rows lists those whose key was new, in order. */
vs_status vs_groups_add(struct vs_groups *groups, const struct vs_group_keys *keys, const uint16_t *rows,
                        uint32_t count, uint16_t *ret_new_rows, uint32_t *ret_new_count,
                        struct vs_error *err) VS_NODISCARD;
/* Writes key `key` of `count` groups from `group` on into a FLAT vector; text is borrowed from the table. */
vs_status vs_groups_key(const struct vs_group_layout *layout, uint32_t key, struct vs_group *const *groups,
                        uint32_t count, struct vs_arena *arena, struct vs_vector *ret_vector,
                        struct vs_error *err) VS_NODISCARD;

#endif
