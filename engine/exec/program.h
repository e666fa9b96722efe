/* SPDX-License-Identifier: Apache-2.0
 * Expression programs: bound expressions compiled once into a flat list of steps over registers of vectors.
 *
 * Laziness is masks, not branches per row: the right side of AND/OR and the branches of CASE are evaluated over all
 * rows while only the rows of their mask can fail; a branch whose mask is empty is jumped over. A subexpression that
 * occurs again under the same or an outer mask is evaluated once. A program belongs to one thread. */
#ifndef VS_EXEC_PROGRAM_H
#define VS_EXEC_PROGRAM_H

#include "engine/plan/plan.h"

struct vs_program;

/* The program and its registers live in `arena`; the expressions must live as long (they belong to the plan). */
vs_status vs_program_compile(struct vs_bound *const *roots, uint32_t root_count, struct vs_arena *arena,
                             struct vs_program **ret_program, struct vs_error *err) VS_NODISCARD;
/* Values of all roots for every row of `batch`, in any encoding; they live as long as the batch and eval->arena. Row
 * errors are marked in eval->errors, only for rows of the batch's selection. */
vs_status vs_program_run(struct vs_program *program, struct vs_eval *eval, const struct vs_batch *batch,
                         struct vs_vector *ret_vectors, struct vs_error *err) VS_NODISCARD;

#endif
