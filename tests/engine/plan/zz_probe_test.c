#include "binding.h"
Test(zz, probe) {
  struct bench bench; bench_open(&bench);
  FILE *f = fopen("/tmp/q.txt", "r"); char line[4000];
  while (fgets(line, sizeof line, f)) {
    line[strcspn(line, "\n")] = 0;
    printf("\n=== %s\n", line);
    if (bench_try(&bench, strdup(line)) != VS_OK) { printf("VELO-%d [%u,%u) '%.*s' %s\n   hint: %s\n", bench.err.code, bench.err.span.begin, bench.err.span.end, (int)(bench.err.span.end-bench.err.span.begin), line + bench.err.span.begin, bench.err.message, bench.err.hint); continue; }
    struct vs_text t; vs_text_init(&t, bench.env.memory, 1 << 20); vs_plan_explain(bench.plan, &t); printf("%s", t.data); vs_text_release(&t);
    char s[2000]; bench_schema(bench.plan->root->schema, s, sizeof s); printf("SCHEMA %s\n", s);
    for (uint32_t i = 0; i < bench.plan->warning_count; i++) printf("WARN %s\n", bench.plan->warnings[i].message);
  }
  fflush(stdout);
}
