/* SPDX-License-Identifier: Apache-2.0
 * The syntax tree of the whole grammar (spec/sql.md 1, 2). Plain data in one arena, spans on every node, immutable once
 * parsed. Names are as written (quotes removed); nothing is resolved here. Lists are arrays with a count.
 *
 * Convention: NULL pointer = clause absent; an empty list with count 0 = absent. */
#ifndef VS_SQL_TREE_H
#define VS_SQL_TREE_H

#include "engine/types/value.h"

struct vs_expr;
struct vs_query;

/* An identifier. Double-quoted ones stay marked until bind: in an expression they are a name if one resolves. */
struct vs_ident {
  struct vs_str text;
  struct vs_span span;
  bool is_double_quoted, is_back_quoted;
};
struct vs_idents {
  struct vs_ident *items;
  uint32_t count;
};
/* a, a.b, a.b.c */
struct vs_name {
  struct vs_ident *parts;
  uint32_t part_count;
  struct vs_span span;
};
struct vs_exprs {
  struct vs_expr **items;
  uint32_t count;
};

/* A type as written; nested types keep their arguments for the printer. */
struct vs_type_node {
  struct vs_type type; /* id, precision, scale */
  struct vs_span span;
  struct vs_type_node *items; /* ARRAY: 1; MAP: 2; STRUCT: field types */
  struct vs_ident *names;     /* STRUCT: field names */
  uint32_t item_count;
};

/* One duration rule for every place: a constant interval, or a parameter to be bound. */
struct vs_duration {
  struct vs_span span;
  struct vs_interval value;
  struct vs_ident parameter; /* text.data NULL unless written as :name */
};

typedef enum { VS_SORT_NULLS_DEFAULT, VS_SORT_NULLS_FIRST, VS_SORT_NULLS_LAST } vs_sort_nulls;
struct vs_sort_item {
  struct vs_expr *expr;
  bool is_descending;
  vs_sort_nulls nulls;
  struct vs_span span;
};
struct vs_sort {
  struct vs_sort_item *items;
  uint32_t count;
  struct vs_span span;
};

typedef enum {
  VS_BOUND_UNBOUNDED_PRECEDING,
  VS_BOUND_PRECEDING,
  VS_BOUND_CURRENT_ROW,
  VS_BOUND_FOLLOWING,
  VS_BOUND_UNBOUNDED_FOLLOWING
} vs_bound_kind;
struct vs_frame_bound {
  vs_bound_kind kind;
  struct vs_expr *rows;         /* n PRECEDING, or NULL */
  struct vs_duration *duration; /* duration PRECEDING, or NULL */
};
struct vs_over {
  struct vs_span span;
  struct vs_expr *buffer_rows; /* ROWS WINDOW BUFFER n ROWS */
  struct vs_exprs partition;
  struct vs_sort order;
  bool has_frame, is_range;
  struct vs_frame_bound start, end; /* end: CURRENT ROW when only one bound is written */
  enum { VS_OVER_EMIT_NONE, VS_OVER_EMIT_RECORD, VS_OVER_EMIT_BUFFER_FULL, VS_OVER_EMIT_CHANGES } emit;
  bool has_expire, expire_never, expire_inactivity;
  struct vs_duration expire;
};

typedef enum {
  VS_EXPR_LITERAL,    /* .literal */
  VS_EXPR_INTERVAL,   /* .duration: INTERVAL '5' MINUTE, 5m where an expression stands */
  VS_EXPR_PARAMETER,  /* .name with one part: :name */
  VS_EXPR_COLUMN,     /* .name */
  VS_EXPR_STAR,       /* .name may be empty: *, t.*; .except */
  VS_EXPR_UNARY,      /* .unary */
  VS_EXPR_BINARY,     /* .binary */
  VS_EXPR_IS,         /* .is: IS [NOT] NULL|TRUE|FALSE|UNKNOWN */
  VS_EXPR_BETWEEN,    /* .between */
  VS_EXPR_IN,         /* .in: list or query */
  VS_EXPR_LIKE,       /* .like: LIKE, ILIKE, RLIKE */
  VS_EXPR_CASE,       /* .cases */
  VS_EXPR_CAST,       /* .cast: CAST, TRY_CAST, :: */
  VS_EXPR_CALL,       /* .call; EXTRACT, POSITION, SUBSTRING, TRIM are calls with plain arguments */
  VS_EXPR_INDEX,      /* .index: a[i] */
  VS_EXPR_ARRAY,      /* .items */
  VS_EXPR_ROW,        /* .items: (a, b) with two or more */
  VS_EXPR_SUBQUERY,   /* .query: scalar */
  VS_EXPR_EXISTS,     /* .query; NOT EXISTS is a NOT above it */
  VS_EXPR_QUANTIFIED, /* .quantified: x op ANY|ALL (q) */
  VS_EXPR_AT_ZONE     /* .binary with left value, right zone */
} vs_expr_kind;

/* clang-format off */
#define VS_OPERATOR_LIST(X) \
  X(OR, "OR", 1) X(AND, "AND", 2) X(NOT, "NOT", 3) \
  X(EQUAL, "=", 4) X(NOT_EQUAL, "<>", 4) X(LESS, "<", 4) X(LESS_EQUAL, "<=", 4) X(GREATER, ">", 4) X(GREATER_EQUAL, ">=", 4) \
  X(DISTINCT_FROM, "IS DISTINCT FROM", 4) X(NOT_DISTINCT_FROM, "IS NOT DISTINCT FROM", 4) X(REGEX, "~", 4) \
  X(CONCAT, "||", 5) X(ADD, "+", 6) X(SUBTRACT, "-", 6) X(MULTIPLY, "*", 7) X(DIVIDE, "/", 7) X(MODULO, "%", 7) \
  X(NEGATE, "-", 8) X(PLUS, "+", 8) X(ARROW, "->", 9) X(ARROW_TEXT, "->>", 9)
/* clang-format on */
typedef enum {
#define X(name, text, precedence) VS_OP_##name,
  VS_OPERATOR_LIST(X)
#undef X
} vs_operator;

typedef enum { VS_IS_NULL, VS_IS_TRUE, VS_IS_FALSE, VS_IS_UNKNOWN } vs_is_what;
typedef enum { VS_LIKE, VS_ILIKE, VS_RLIKE } vs_like_kind;

struct vs_when {
  struct vs_expr *condition, *result;
};
struct vs_call {
  struct vs_ident name;
  struct vs_exprs arguments; /* a lone * is an argument of kind STAR */
  bool is_distinct, ignore_nulls;
  struct vs_expr *filter; /* FILTER (WHERE ...) */
  struct vs_sort within;  /* WITHIN GROUP (ORDER BY ...) */
  struct vs_over *over;
  bool has_parentheses; /* CURRENT_TIMESTAMP may lack them */
};

struct vs_expr {
  vs_expr_kind kind;
  struct vs_span span;
  union {
    struct vs_value literal;
    struct vs_duration duration;
    struct vs_name name;
    /* clang-format off */
    struct { struct vs_name name; struct vs_idents except; } star;
    struct { vs_operator op; struct vs_expr *operand; } unary;
    struct { vs_operator op; struct vs_expr *left, *right; struct vs_span op_span; } binary;
    struct { struct vs_expr *operand; vs_is_what what; bool is_not; } is;
    struct { struct vs_expr *operand, *low, *high; bool is_not; } between;
    struct { struct vs_expr *operand; struct vs_exprs list; struct vs_query *query; bool is_not; } in;
    struct { struct vs_expr *operand, *pattern, *escape; vs_like_kind how; bool is_not; } like;
    struct { struct vs_expr *operand; struct vs_when *whens; uint32_t when_count; struct vs_expr *otherwise; } cases;
    struct { struct vs_expr *operand; struct vs_type_node *type; bool is_try; } cast;
    struct vs_call call;
    struct { struct vs_expr *operand, *subscript; } index;
    struct vs_exprs items;
    struct vs_query *query;
    struct { struct vs_expr *operand; vs_operator op; bool is_all; struct vs_query *query; } quantified;
    /* clang-format on */
  } as;
};

/* 'a.b' = value, a.b = value, @metric = value */
struct vs_property {
  struct vs_str key;
  struct vs_span key_span;
  struct vs_value value; /* STRING for names too */
  struct vs_span value_span;
};
struct vs_properties {
  struct vs_property *items;
  uint32_t count;
  struct vs_span span;
};

typedef enum { VS_SOURCE_NAME, VS_SOURCE_PATH, VS_SOURCE_QUERY, VS_SOURCE_WINDOW_FUNCTION } vs_source_kind;
typedef enum { VS_WINDOW_TUMBLING, VS_WINDOW_HOPPING, VS_WINDOW_SESSION, VS_WINDOW_CUMULATE } vs_window_kind;

struct vs_window {
  vs_window_kind kind;
  struct vs_span span;
  struct vs_expr *time;             /* NULL: the source's event time */
  struct vs_duration size, advance; /* SESSION: size is the gap; CUMULATE: advance is the step */
  struct vs_exprs keys;             /* SESSION(gap, key...) */
  bool has_offset, has_grace, has_retention;
  struct vs_duration offset, grace, retention;
};

struct vs_source {
  vs_source_kind kind;
  struct vs_span span;
  struct vs_name name; /* NAME; WINDOW_FUNCTION: its TABLE argument */
  struct vs_str path;  /* PATH: 'data/trades.csv', kafka://... */
  struct vs_query *query;
  struct vs_window *window; /* WINDOW_FUNCTION: TUMBLE(TABLE t, DESCRIPTOR(ts), ...) */
  struct vs_idents partition;
  struct vs_expr *as_of; /* FOR SYSTEM_TIME AS OF */
  struct vs_ident alias; /* text.data NULL: none */
  struct vs_properties properties;
};

typedef enum { VS_JOIN_INNER, VS_JOIN_LEFT, VS_JOIN_RIGHT, VS_JOIN_FULL, VS_JOIN_CROSS } vs_join_kind;
struct vs_join {
  vs_join_kind kind;
  struct vs_span span;
  struct vs_source right;
  struct vs_expr *on;
  struct vs_idents using_names;
  bool has_within, has_within_pair, has_grace;
  struct vs_duration within_before, within_after, grace;
};

struct vs_item {
  struct vs_expr *expr;  /* kind STAR for * and t.* */
  struct vs_ident alias; /* text.data NULL: none */
  bool is_primary_key;
  struct vs_span span;
};

typedef enum { VS_EMIT_DEFAULT, VS_EMIT_CHANGES, VS_EMIT_FINAL, VS_EMIT_EVERY } vs_emit;

/* SELECT ... without the tail. */
struct vs_select {
  struct vs_span span;
  bool is_distinct;
  struct vs_item *items;
  uint32_t item_count;
  bool has_from;
  struct vs_source from;
  struct vs_join *joins;
  uint32_t join_count;
  struct vs_expr *where;
  struct vs_exprs group; /* TUMBLE(...), HOP(...), SESSION(...) stay calls; bind lowers them to a window */
  bool has_group;
  struct vs_window *window;
  struct vs_expr *having, *qualify;
};

typedef enum { VS_SET_UNION, VS_SET_INTERSECT, VS_SET_EXCEPT } vs_set_kind;
struct vs_cte {
  struct vs_ident name;
  struct vs_idents columns;
  struct vs_query *query;
  struct vs_span span;
};

/* A query: WITH, then one select, a nested query, or a set operation; then the tail. */
struct vs_query {
  struct vs_span span;
  struct vs_cte *ctes;
  uint32_t cte_count;
  enum { VS_QUERY_SELECT, VS_QUERY_NESTED, VS_QUERY_SET } kind;
  struct vs_select select;
  struct vs_query *left, *right; /* NESTED: left; SET: both */
  vs_set_kind set;
  bool set_all;
  struct vs_span set_span;
  struct vs_sort order;
  struct vs_expr *limit, *offset; /* INTEGER literal or parameter */
  struct vs_span limit_span;
  vs_emit emit;
  struct vs_duration emit_every;
  struct vs_span emit_span;
  bool has_into, into_is_path;
  struct vs_name into;
  struct vs_str into_path;
  struct vs_properties into_properties;
  struct vs_properties properties;
};

struct vs_column_def {
  struct vs_ident name;
  struct vs_type_node type;
  bool is_not_null, is_primary_key, has_default, has_header;
  struct vs_expr *fallback; /* DEFAULT literal */
  struct vs_str header;
  struct vs_span span;
};

typedef enum { VS_OBJECT_STREAM, VS_OBJECT_TABLE, VS_OBJECT_VIEW, VS_OBJECT_JOB } vs_object_kind;

struct vs_create {
  vs_object_kind kind;
  bool or_replace, if_not_exists;
  struct vs_ident name;
  bool has_columns;
  struct vs_column_def *columns;
  uint32_t column_count;
  struct vs_ident watermark_column; /* text.data NULL: none */
  struct vs_expr *watermark;
  struct vs_idents primary_key;
  struct vs_query *query; /* AS; EMIT, INTO and WITH behind it are in the query's tail */
  struct vs_properties properties;
};

typedef enum {
  VS_STATEMENT_QUERY,
  VS_STATEMENT_CREATE,
  VS_STATEMENT_INSERT,
  VS_STATEMENT_UPDATE,
  VS_STATEMENT_DELETE,
  VS_STATEMENT_DROP,
  VS_STATEMENT_SHOW,
  VS_STATEMENT_DESCRIBE,
  VS_STATEMENT_JOB,
  VS_STATEMENT_EXPLAIN,
  VS_STATEMENT_SET
} vs_statement_kind;

typedef enum {
  VS_SHOW_STREAMS,
  VS_SHOW_TABLES,
  VS_SHOW_TOPICS,
  VS_SHOW_FUNCTIONS,
  VS_SHOW_JOBS,
  VS_SHOW_QUERIES,
  VS_SHOW_STATUS,
  VS_SHOW_METRICS,
  VS_SHOW_VERSIONS,
  VS_SHOW_SCHEMA,
  VS_SHOW_PARTITIONS,
  VS_SHOW_PROPERTIES
} vs_show_what;
typedef enum { VS_JOB_START, VS_JOB_STOP, VS_JOB_PAUSE, VS_JOB_RESUME, VS_JOB_DEPLOY, VS_JOB_ROLLBACK } vs_job_verb;
typedef enum { VS_EXPLAIN_PLAIN, VS_EXPLAIN_ANALYZE } vs_explain_how;

struct vs_assignment {
  struct vs_ident name;
  struct vs_expr *value;
};

/* -- @name: value lines in front of, or inside, a statement; all kept, in order. */
struct vs_annotation {
  struct vs_str key;   /* without @, lower case: "metric_type" */
  struct vs_str value; /* trimmed, outer quotes removed */
  struct vs_span span, value_span;
};

struct vs_statement {
  vs_statement_kind kind;
  struct vs_span span; /* from its first token to its last; without ; */
  struct vs_annotation *annotations;
  uint32_t annotation_count;
  union {
    struct vs_query *query;
    struct vs_create *create;
    struct {
      struct vs_name target;
      struct vs_idents columns;
      struct vs_query *query;
      struct vs_exprs *rows;
      uint32_t row_count;
      struct vs_properties properties;
    } insert;
    struct {
      struct vs_name target;
      struct vs_assignment *set;
      uint32_t set_count;
      struct vs_expr *where;
    } update;
    struct {
      struct vs_name target;
      struct vs_expr *where;
    } erase;
    struct {
      vs_object_kind kind;
      bool if_exists;
      struct vs_ident name;
    } drop;
    struct {
      vs_show_what what;
      struct vs_ident name;
      vs_object_kind object;
      bool has_like;
      struct vs_str like;
    } show;
    struct vs_name describe;
    struct {
      vs_job_verb verb;
      struct vs_ident name;
      struct vs_statement *body;
      bool force;
      struct vs_str version, strategy;
      struct vs_expr *strategy_argument;
      struct vs_properties properties;
    } job;
    struct {
      vs_explain_how how;
      struct vs_statement *body;
    } explain;
    struct {
      struct vs_str key;
      struct vs_span key_span;
      struct vs_value value;
      struct vs_span value_span;
    } set;
  } as;
};

struct vs_script {
  struct vs_statement **statements;
  uint32_t statement_count;
};

#endif
