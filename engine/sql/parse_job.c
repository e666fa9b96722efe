/* SPDX-License-Identifier: Apache-2.0
 * START, STOP, PAUSE, RESUME, DEPLOY and ROLLBACK of a JOB (or QUERY, another word for it). */
#include "engine/sql/parse.h"

static const char *const verb_words[] = {"START", "STOP", "PAUSE", "RESUME", "DEPLOY", "ROLLBACK"};

static vs_status parse_body(struct vs_parser *parser, struct vs_statement *statement) {
  VS_TRY(vs_parser_expect_word(parser, "AS", "and a SELECT or CREATE for the job"));
  struct vs_statement *body = statement->as.job.body = VS_ARENA_NEW(parser->arena, struct vs_statement);
  if (!body) return vs_parser_no_memory(parser);
  if (!vs_parser_is_query(parser, 0) && !vs_parser_is_word(parser, 0, "CREATE"))
    return vs_parser_unexpected(parser, "SELECT, WITH or CREATE after AS", "SELECT WITH CREATE");
  parser->keeps_last_with = true;
  vs_status status = vs_parse_statement(parser, body);
  parser->keeps_last_with = false;
  return status;
}

static vs_status parse_version(struct vs_parser *parser, struct vs_statement *statement) {
  if (!vs_parser_is_kind(parser, 0, VS_TOKEN_STRING))
    return vs_parser_unexpected(parser, "a version as 'text' after VERSION", NULL);
  return vs_parse_string(parser, vs_parser_take(parser), &statement->as.job.version);
}

static vs_status parse_strategy(struct vs_parser *parser, struct vs_statement *statement) {
  static const char *const words[] = {"BLUE_GREEN", "CANARY", "ROLLING", "REPLACE"};
  for (size_t i = 0; i < VS_COUNT_OF(words); i++)
    if (vs_parser_take_word(parser, words[i])) {
      statement->as.job.strategy = vs_str_of(words[i]);
      if (i != 1) return VS_OK;
      uint32_t open = parser->at;
      VS_TRY(vs_parser_open(parser, "(", "and the percentage after CANARY, as in CANARY(10)"));
      if (!vs_parser_is_kind(parser, 0, VS_TOKEN_INTEGER))
        return vs_parser_unexpected(parser, "a whole number in CANARY", NULL);
      VS_TRY(vs_parse_primary(parser, &statement->as.job.strategy_argument));
      return vs_parser_close(parser, ")", open);
    }
  return vs_parser_unexpected(parser, "BLUE_GREEN, CANARY(percent), ROLLING or REPLACE after STRATEGY",
                              "BLUE_GREEN CANARY ROLLING REPLACE");
}

static vs_status parse_deploy_tail(struct vs_parser *parser, struct vs_statement *statement) {
  for (;;) {
    if (!statement->as.job.properties.items && vs_parser_is_word(parser, 0, "WITH"))
      VS_TRY(vs_parse_properties(parser, &statement->as.job.properties));
    else if (!statement->as.job.strategy.size && vs_parser_take_word(parser, "STRATEGY"))
      VS_TRY(parse_strategy(parser, statement));
    else
      return VS_OK;
  }
}

static vs_status parse_verb(struct vs_parser *parser, struct vs_statement *statement) {
  switch (statement->as.job.verb) {
  case VS_JOB_START:
    VS_TRY(parse_body(parser, statement));
    return vs_parser_is_word(parser, 0, "WITH") ? vs_parse_properties(parser, &statement->as.job.properties) : VS_OK;
  case VS_JOB_STOP: statement->as.job.force = vs_parser_take_word(parser, "FORCE"); return VS_OK;
  case VS_JOB_DEPLOY:
    VS_TRY(vs_parser_expect_word(parser, "VERSION", "after the job's name"));
    VS_TRY(parse_version(parser, statement));
    VS_TRY(parse_body(parser, statement));
    return parse_deploy_tail(parser, statement);
  case VS_JOB_ROLLBACK: return vs_parser_take_word(parser, "VERSION") ? parse_version(parser, statement) : VS_OK;
  case VS_JOB_PAUSE:
  case VS_JOB_RESUME: break;
  }
  return VS_OK;
}

vs_status vs_parse_job(struct vs_parser *parser, struct vs_statement *statement) {
  for (uint32_t i = 0; i < VS_COUNT_OF(verb_words); i++)
    if (vs_parser_is_word(parser, 0, verb_words[i])) statement->as.job.verb = (vs_job_verb)i;
  vs_parser_take(parser);
  if (!vs_parser_take_word(parser, "JOB") && !vs_parser_take_word(parser, "QUERY"))
    return vs_parser_unexpected(parser, "JOB or QUERY", "JOB QUERY");
  VS_TRY(vs_parse_ident(parser, "the job's name", &statement->as.job.name));
  return parse_verb(parser, statement);
}
