/* SPDX-License-Identifier: Apache-2.0
 * The one keyword table: reserved words, names that need AS to be an alias, statement starters, and the words that only
 * mean something in their clause (offered by completion, free as names). */
#include "engine/sql/parser.h"

/* clang-format off */
#define WORD(text)      {text, false, false, false},
#define RESERVED(text)  {text, true, true, false},
#define NEEDS_AS(text)  {text, false, true, false},
#define STARTS(text)    {text, false, false, true},

static const struct vs_keyword keywords[] = {
  WORD("ADVANCE") WORD("AFTER") WORD("ALL") WORD("ANALYZE") RESERVED("AND") WORD("ANY") WORD("ARRAY") RESERVED("AS")
  NEEDS_AS("ASC") WORD("AT") RESERVED("BETWEEN") WORD("BIGINT") WORD("BLUE_GREEN") WORD("BOOL") WORD("BOOLEAN")
  WORD("BOTH") WORD("BUFFER") WORD("BY") WORD("BYTES") WORD("CANARY") RESERVED("CASE") RESERVED("CAST") WORD("CHANGES")
  WORD("CHAR") WORD("CLOSE") {"CREATE", true, true, true}, NEEDS_AS("CROSS") WORD("CUMULATE") WORD("CURRENT")
  WORD("CURRENT_TIMESTAMP") WORD("DATE") WORD("DATETIME") WORD("DAY") WORD("DAYS") WORD("DECIMAL") WORD("DEFAULT")
  STARTS("DELETE") STARTS("DEPLOY") {"DESC", false, true, true}, STARTS("DESCRIBE") WORD("DESCRIPTOR")
  RESERVED("DISTINCT") WORD("DOUBLE") STARTS("DROP") RESERVED("ELSE") RESERVED("EMIT") RESERVED("END") WORD("ESCAPE")
  WORD("EVERY") RESERVED("EXCEPT") RESERVED("EXISTS") NEEDS_AS("EXPIRE") STARTS("EXPLAIN") WORD("EXTRACT")
  RESERVED("FALSE") NEEDS_AS("FILTER") WORD("FINAL") WORD("FIRST") WORD("FLOAT") WORD("FOLLOWING") NEEDS_AS("FOR")
  WORD("FORCE") RESERVED("FROM") NEEDS_AS("FULL") WORD("FUNCTIONS") NEEDS_AS("GRACE") RESERVED("GROUP")
  RESERVED("HAVING") WORD("HEADER") WORD("HOP") WORD("HOPPING") WORD("HOUR") WORD("HOURS") WORD("IF") WORD("IGNORE")
  WORD("ILIKE") RESERVED("IN") WORD("INACTIVITY") NEEDS_AS("INNER") STARTS("INSERT") WORD("INT") WORD("INTEGER")
  RESERVED("INTERSECT") NEEDS_AS("INTERVAL") RESERVED("INTO") RESERVED("IS") WORD("JOB") WORD("JOBS") RESERVED("JOIN")
  WORD("JSON") WORD("KEY") WORD("LAST") WORD("LEADING") NEEDS_AS("LEFT") RESERVED("LIKE") RESERVED("LIMIT")
  STARTS("LIST") WORD("MAP") WORD("METRICS") WORD("MICROSECOND") WORD("MICROSECONDS") WORD("MILLISECOND")
  WORD("MILLISECONDS") WORD("MINUTE") WORD("MINUTES") WORD("MONTH") WORD("MONTHS") WORD("NANOSECOND")
  WORD("NANOSECONDS") NEEDS_AS("NATURAL") WORD("NEVER") RESERVED("NOT") RESERVED("NULL") NEEDS_AS("NULLS") WORD("NUMERIC") WORD("OF")
  NEEDS_AS("OFFSET") RESERVED("ON") RESERVED("OR") RESERVED("ORDER") NEEDS_AS("OUTER") NEEDS_AS("OVER")
  NEEDS_AS("PARTITION") WORD("PARTITIONS") STARTS("PAUSE") WORD("PERIOD") WORD("PLAN") WORD("POSITION")
  WORD("PRECEDING") WORD("PRECISION") NEEDS_AS("PRIMARY") WORD("PROPERTIES") NEEDS_AS("QUALIFY") WORD("QUERIES")
  WORD("QUERY") NEEDS_AS("RANGE") WORD("REAL") WORD("RECORD") WORD("REPLACE") STARTS("RESUME") WORD("RETENTION")
  NEEDS_AS("RIGHT") WORD("RLIKE") STARTS("ROLLBACK") WORD("ROLLING") WORD("ROW") NEEDS_AS("ROWS") WORD("SCHEMA")
  WORD("SECOND") WORD("SECONDS") {"SELECT", true, true, true}, WORD("SESSION") {"SET", false, true, true}, STARTS("SHOW")
  WORD("SIZE") WORD("SLIDING") WORD("SMALLINT") WORD("SOME") STARTS("START") WORD("STATUS") STARTS("STOP")
  WORD("STRATEGY") WORD("STREAM") WORD("STREAMS") WORD("STRING") WORD("STRUCT") WORD("SUBSTRING") WORD("SYSTEM_TIME")
  WORD("TABLE") WORD("TABLES") WORD("TEXT") RESERVED("THEN") WORD("TIME") WORD("TIMESTAMP") WORD("TIMESTAMP_LTZ")
  WORD("TINYINT") WORD("TOPICS") WORD("TRAILING") WORD("TRIM") RESERVED("TRUE") WORD("TRY_CAST") WORD("TUMBLE")
  WORD("TUMBLING") WORD("UNBOUNDED") RESERVED("UNION") WORD("UNKNOWN") STARTS("UPDATE") RESERVED("USING")
  NEEDS_AS("VALUES") WORD("VARCHAR") WORD("VERSION") WORD("VERSIONS") WORD("VIEW") WORD("WATERMARK") WORD("WEEK")
  WORD("WEEKS") RESERVED("WHEN") RESERVED("WHERE") RESERVED("WINDOW") {"WITH", true, true, true}, NEEDS_AS("WITHIN")
  WORD("YEAR") WORD("YEARS") WORD("ZONE")
};
/* clang-format on */

const struct vs_keyword *vs_keywords(uint32_t *ret_count) {
  if (ret_count) *ret_count = VS_COUNT_OF(keywords);
  return keywords;
}

static int compare(struct vs_str word, const char *keyword) {
  for (size_t i = 0; i < word.size; i++) {
    unsigned char letter = (unsigned char)word.data[i];
    if (letter >= 'a' && letter <= 'z') letter = (unsigned char)(letter - 'a' + 'A');
    if (letter != (unsigned char)keyword[i]) return letter < (unsigned char)keyword[i] ? -1 : 1;
  }
  return keyword[word.size] ? -1 : 0;
}

const struct vs_keyword *vs_keyword_find(struct vs_str word) {
  size_t low = 0, high = VS_COUNT_OF(keywords);
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = compare(word, keywords[middle].text);
    if (order == 0) return &keywords[middle];
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return NULL;
}
