/* SPDX-License-Identifier: Apache-2.0
 * The bound, frozen plan of one statement. Nobody writes to it after vs_plan_query: it can be explained, shared and run
 * many times; run state lives in exec.
 *
 * A plan is a chain of nodes, source first in execution, last node at the root. Every node says its output schema, its
 * change mode and whether it ends. Hidden columns (window bounds, alert conditions) come after the shown ones. */
#ifndef VS_PLAN_PLAN_H
#define VS_PLAN_PLAN_H

#include "engine/catalog/catalog.h"
#include "engine/function/function.h"
#include "engine/sql/annotation.h"

/* ---- bound expressions ---- */
typedef enum {
  VS_BOUND_COLUMN,   /* .column of the node's input */
  VS_BOUND_CONSTANT, /* .constant */
  VS_BOUND_CALL,     /* .call over .arguments, already cast to what the kernel wants */
  VS_BOUND_CASE,     /* lazy: whens in order, otherwise (NULL when absent); COALESCE, IF, NULLIF, IFNULL become this */
  VS_BOUND_EVENT_TIME, /* the row's event time as TIMESTAMP_MS (floored); NULL where the batch has none */
  VS_BOUND_AND,        /* lazy three-valued: the right side's row errors count only where the left is not FALSE */
  VS_BOUND_OR
} vs_bound_is;

struct vs_bound;
struct vs_bound_when {
  struct vs_bound *condition, *result;
};
struct vs_bound {
  vs_bound_is is;
  struct vs_type type;
  bool is_nullable;
  struct vs_span span;
  union {
    uint32_t column;
    struct vs_value constant;
    struct {
      struct vs_call_bound call;
      struct vs_bound **arguments;
      uint32_t argument_count;
    } call;
    struct {
      struct vs_bound_when *whens;
      uint32_t when_count;
      struct vs_bound *otherwise;
    } cases;
    struct {
      struct vs_bound *left, *right;
    } both;
  } as;
};

/* ---- nodes ---- */
typedef enum { VS_MODE_APPEND, VS_MODE_UPSERT, VS_MODE_RETRACT } vs_change_mode;

typedef enum {
  VS_NODE_SCAN,      /* an endpoint, memory rows, or one row (SELECT without FROM) */
  VS_NODE_FILTER,    /* WHERE, HAVING */
  VS_NODE_PROJECT,   /* SELECT list; may set the event time */
  VS_NODE_AGGREGATE, /* GROUP BY and windows */
  VS_NODE_DISTINCT,
  VS_NODE_SORT, /* of the whole input, or per pane */
  VS_NODE_LIMIT /* of the whole input, or per pane */
} vs_node_is;

struct vs_scan {
  struct vs_str name; /* as the user wrote it */
  enum { VS_SCAN_ENDPOINT, VS_SCAN_ROWS, VS_SCAN_ONE_ROW } from;
  struct vs_endpoint endpoint;
  struct vs_rows *rows; /* borrowed from the snapshot the plan holds */
  bool *projection;     /* per field of the source schema; a column not read has data NULL */
  int offset_column;    /* hidden INTEGER column behind the source's: position of the row from 0; -1: not read */
  int64_t watermark_delay_us;
};

struct vs_aggregate_item {
  struct vs_aggregate_bound bound;
  struct vs_bound **arguments; /* over the input */
  uint32_t argument_count;
  bool is_star, is_distinct, ignore_nulls;
  struct vs_bound *filter; /* NULL: none */
};
struct vs_window_plan {
  vs_window_kind kind; /* first light: TUMBLING */
  int64_t size_us, advance_us, offset_us, grace_us;
  struct vs_bound *time;   /* over the input: TIMESTAMP, INTEGER or FLOAT; NULL: the batch's event time */
  vs_epoch_unit time_unit; /* of an INTEGER or FLOAT time; AUTO: from the first batch with a value */
  int64_t watermark_delay_us;
  bool owns_watermark; /* the watermark is max(event time seen here) - delay; the one in line is ignored but for the end
                        */
};
struct vs_aggregate_plan {
  struct vs_bound **keys;
  uint32_t key_count;
  struct vs_aggregate_item *items;
  uint32_t item_count;
  const struct vs_window_plan *window; /* NULL: none */
  vs_emit emit;                        /* CHANGES or FINAL, decided */
  /* Output columns: keys, items, then _window_start and _window_end (TIMESTAMP_MS) when there is a window. The event
   * time of an output row is its window's end minus 1 ms, so that windows nest; without a window it has none. */
};
struct vs_sort_key {
  struct vs_bound *expr;
  bool is_descending, nulls_first;
};

struct vs_node {
  vs_node_is is;
  struct vs_node *input; /* NULL for SCAN */
  const struct vs_schema *schema;
  vs_change_mode mode;
  bool is_bounded;
  struct vs_span span; /* of the clause it comes from */
  union {
    struct vs_scan scan;
    struct {
      struct vs_bound *condition;
      bool sends_deletes;
    } filter; /* HAVING over UPSERT marks rows that stop satisfying it */
    struct {
      struct vs_bound **exprs;
      uint32_t expr_count;
      int event_time; /* expr that sets it: TIMESTAMP, INTEGER or FLOAT; -1: kept */
      vs_epoch_unit event_time_unit;
    } project;
    struct vs_aggregate_plan aggregate;
    struct {
      bool unused;
    } distinct; /* compares every column of its input, hidden ones included */
    struct {
      struct vs_sort_key *keys;
      uint32_t key_count;
      bool is_per_pane;
      int64_t limit; /* -1: none; top-n */
    } sort;
    struct {
      int64_t limit, offset;
      bool is_per_pane;
    } limit; /* limit -1: none */
  } as;
};

/* How the folded result of a plan is keyed and shown (design Contracts 3). */
struct vs_fold_plan {
  bool is_keyed;         /* update mode: newest row per key; else append */
  uint32_t *key_columns; /* of the root schema, hidden ones included; 0 with is_keyed: one row */
  uint32_t key_count;
  struct vs_sort_key *order; /* ORDER BY of a CHANGES query acts on what is shown */
  uint32_t order_count;
  int64_t limit, offset; /* -1, 0 */
};

struct vs_alert_plan {
  const struct vs_alert *alert;
  uint32_t column;    /* hidden BOOLEAN column of the root schema */
  int measure_column; /* the column compared with a constant, for the chart's rule; -1 */
  vs_operator op;
  double threshold;
};

struct vs_plan {
  struct vs_arena arena;
  struct vs_snapshot *snapshot; /* keeps what the plan reads alive */
  struct vs_node *root;
  struct vs_fold_plan fold;
  vs_emit emit;
  struct vs_str event_time; /* what the rows' event time is, for people: "ts", "window end"; size 0: none */
  bool has_aggregate;       /* grouped, windowed or aggregated: charts read rows 7..17 */
  bool is_scalar;           /* one row, no FROM: an execute_result */
  struct vs_alert_plan *alerts;
  uint32_t alert_count;
  struct vs_annotations annotations;
  struct vs_endpoint *sink;  /* INTO, or CREATE ... WITH a sink; NULL */
  struct vs_error *warnings; /* codes may be 0; message and span count */
  uint32_t warning_count;
  struct vs_str *reads; /* names of catalogue objects, for dependencies */
  uint64_t *read_versions;
  uint32_t read_count;
};

/* What binding may look at. Everything is borrowed. */
struct vs_parameter {
  struct vs_str name;
  struct vs_value value; /* or a list, for IN */
  const struct vs_value *list;
  uint32_t list_count;
};
struct vs_plan_context {
  const struct vs_env *env;
  struct vs_catalog *catalog;
  const struct vs_snapshot *snapshot;
  const struct vs_parameter *parameters;
  uint32_t parameter_count;
  struct vs_folders folders;
  bool division_by_zero_fails, double_quotes_are_strings, aliases_first, is_strict; /* settings sql.* */
};

/* Binds a query. Errors: VELO-2xxx and 4xxx with spans. The plan is freed by vs_plan_free. */
vs_status vs_plan_query(const struct vs_plan_context *context, const struct vs_query *query,
                        const struct vs_annotations *annotations, struct vs_plan **ret_plan,
                        struct vs_error *err) VS_NODISCARD;
void vs_plan_free(struct vs_plan *plan); /* NULL allowed */

/* EXPLAIN: the tree with emission rule, state class, watermark, change mode and schema. */
void vs_plan_explain(const struct vs_plan *plan, struct vs_text *ret_text);

#endif
