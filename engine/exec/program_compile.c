/* SPDX-License-Identifier: Apache-2.0
 * Bound expressions -> steps. The tree is walked once; counts come first, so that every array is allocated once. */
#include "engine/exec/program_step.h"

struct known { /* an expression already computed */
  const struct vs_bound *bound;
  uint32_t mask, ret;
};
struct compiler {
  struct vs_program *program;
  struct vs_arena *arena;
  struct known *known;
  uint32_t known_count, register_count, mask_count;
};
struct counts {
  uint32_t nodes, masks, arguments;
};

static void count(const struct vs_bound *bound, struct counts *counts) {
  counts->nodes++;
  switch (bound->is) {
  case VS_BOUND_COLUMN:
  case VS_BOUND_CONSTANT:
  case VS_BOUND_EVENT_TIME: return;
  case VS_BOUND_CALL:
    counts->arguments = VS_MAX(counts->arguments, bound->as.call.argument_count);
    for (uint32_t i = 0; i < bound->as.call.argument_count; i++)
      count(bound->as.call.arguments[i], counts);
    return;
  case VS_BOUND_CASE:
    counts->masks += 1 + bound->as.cases.when_count;
    counts->nodes += 2 + 2 * bound->as.cases.when_count; /* begin, else and take, two per branch */
    for (uint32_t i = 0; i < bound->as.cases.when_count; i++) {
      count(bound->as.cases.whens[i].condition, counts);
      count(bound->as.cases.whens[i].result, counts);
    }
    if (bound->as.cases.otherwise) count(bound->as.cases.otherwise, counts);
    return;
  case VS_BOUND_AND:
  case VS_BOUND_OR:
    counts->masks++;
    counts->nodes++;
    count(bound->as.both.left, counts);
    count(bound->as.both.right, counts);
    return;
  }
}

static bool is_same(const struct vs_bound *a, const struct vs_bound *b);

static bool is_same_call(const struct vs_bound *a, const struct vs_bound *b) {
  const struct vs_call_bound *f = &a->as.call.call, *g = &b->as.call.call;
  if (f->function != g->function || f->eval != g->eval || f->data != g->data ||
      a->as.call.argument_count != b->as.call.argument_count || (f->function && f->function->flags & VS_FN_VOLATILE))
    return false;
  for (uint32_t i = 0; i < a->as.call.argument_count; i++)
    if (!is_same(a->as.call.arguments[i], b->as.call.arguments[i])) return false;
  return true;
}

/* Sure to give the same value; a false negative only costs time. */
static bool is_same(const struct vs_bound *a, const struct vs_bound *b) {
  if (a == b && a->is != VS_BOUND_CALL) return true;
  if (a->is != b->is || !vs_type_equal(a->type, b->type)) return false;
  switch (a->is) {
  case VS_BOUND_COLUMN: return a->as.column == b->as.column;
  case VS_BOUND_CONSTANT: return vs_value_equal(&a->as.constant, &b->as.constant);
  case VS_BOUND_EVENT_TIME: return true;
  case VS_BOUND_CALL: return is_same_call(a, b);
  case VS_BOUND_CASE: return false;
  case VS_BOUND_AND:
  case VS_BOUND_OR: return is_same(a->as.both.left, b->as.both.left) && is_same(a->as.both.right, b->as.both.right);
  }
  return false;
}

/* What was computed under all rows, or in this very branch, holds here too. */
static bool find_known(const struct compiler *c, const struct vs_bound *bound, uint32_t mask, uint32_t *ret) {
  for (uint32_t i = 0; i < c->known_count; i++)
    if ((c->known[i].mask == mask || c->known[i].mask == 0) && is_same(c->known[i].bound, bound)) {
      *ret = c->known[i].ret;
      return true;
    }
  return false;
}

static struct vs_step *add_step(struct compiler *c, vs_step_is is, const struct vs_bound *bound, uint32_t mask,
                                uint32_t ret) {
  struct vs_step *step = &c->program->steps[c->program->step_count++];
  *step = (struct vs_step){.is = is, .bound = bound, .mask = mask, .ret = ret};
  return step;
}

static vs_status compile(struct compiler *c, const struct vs_bound *bound, uint32_t mask, uint32_t *ret,
                         struct vs_error *err);

static vs_status compile_call(struct compiler *c, const struct vs_bound *bound, uint32_t mask, uint32_t ret,
                              struct vs_error *err) {
  uint32_t argument_count = bound->as.call.argument_count;
  uint32_t *arguments = VS_ARENA_ARRAY(c->arena, uint32_t, VS_MAX(argument_count, 1));
  if (!arguments) return vs_fail_memory(err);
  for (uint32_t i = 0; i < argument_count; i++)
    VS_TRY(compile(c, bound->as.call.arguments[i], mask, &arguments[i], err));
  struct vs_step *step = add_step(c, VS_STEP_CALL, bound, mask, ret);
  step->arguments = arguments;
  step->argument_count = argument_count;
  return VS_OK;
}

static vs_status compile_both(struct compiler *c, const struct vs_bound *bound, uint32_t mask, uint32_t ret,
                              struct vs_error *err) {
  bool is_and = bound->is == VS_BOUND_AND;
  uint32_t left, right, inner = c->mask_count++;
  VS_TRY(compile(c, bound->as.both.left, mask, &left, err));
  struct vs_step *narrow = add_step(c, is_and ? VS_STEP_NARROW_AND : VS_STEP_NARROW_OR, bound, mask, ret);
  narrow->a = left;
  narrow->to_mask = inner;
  VS_TRY(compile(c, bound->as.both.right, inner, &right, err));
  struct vs_step *combine = add_step(c, is_and ? VS_STEP_AND : VS_STEP_OR, bound, mask, ret);
  combine->a = left;
  combine->b = right;
  narrow->jump = c->program->step_count;
  return VS_OK;
}

static vs_status compile_branch(struct compiler *c, const struct vs_bound *result, uint32_t mask, uint32_t ret,
                                struct vs_step *guard, struct vs_error *err) {
  uint32_t value;
  VS_TRY(compile(c, result, mask, &value, err));
  add_step(c, VS_STEP_CASE_TAKE, result, mask, ret)->a = value;
  guard->jump = c->program->step_count;
  return VS_OK;
}

static vs_status compile_case(struct compiler *c, const struct vs_bound *bound, uint32_t mask, uint32_t ret,
                              struct vs_error *err) {
  uint32_t rest = c->mask_count++;
  add_step(c, VS_STEP_CASE_BEGIN, bound, mask, ret)->to_mask = rest;
  for (uint32_t i = 0; i < bound->as.cases.when_count; i++) {
    uint32_t condition, taken = c->mask_count++;
    /* `rest` shrinks from branch to branch, so what one condition computed under it does not serve the next one. */
    uint32_t known_count = c->known_count;
    VS_TRY(compile(c, bound->as.cases.whens[i].condition, i ? rest : mask, &condition, err));
    struct vs_step *guard = add_step(c, VS_STEP_CASE_WHEN, bound, rest, ret);
    guard->a = condition;
    guard->to_mask = taken;
    VS_TRY(compile_branch(c, bound->as.cases.whens[i].result, taken, ret, guard, err));
    c->known_count = i ? known_count : c->known_count;
  }
  if (!bound->as.cases.otherwise) return VS_OK;
  struct vs_step *guard = add_step(c, VS_STEP_CASE_ELSE, bound, rest, ret);
  return compile_branch(c, bound->as.cases.otherwise, rest, ret, guard, err);
}

static vs_status compile_new(struct compiler *c, const struct vs_bound *bound, uint32_t mask, uint32_t ret,
                             struct vs_error *err) {
  switch (bound->is) {
  case VS_BOUND_COLUMN: add_step(c, VS_STEP_COLUMN, bound, mask, ret); return VS_OK;
  case VS_BOUND_CONSTANT: return vs_vector_constant(&c->program->registers[ret], &bound->as.constant, c->arena, err);
  case VS_BOUND_EVENT_TIME: add_step(c, VS_STEP_EVENT_TIME, bound, mask, ret); return VS_OK;
  case VS_BOUND_CALL: return compile_call(c, bound, mask, ret, err);
  case VS_BOUND_CASE: return compile_case(c, bound, mask, ret, err);
  case VS_BOUND_AND:
  case VS_BOUND_OR: return compile_both(c, bound, mask, ret, err);
  }
  return VS_OK;
}

static vs_status compile(struct compiler *c, const struct vs_bound *bound, uint32_t mask, uint32_t *ret,
                         struct vs_error *err) {
  if (find_known(c, bound, mask, ret)) return VS_OK;
  uint32_t own = c->register_count++;
  VS_TRY(compile_new(c, bound, mask, own, err));
  c->known[c->known_count++] = (struct known){bound, mask, own};
  *ret = own;
  return VS_OK;
}

static vs_status allocate(struct compiler *c, const struct counts *counts, uint32_t root_count, struct vs_error *err) {
  struct vs_program *program = c->program;
  program->steps = VS_ARENA_ARRAY(c->arena, struct vs_step, VS_MAX(counts->nodes, 1));
  program->registers = VS_ARENA_ARRAY(c->arena, struct vs_vector, VS_MAX(counts->nodes, 1));
  program->roots = VS_ARENA_ARRAY(c->arena, uint32_t, VS_MAX(root_count, 1));
  program->masks = vs_arena_zalloc(c->arena, sizeof *program->masks * (1 + counts->masks));
  program->arguments = VS_ARENA_ARRAY(c->arena, struct vs_vector, VS_MAX(counts->arguments, 1));
  c->known = VS_ARENA_ARRAY(c->arena, struct known, VS_MAX(counts->nodes, 1));
  if (!program->steps || !program->registers || !program->roots || !program->masks || !program->arguments || !c->known)
    return vs_fail_memory(err);
  return VS_OK;
}

vs_status vs_program_compile(struct vs_bound *const *roots, uint32_t root_count, struct vs_arena *arena,
                             struct vs_program **ret_program, struct vs_error *err) {
  struct counts counts = {0};
  for (uint32_t i = 0; i < root_count; i++)
    count(roots[i], &counts);
  struct vs_program *program = VS_ARENA_NEW(arena, struct vs_program);
  if (!program) return vs_fail_memory(err);
  struct compiler c = {.program = program, .arena = arena, .mask_count = 1};
  VS_TRY(allocate(&c, &counts, root_count, err));
  for (uint32_t i = 0; i < root_count; i++)
    VS_TRY(compile(&c, roots[i], 0, &program->roots[i], err));
  program->root_count = root_count;
  program->is_lazy = c.mask_count > 1;
  *ret_program = program;
  return VS_OK;
}
