/* SPDX-License-Identifier: Apache-2.0
 * Private to the room: what binding carries around. Order of one SELECT: source, WHERE, outputs, groups and window,
 * expressions, emission rule, nodes (select.c). Everything lives in the plan's arena and is frozen when bound. */
#ifndef VS_PLAN_BINDER_H
#define VS_PLAN_BINDER_H

#include "engine/base/suggest.h"
#include "engine/plan/plan.h"

/* What a FROM or a bound SELECT yields: a node and what is known about its rows beside the schema. */
struct vs_relation {
  struct vs_node *node;
  struct vs_str qualifier; /* alias.column; "" when it has no name */
  bool has_event_time;     /* its batches carry one */
  bool has_own_watermark;  /* declared with the source */
  bool is_retimed;         /* a SELECT below set the event time: the source's watermark says nothing about it */
  bool is_memory;          /* rows of a table or result: complete, in no order of time */
  int time_column;         /* the column that is the event time; -1 */
  vs_epoch_unit *units;    /* per field, of INTEGER columns known to be times; AUTO: not known */
  uint32_t *keys;          /* UPSERT: the columns a row is replaced by */
  uint32_t key_count;
};

/* One item of a SELECT list, * already expanded; alerts, sort keys and keys append hidden ones. */
struct vs_output {
  const struct vs_expr *expr; /* NULL: a column that * stands for, or a hidden one */
  struct vs_str name, alias;  /* alias.data NULL: none */
  struct vs_bound *bound;     /* NULL until bound */
  struct vs_span span;
  bool is_hidden, is_primary_key, sets_event_time;
  vs_role role; /* of hidden ones; others get theirs from what they compute */
  uint32_t alert_index;
};
struct vs_outputs {
  struct vs_output *items;
  uint32_t count, capacity, listed_count; /* listed: what SELECT lists, * expanded */
};

/* Groups of a SELECT. Expressions above them refer to columns: keys, then items, then the window's bounds, whose
 * numbers are known when the last item is; until then they wait in `window_columns`. */
struct vs_grouping {
  struct vs_bound **keys;
  struct vs_str *key_names;
  uint32_t key_count, key_capacity;
  struct vs_aggregate_item *items;
  struct vs_str *item_names;
  uint32_t *inputs; /* identity of each item's argument, from 1 */
  uint32_t item_count, item_capacity;
  struct vs_bound **input_list; /* distinct arguments: identity - 1 */
  uint32_t input_count, input_capacity;
  struct vs_window_plan *window;
  struct vs_bound **window_columns;
  bool *window_is_end;
  uint32_t window_count, window_capacity;
};

struct vs_cte_scope {
  const struct vs_query *query; /* whose ctes[0..count) are visible */
  uint32_t count;
  const struct vs_cte_scope *outer;
};
struct vs_view_scope {
  struct vs_str name;
  const struct vs_view_scope *outer;
};

struct vs_binder {
  const struct vs_plan_context *context;
  const struct vs_snapshot *snapshot;
  struct vs_plan *plan;
  struct vs_arena *arena;
  const struct vs_cte_scope *ctes;
  const struct vs_view_scope *views;
  const struct vs_properties *properties[8]; /* WITH of the queries around the source being bound, outermost first */
  uint32_t properties_count;
  const struct vs_properties *seen[16]; /* every WITH of the statement, for keys that nobody takes */
  bool seen_is_source[16];              /* it stands right behind a source: keys need no prefix */
  uint32_t seen_count;
  struct vs_str *scopes; /* names that a prefixed WITH key may mean */
  uint32_t scope_count, scope_capacity;
  uint32_t warning_capacity, read_capacity, depth;
  bool is_quiet; /* trying: warnings are dropped */
};

/* Where an expression stands. */
struct vs_scope {
  struct vs_binder *binder;
  const struct vs_relation *input; /* NULL: constants only */
  struct vs_grouping *grouping;    /* names resolve over groups; NULL: over rows */
  struct vs_outputs *outputs;      /* whose aliases may be used; NULL: none */
  uint32_t visible;                /* outputs[0..visible) */
  const char *clause;              /* "WHERE": for messages */
  bool aliases_are_errors;         /* WHERE: explain instead of "unknown" */
  bool only_outputs;               /* @alert: names are output columns */
  bool is_grouped_select;          /* aggregates are legal in the select list above this expression */
  const char *inside_aggregate;    /* its name, inside its arguments */
};

/* binder.c: memory and notes */
void *vs_binder_alloc(struct vs_binder *binder, size_t size, size_t count);
/* Room for one more element; false when memory is used up. */
bool vs_binder_grow(struct vs_binder *binder, void **array, uint32_t count, uint32_t *capacity, size_t size);
void vs_binder_warn(struct vs_binder *binder, struct vs_span span, const char *format, ...) VS_PRINTF(3, 4);
vs_status vs_binder_read(struct vs_binder *binder, const struct vs_object *object, struct vs_error *err) VS_NODISCARD;
struct vs_str vs_binder_copy(struct vs_binder *binder, struct vs_str text);
vs_status vs_not_yet(struct vs_error *err, struct vs_span span, const char *construct) VS_NODISCARD;

/* bound.c: making and comparing bound nodes */
struct vs_bound *vs_bound_new(struct vs_binder *binder, vs_bound_is is, struct vs_type type, bool is_nullable,
                              struct vs_span span);
struct vs_bound *vs_bound_column(struct vs_binder *binder, const struct vs_node *node, uint32_t column,
                                 struct vs_span span);
struct vs_bound *vs_bound_constant(struct vs_binder *binder, const struct vs_value *value, struct vs_span span);
bool vs_bound_equal(const struct vs_bound *a, const struct vs_bound *b);
bool vs_bound_reads_event_time(const struct vs_bound *bound);
void vs_bound_mark_columns(const struct vs_bound *bound, bool *used);
bool vs_bound_is_constant(const struct vs_bound *bound);

/* bind_expr.c and its branches */
vs_status vs_bind_expr(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                       struct vs_error *err) VS_NODISCARD;
vs_status vs_bind_condition(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                            struct vs_error *err) VS_NODISCARD; /* BOOLEAN, or an error naming the clause */
vs_status vs_bind_name(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                       struct vs_error *err) VS_NODISCARD;
vs_status vs_bind_call(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                       struct vs_error *err) VS_NODISCARD;
vs_status vs_bind_case(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                       struct vs_error *err) VS_NODISCARD;
/* COALESCE, IFNULL, NVL, NULLIF, IF; *ret_bound NULL when `name` is none of them. */
vs_status vs_bind_conditional(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                              struct vs_error *err) VS_NODISCARD;
vs_status vs_bind_aggregate(struct vs_scope *scope, const struct vs_expr *expr, const struct vs_aggregate *aggregate,
                            struct vs_bound **ret_bound, struct vs_error *err) VS_NODISCARD;
vs_status vs_bind_parameter(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                            struct vs_error *err) VS_NODISCARD;
vs_status vs_parameter_get(const struct vs_plan_context *context, const struct vs_ident *name,
                           const struct vs_value **ret_value, struct vs_error *err) VS_NODISCARD;

/* call.c: a function row applied to bound arguments; casts inserted, constants folded */
vs_status vs_apply(struct vs_binder *binder, const char *name, struct vs_bound **arguments, uint32_t argument_count,
                   struct vs_span span, struct vs_bound **ret_bound, struct vs_error *err) VS_NODISCARD;
vs_status vs_apply_row(struct vs_binder *binder, const struct vs_scalar *row, struct vs_bound **arguments,
                       uint32_t argument_count, struct vs_span span, struct vs_bound **ret_bound,
                       struct vs_error *err) VS_NODISCARD;
vs_status vs_apply_cast(struct vs_binder *binder, struct vs_bound *operand, struct vs_type type, bool is_try,
                        struct vs_span span, struct vs_bound **ret_bound, struct vs_error *err) VS_NODISCARD;
vs_status vs_apply_both(struct vs_binder *binder, vs_bound_is is, struct vs_bound *left, struct vs_bound *right,
                        struct vs_span span, struct vs_bound **ret_bound, struct vs_error *err) VS_NODISCARD;
vs_status vs_apply_boolean(struct vs_binder *binder, struct vs_bound *operand, const char *clause,
                           struct vs_bound **ret_bound, struct vs_error *err) VS_NODISCARD;
vs_status vs_binding_init(struct vs_binder *binder, struct vs_bound **arguments, uint32_t argument_count,
                          struct vs_span span, struct vs_binding *ret_binding, struct vs_error *err) VS_NODISCARD;
vs_status vs_binding_casts(struct vs_binder *binder, const struct vs_binding *binding, struct vs_bound **arguments,
                           struct vs_error *err) VS_NODISCARD;

/* time_unit.c: INTEGER columns whose unit is known become TIMESTAMP where a time is wanted; others stay as they are */
vs_status vs_unit_cast(struct vs_scope *scope, struct vs_type target, struct vs_bound **bound,
                       struct vs_error *err) VS_NODISCARD;
vs_status vs_unit_sides(struct vs_scope *scope, struct vs_bound *sides[2], struct vs_error *err) VS_NODISCARD;
vs_status vs_unit_arguments(struct vs_scope *scope, const struct vs_scalar *row, struct vs_bound **arguments,
                            uint32_t count, struct vs_error *err) VS_NODISCARD;

/* scope.c: names */
enum { VS_LOOKUP_NONE = -1, VS_LOOKUP_AMBIGUOUS = -2 };
int vs_scope_find_column(const struct vs_relation *relation, struct vs_str name); /* shown ones */
int vs_scope_find_output(const struct vs_outputs *outputs, uint32_t visible, struct vs_str alias);
bool vs_scope_has_qualifier(const struct vs_relation *relation, struct vs_str name);
vs_status vs_scope_unknown(const struct vs_scope *scope, const struct vs_name *name, struct vs_error *err) VS_NODISCARD;
bool vs_name_is_window_bound(struct vs_str name, bool *ret_is_end);

/* group.c */
bool vs_expr_has_aggregate(const struct vs_expr *expr);
typedef bool (*vs_expr_visit)(const struct vs_expr *expr, void *context); /* false: not below this one */
void vs_expr_walk(const struct vs_expr *expr, vs_expr_visit visit, void *context);
vs_status vs_group_bind(struct vs_scope *rows, const struct vs_select *select, struct vs_grouping *grouping,
                        struct vs_error *err) VS_NODISCARD;
/* A key equal to `expr`, as a column above the groups; *ret_bound NULL when there is none. */
vs_status vs_group_find_key(struct vs_scope *scope, const struct vs_expr *expr, struct vs_bound **ret_bound,
                            struct vs_error *err) VS_NODISCARD;
struct vs_bound *vs_group_window_column(struct vs_scope *scope, bool is_end, struct vs_span span);
vs_status vs_group_node(struct vs_binder *binder, struct vs_grouping *grouping, const struct vs_relation *input,
                        vs_emit emit, struct vs_span span, struct vs_node **ret_node,
                        struct vs_error *err) VS_NODISCARD;

/* window.c */
bool vs_call_is_window(const struct vs_expr *expr); /* TUMBLE(...), HOP(...), SESSION(...) in GROUP BY */
vs_status vs_window_bind(struct vs_scope *rows, const struct vs_window *window, struct vs_window_plan **ret_window,
                         struct vs_error *err) VS_NODISCARD;
vs_status vs_window_bind_call(struct vs_scope *rows, const struct vs_expr *call, struct vs_window_plan **ret_window,
                              struct vs_error *err) VS_NODISCARD;
bool vs_window_is_own_time(const struct vs_relation *input, const struct vs_bound *time);
/* `bound` as an event time: TIMESTAMP, INTEGER or FLOAT and a unit. */
vs_status vs_window_time(struct vs_binder *binder, const struct vs_relation *input, struct vs_bound *bound,
                         struct vs_bound **ret_time, vs_epoch_unit *ret_unit, struct vs_error *err) VS_NODISCARD;

/* source.c, source_endpoint.c, source_rows.c, source_view.c */
vs_status vs_source_bind(struct vs_binder *binder, const struct vs_source *source, vs_emit wanted,
                         struct vs_relation *ret_relation, struct vs_error *err) VS_NODISCARD;
/* Column list of a CREATE: renames and casts by position. */
vs_status vs_columns_declare(struct vs_binder *binder, const struct vs_column_def *columns, uint32_t column_count,
                             struct vs_relation *relation, struct vs_span span, struct vs_error *err) VS_NODISCARD;
/* WITH q(a, b): renames by position. */
vs_status vs_columns_rename(struct vs_binder *binder, const struct vs_idents *names, struct vs_relation *relation,
                            struct vs_span span, struct vs_error *err) VS_NODISCARD;
struct vs_str vs_path_stem(struct vs_str path); /* "data/trades.csv" is called trades */
struct vs_node *vs_scan_new(struct vs_binder *binder, const struct vs_schema *schema, struct vs_str name,
                            struct vs_span span);
/* A copy of a source's schema with the roles a reader of rows wants: what is a time, what is a number. */
struct vs_schema *vs_scan_schema(struct vs_binder *binder, const struct vs_schema *from, int time_column);
vs_status vs_source_declared(struct vs_binder *binder, const struct vs_object *object, struct vs_span span,
                             struct vs_relation *ret_relation, struct vs_error *err) VS_NODISCARD;
vs_status vs_source_rows(struct vs_binder *binder, const struct vs_object *object, struct vs_span span,
                         struct vs_relation *ret_relation, struct vs_error *err) VS_NODISCARD;
vs_status vs_source_view(struct vs_binder *binder, const struct vs_object *view, struct vs_span span, vs_emit wanted,
                         struct vs_relation *ret_relation, struct vs_error *err) VS_NODISCARD;
vs_status vs_source_one_row(struct vs_binder *binder, struct vs_span span, struct vs_relation *ret_relation,
                            struct vs_error *err) VS_NODISCARD;
vs_status vs_source_endpoint(struct vs_binder *binder, struct vs_str name, struct vs_str path, struct vs_str scope,
                             struct vs_span span, struct vs_relation *ret_relation, struct vs_error *err) VS_NODISCARD;
void vs_binder_enter(struct vs_binder *binder, const struct vs_properties *properties, bool is_source);

/* query.c, select.c, select_list.c, order.c, emit.c, measure.c */
vs_status vs_bind_query(struct vs_binder *binder, const struct vs_query *query, vs_emit wanted, bool is_root,
                        struct vs_relation *ret_relation, struct vs_error *err) VS_NODISCARD;
vs_status vs_bind_select(struct vs_binder *binder, const struct vs_query *query, const struct vs_select *select,
                         vs_emit wanted, bool is_root, struct vs_relation *ret_relation,
                         struct vs_error *err) VS_NODISCARD;
vs_status vs_outputs_expand(struct vs_binder *binder, const struct vs_select *select, const struct vs_relation *input,
                            bool is_grouped, struct vs_outputs *ret_outputs, struct vs_error *err) VS_NODISCARD;
vs_status vs_outputs_add(struct vs_binder *binder, struct vs_outputs *outputs, const struct vs_output *output,
                         struct vs_error *err) VS_NODISCARD;
vs_status vs_outputs_name(struct vs_binder *binder, struct vs_outputs *outputs, struct vs_error *err) VS_NODISCARD;
/* The PROJECT node of the outputs, with roles and measures; *ret_columns: outputs index -> column. */
vs_status vs_outputs_node(struct vs_binder *binder, struct vs_outputs *outputs, struct vs_node *input,
                          struct vs_span span, bool is_distinct, struct vs_node **ret_node, uint32_t **ret_columns,
                          struct vs_error *err) VS_NODISCARD;
/* The output that is column `column` of the project's input, or a hidden one added for it. */
vs_status vs_outputs_carry(struct vs_binder *binder, struct vs_outputs *outputs, const struct vs_node *input,
                           uint32_t column, uint32_t *ret_output, struct vs_error *err) VS_NODISCARD;

struct vs_order {
  struct vs_sort_key *keys; /* over the root schema */
  uint32_t *outputs;        /* outputs index of each key, before columns are numbered */
  uint32_t count;
  int64_t limit, offset; /* -1, 0 */
  struct vs_span span, limit_span;
};
vs_status vs_order_bind(struct vs_scope *scope, const struct vs_query *query, bool is_distinct,
                        struct vs_order *ret_order, struct vs_error *err) VS_NODISCARD;
typedef enum { VS_ORDER_EXACT, VS_ORDER_PER_PANE, VS_ORDER_FOLDED, VS_ORDER_ARRIVAL } vs_order_how;
vs_status vs_order_nodes(struct vs_binder *binder, struct vs_order *order, const uint32_t *columns, vs_order_how how,
                         bool is_root, struct vs_node **node, struct vs_error *err) VS_NODISCARD;

struct vs_emit_facts {
  vs_emit written, wanted; /* wanted: by the query around it; DEFAULT at the root */
  bool is_bounded, has_aggregate, has_window;
  struct vs_span span;
};
vs_status vs_emit_decide(const struct vs_emit_facts *facts, vs_emit *ret_emit, struct vs_error *err) VS_NODISCARD;
vs_measure_kind vs_measure_of(const struct vs_bound *bound, const struct vs_schema *input, uint32_t *ret_input);

/* "ts", "window end", "ts of bars": what the event time of a query's rows is, for people. */
struct vs_str vs_event_time_text(struct vs_binder *binder, const struct vs_relation *input,
                                 const struct vs_grouping *grouping, bool is_grouped, const struct vs_output *setter);
/* alert.c, metric.c, sink.c, prune.c, fold_plan.c, reject.c, print_bound.c */
vs_status vs_bind_output_condition(const struct vs_scope *outer, const struct vs_expr *expr, const char *what,
                                   struct vs_bound **ret_bound, struct vs_error *err) VS_NODISCARD;
vs_status vs_alerts_add(struct vs_scope *scope, struct vs_outputs *outputs, struct vs_error *err) VS_NODISCARD;
void vs_alerts_number(struct vs_binder *binder, const struct vs_outputs *outputs, const uint32_t *columns);
vs_status vs_metrics_check(struct vs_scope *scope, const struct vs_outputs *outputs, struct vs_error *err) VS_NODISCARD;
vs_status vs_sink_bind(struct vs_binder *binder, const struct vs_query *query, struct vs_endpoint **ret_sink,
                       struct vs_error *err) VS_NODISCARD;
vs_status vs_properties_check(const struct vs_binder *binder, const struct vs_query *query,
                              struct vs_error *err) VS_NODISCARD;
vs_status vs_fold_plan(struct vs_binder *binder, const struct vs_relation *root, struct vs_error *err) VS_NODISCARD;
void vs_prune(struct vs_binder *binder, struct vs_node *root);
vs_status vs_reject_query(const struct vs_query *query, struct vs_error *err) VS_NODISCARD;
vs_status vs_reject_select(const struct vs_select *select, struct vs_error *err) VS_NODISCARD;
/* As SQL; columns of an aggregate print as what they compute. */
void vs_bound_print(const struct vs_bound *bound, const struct vs_node *input, struct vs_text *ret_text);
void vs_aggregate_item_print(const struct vs_aggregate_item *item, const struct vs_node *input,
                             struct vs_text *ret_text);
void vs_duration_print(int64_t us, struct vs_text *ret_text);

#endif
