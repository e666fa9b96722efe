/* SPDX-License-Identifier: Apache-2.0
 * Functions and aggregates: one row each. Type check, completion, hover text, reference, doctest follow from the row.
 *
 * A family is one file below scalar/ or aggregate/ that defines `const struct vs_scalar_family vs_scalar_family_<file>`
 * or `vs_aggregate_family_<file>`; CMake lists the folder. Operators are scalar rows too, named by their sign ("+",
 * "=", "AND", "||", "LIKE", ...), so plan binds `a + b` as a call of "+".
 *
 * Binding decides everything once: result type, the type each argument is cast to before the call, the kernel for
 * exactly these types. Kernels are dense loops over all rows of a batch; the caller has already
 *   - cast the arguments to the bound types,
 *   - flattened dictionaries (unless the row allows them) and kept constants CONSTANT,
 *   - made *ret a FLAT vector of the bound type whose validity is the AND of the arguments' validity (unless the row
 *     handles NULL itself).
 * Values under a NULL may be anything in range; a kernel must not fail a row because of them, nor because of a row
 * outside `active`. */
#ifndef VS_FUNCTION_FUNCTION_H
#define VS_FUNCTION_FUNCTION_H

#include "engine/base/env.h"
#include "engine/types/row_error.h"
#include "engine/types/value.h"

/* What one evaluation over one batch may use. Owned by the operator; one thread. */
struct vs_eval {
  const struct vs_env *env;
  struct vs_arena *arena; /* batch memory */
  const uint64_t *active; /* rows whose errors count; NULL: all (CASE and WHERE mask the branches not taken) */
  struct vs_row_errors *errors;
  uint64_t first_row;          /* source number of row 0 */
  const uint16_t *row_offsets; /* as in vs_batch */
  int64_t now_ms;              /* NOW() of this batch */
  bool division_by_zero_fails; /* SET sql.division_by_zero = error */
  uint64_t division_by_zero_count;
  uint64_t domain_count; /* values outside a function's domain that gave NULL: SQRT(-1), LN(0) */
};
/* Fails row `row` of the batch, if it is active. */
void vs_eval_fail_row(struct vs_eval *eval, uint32_t row, vs_code code, struct vs_span span, const char *message);

struct vs_call_bound; /* below */
typedef vs_status (*vs_scalar_eval)(struct vs_eval *eval, const struct vs_call_bound *call,
                                    const struct vs_vector *arguments, uint32_t row_count, struct vs_vector *ret,
                                    struct vs_error *err);

/* One bound call, frozen; lives in the plan's arena. */
struct vs_call_bound {
  const struct vs_scalar *function;
  struct vs_type result;
  vs_scalar_eval eval;
  void *data; /* compiled pattern, precomputed scale, ...; read-only after bind */
  struct vs_span span;
  uint32_t argument_count; /* set by bind where the kernel takes optional arguments, else 0 */
};

/* What bind sees and decides; shared by scalars and aggregates. */
struct vs_binding {
  struct vs_type *arguments;               /* in: types as written; out: types to cast to */
  const struct vs_value *const *constants; /* per argument its value when it is constant, else NULL */
  uint32_t argument_count;
  struct vs_span span; /* of the call */
  const struct vs_span *argument_spans;
  struct vs_arena *arena; /* the plan's */
  const struct vs_env *env;
};

enum {
  VS_FN_HANDLES_NULL = 1, /* sees NULLs and writes ret's validity itself (COALESCE, IS NULL, CONCAT) */
  VS_FN_VOLATILE = 2,     /* not folded when its arguments are constant (NOW, RANDOM) */
  VS_FN_DICTIONARY = 4,   /* pure per value: may be evaluated once per dictionary value */
  VS_FN_HIDDEN = 8        /* an operator or internal row: not listed by SHOW FUNCTIONS */
};

struct vs_scalar {
  const char *name;                    /* upper case */
  const char *aliases;                 /* "CEILING NAME2" or "" */
  const char *signature;               /* "(x [, digits]) -> type of x" */
  uint32_t argument_min, argument_max; /* UINT32_MAX: any number */
  uint32_t flags;
  /* Fills ret_call->result, eval, data; changes binding->arguments. Errors: VELO-2006, 2007, 2018 with a hint. */
  vs_status (*bind)(const struct vs_scalar *self, struct vs_binding *binding, struct vs_call_bound *ret_call,
                    struct vs_error *err);
  const char *doc;     /* one sentence */
  const char *example; /* "ROUND(2.345, 2) = 2.35": both sides are run and compared; NULL only for HIDDEN rows */
};
struct vs_scalar_family {
  const char *name; /* "mathematics" */
  const struct vs_scalar *rows;
  uint32_t row_count;
};

/* State of an aggregate over one group: `state_size` bytes, zeroed before use, 16-byte aligned, moved by memcpy. What
 * does not fit lives in run->arena, which dies with the group table. */
struct vs_aggregate_bound;
struct vs_aggregate_run {
  const struct vs_aggregate_bound *bound;
  struct vs_arena *arena; /* the group table's; grows */
  struct vs_eval *eval;
  const int64_t *event_time_us; /* per row of the batch, or NULL */
  uint64_t first_sequence;      /* arrival number of row 0: ties of event time */
};
/* groups[row] + offset is the state of the row's group; groups[row] NULL: the row does not count. NULL arguments are
 * skipped by the aggregate (but for COUNT(*), FIRST_VALUE, LAST_VALUE). Rows [begin, end) of the batch. */
typedef vs_status (*vs_aggregate_add)(struct vs_aggregate_run *run, const struct vs_vector *arguments,
                                      char *const *groups, size_t offset, uint32_t begin, uint32_t end,
                                      struct vs_error *err);
struct vs_aggregate_bound {
  const struct vs_aggregate *aggregate;
  struct vs_type result;
  size_t state_size;
  vs_aggregate_add add;
  vs_aggregate_add undo; /* NULL: cannot take a row back */
  /* Folds `from` into `to` (both at the state, offset applied). */
  vs_status (*merge)(struct vs_aggregate_run *run, char *to, const char *from, struct vs_error *err);
  /* Writes the values of groups[0..count) to rows [ret_begin, ret_begin + count) of the FLAT `ret`, whose validity
   * bitmap exists and is all ones there. A value out of range fails its row through run->eval. */
  vs_status (*finish)(struct vs_aggregate_run *run, char *const *groups, size_t offset, uint32_t count,
                      struct vs_vector *ret, uint32_t ret_begin, struct vs_error *err);
  void *data;
  struct vs_span span;
};

enum {
  VS_AGG_ORDERED = 1 /* depends on arrival: never merged out of order */,
  VS_AGG_STAR = 2 /* accepts * */,
  VS_AGG_IGNORES_DISTINCT = 4 /* MIN, MAX: DISTINCT changes nothing */,
  VS_AGG_WITHIN = 8 /* f(p) WITHIN GROUP (ORDER BY x) is f(x, p) */
};

struct vs_aggregate {
  const char *name, *aliases, *signature;
  uint32_t argument_min, argument_max;
  uint32_t flags;
  vs_measure_kind measure;
  /* ignore_nulls: FIRST_VALUE(x) IGNORE NULLS */
  vs_status (*bind)(const struct vs_aggregate *self, struct vs_binding *binding, bool ignore_nulls,
                    struct vs_aggregate_bound *ret_bound, struct vs_error *err);
  const char *doc;
  const char *example; /* "AVG(1, 2) = 1.5": the arguments are one column's rows; a second
                          argument follows a semicolon */
};
struct vs_aggregate_family {
  const char *name;
  const struct vs_aggregate *rows;
  uint32_t row_count;
};

/* NULL at the end. Of the variant that runs here (engine/base/cpu.h): the families are built once per variant, so a row
 * is one of these lists' rows and of no other. */
const struct vs_scalar_family *const *vs_scalar_families(void);
const struct vs_aggregate_family *const *vs_aggregate_families(void);

const struct vs_scalar *vs_scalar_find(struct vs_str name); /* name or alias, any case; NULL */
const struct vs_aggregate *vs_aggregate_find(struct vs_str name);
/* Known to the catalogue of spec/sql.md 6 but not running yet: bind answers VELO-2001 instead of "unknown". */
bool vs_function_is_planned(struct vs_str name);

/* Conversion `from` -> `to` as a call with one argument; TRY gives NULL where CAST fails the row. VELO-2007 when there
 * is no such conversion. The identity is bound too. */
vs_status vs_cast_bind(struct vs_type from, struct vs_type to, bool is_try, struct vs_span span, struct vs_arena *arena,
                       struct vs_call_bound *ret_call, struct vs_error *err) VS_NODISCARD;

/* Runs a bound call over arguments of any encoding: flattens, ANDs validity, folds all-constant calls to CONSTANT,
 * evaluates DICTIONARY rows per value. */
vs_status vs_call_run(const struct vs_call_bound *call, struct vs_eval *eval, const struct vs_vector *arguments,
                      uint32_t argument_count, uint32_t row_count, struct vs_vector *ret,
                      struct vs_error *err) VS_NODISCARD;

#endif
