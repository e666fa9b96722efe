/* SPDX-License-Identifier: Apache-2.0
 * Where statements are bound: the engine's own catalogue, or a scratch copy of it in which a whole cell is tried before
 * anything is replaced. Binding is the same code in both, so what vs_engine_check accepts is what a run does. */
#ifndef VS_RUNTIME_WORKSPACE_H
#define VS_RUNTIME_WORKSPACE_H

#include "engine/runtime/engine_state.h"

struct vs_workspace {
  struct vs_engine *engine;
  struct vs_catalog *catalog;
  struct vs_snapshot *base; /* scratch: keeps what the copied objects point to; else NULL */
  struct vs_str owner, owner_label;
  bool is_scratch;
  bool division_by_zero_fails, double_quotes_are_strings, aliases_first, is_strict;
};
void vs_workspace_init(struct vs_workspace *workspace, struct vs_engine *engine, struct vs_str owner,
                       struct vs_str label);
/* Every object of the current snapshot but those of `without_owner` (NULL data: all). */
vs_status vs_workspace_init_scratch(struct vs_workspace *workspace, struct vs_engine *engine, struct vs_str owner,
                                    struct vs_str label, struct vs_str without_owner,
                                    struct vs_error *err) VS_NODISCARD;
void vs_workspace_release(struct vs_workspace *workspace);

vs_status vs_workspace_plan(const struct vs_workspace *workspace, const struct vs_query *query,
                            const struct vs_annotations *annotations, struct vs_plan **ret_plan,
                            struct vs_error *err) VS_NODISCARD;
/* VELO-2016 when `name` belongs to someone else. *ret_exists: an object of that name is there and may be replaced. */
vs_status vs_workspace_admit(const struct vs_workspace *workspace, struct vs_ident name, bool or_replace,
                             bool *ret_exists, struct vs_error *err) VS_NODISCARD;

/* One object under construction: begin, fill object, publish or drop. */
struct vs_making {
  struct vs_change *change;
  struct vs_arena *arena;
  struct vs_object *object;
};
vs_status vs_making_begin(const struct vs_workspace *workspace, struct vs_str name, vs_object_is is,
                          struct vs_making *ret_making, struct vs_error *err) VS_NODISCARD;
vs_status vs_making_publish(struct vs_making *making, struct vs_error *err) VS_NODISCARD;
void vs_making_drop(struct vs_making *making);

/* What a CREATE ... AS makes before it runs: its plan, and the properties and names it is registered with. */
struct vs_creation {
  const struct vs_create *create;
  const struct vs_annotations *annotations;
  const struct vs_statement *statement;
  struct vs_workspace columns; /* scratch in which a column list was applied; catalog NULL without one */
  struct vs_plan *plan;
};
vs_status vs_creation_bind(struct vs_creation *creation, const struct vs_workspace *workspace,
                           const struct vs_statement *statement, const struct vs_annotations *annotations,
                           struct vs_arena *arena, struct vs_error *err) VS_NODISCARD;
void vs_creation_release(struct vs_creation *creation); /* not the plan */
/* Registers what was created. `rows` is a TABLE's content; a view keeps its definition. */
vs_status vs_creation_publish(const struct vs_creation *creation, const struct vs_workspace *workspace,
                              struct vs_rows *rows, struct vs_error *err) VS_NODISCARD;
/* CREATE ... (columns) WITH (...): resolves and registers a source. */
vs_status vs_declaration_publish(const struct vs_workspace *workspace, const struct vs_statement *statement,
                                 struct vs_error *err) VS_NODISCARD;

#endif
