/* SPDX-License-Identifier: Apache-2.0
 * Sorting row numbers by key columns: stable, NULLs last in both directions unless NULLS FIRST is written. */
#ifndef VS_EXEC_SORTER_H
#define VS_EXEC_SORTER_H

#include "engine/exec/context.h"

/* Sorts rows[0..count), numbers into the FLAT columns keys[key_count]. `context` (may be NULL) is asked for a stop. */
vs_status vs_sort_rows(const struct vs_vector *keys, const struct vs_sort_key *order, uint32_t key_count,
                       uint32_t *rows, uint32_t count, struct vs_memory *memory, const struct vs_job_context *context,
                       struct vs_error *err) VS_NODISCARD;

#endif
