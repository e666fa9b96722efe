/* SPDX-License-Identifier: Apache-2.0
 * The steps of an expression program; shared by program.c and program_compile.c only. */
#ifndef VS_EXEC_PROGRAM_STEP_H
#define VS_EXEC_PROGRAM_STEP_H

#include "engine/exec/program.h"

typedef enum {
  VS_STEP_COLUMN,     /* ret = column of the batch */
  VS_STEP_EVENT_TIME, /* ret = event time of the batch in ms */
  VS_STEP_CALL,       /* ret = call(arguments), errors count in `mask` */
  VS_STEP_NARROW_AND, /* to_mask = mask where a is not FALSE; empty: ret = a, jump */
  VS_STEP_NARROW_OR,  /* to_mask = mask where a is not TRUE; empty: ret = a, jump */
  VS_STEP_AND,        /* ret = a AND b */
  VS_STEP_OR,
  VS_STEP_CASE_BEGIN, /* ret = all NULL, to_mask (rest) = mask */
  VS_STEP_CASE_WHEN,  /* to_mask (taken) = mask (rest) where a is TRUE, which leaves rest; empty: jump */
  VS_STEP_CASE_ELSE,  /* mask (rest) empty: jump */
  VS_STEP_CASE_TAKE   /* rows of mask: ret = a */
} vs_step_is;

struct vs_step {
  vs_step_is is;
  uint32_t ret, a, b; /* registers */
  uint32_t mask, to_mask;
  uint32_t jump;       /* the step to go on with */
  uint32_t *arguments; /* registers */
  uint32_t argument_count;
  const struct vs_bound *bound;
};

struct vs_program {
  struct vs_step *steps;
  uint32_t step_count;
  struct vs_vector *registers; /* those of constants are filled at compile time and never written again */
  uint32_t *roots;
  uint32_t root_count;
  uint64_t (*masks)[VS_BATCH_WORDS]; /* masks[0]: the selected rows */
  struct vs_vector *arguments;       /* of the call being made */
  bool is_lazy, has_base;
};

#endif
