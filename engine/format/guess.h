/* SPDX-License-Identifier: Apache-2.0
 * What one column's values could be: every value looked at narrows the answer (spec/sql.md 9.3). */
#ifndef VS_FORMAT_GUESS_H
#define VS_FORMAT_GUESS_H

#include "engine/format/format.h"

struct vs_guess {
  struct vs_str name;
  uint32_t kinds;               /* bits of the kinds seen; private to guess.c */
  uint32_t whole_digits, scale; /* of decimals: the largest seen */
  uint32_t significant;         /* digits of the longest decimal */
  uint64_t largest, smallest;   /* |integer| */
};

void vs_guess_init(struct vs_guess *guess, struct vs_str name);
void vs_guess_add_text(struct vs_guess *guess, struct vs_str text);   /* CSV: numbers, booleans, times, text */
void vs_guess_add_number(struct vs_guess *guess, struct vs_str text); /* JSON number */
void vs_guess_add_string(struct vs_guess *guess, struct vs_str text); /* JSON string: times or text */
void vs_guess_add_boolean(struct vs_guess *guess);
void vs_guess_add_nested(struct vs_guess *guess);

/* Which rules apply to numbers with a point. */
struct vs_guess_rules {
  bool floats_beyond_18_digits; /* JSON: its decimals are mostly printed binary floats */
  bool is_whole;                /* every row was seen; else decimals get two more places */
  uint64_t row_count;
};
/* The schema in `arena`, the event time column by the name order of spec/sql.md 9.3, the units. */
vs_status vs_guess_finish(const struct vs_guess *guesses, uint32_t count, const struct vs_guess_rules *rules,
                          struct vs_arena *arena, struct vs_inferred *ret_inferred, struct vs_error *err) VS_NODISCARD;

#endif
