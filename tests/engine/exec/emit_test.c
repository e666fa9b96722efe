/* SPDX-License-Identifier: Apache-2.0
 * EMIT, exactly (spec/sql.md 3.3). */
#include "rig.h"

static const char trades[] = "ts,symbol,price\n"
                             "2026-01-01 09:00:05,A,10\n"
                             "2026-01-01 09:00:10,B,20\n"
                             "2026-01-01 09:01:02,A,5\n"
                             "2026-01-01 09:01:30,B,7\n"
                             "2026-01-01 09:02:00,A,1\n";

Test(exec_emit, rows_that_pass_where_come_at_once) {
  rig_check(trades, "SELECT symbol, price FROM 't.csv' WHERE price > 6", "A|10 / B|20 / B|7");
}

Test(exec_emit, global_changes_gives_the_running_total_per_row) {
  rig_check(trades, "SELECT COUNT(*) AS n, SUM(price) AS total FROM 't.csv' EMIT CHANGES",
            "1|10 / 2|30 / 3|35 / 4|42 / 5|43");
}

Test(exec_emit, global_final_gives_one_row) {
  rig_check(trades, "SELECT COUNT(*) AS n, SUM(price) AS total FROM 't.csv'", "5|43");
}

Test(exec_emit, global_final_of_no_row_gives_count_zero_and_null) {
  rig_check(trades, "SELECT COUNT(*) AS n, SUM(price) AS total FROM 't.csv' WHERE price > 100", "0|~");
}

Test(exec_emit, global_changes_of_no_row_gives_nothing) {
  rig_check(trades, "SELECT COUNT(*) AS n FROM 't.csv' WHERE price > 100 EMIT CHANGES", "");
}

Test(exec_emit, grouped_changes_gives_the_changed_group_per_row) {
  rig_check(trades, "SELECT symbol, SUM(price) AS total FROM 't.csv' GROUP BY symbol EMIT CHANGES",
            "A|10 / B|20 / A|15 / B|27 / A|16");
}

Test(exec_emit, grouped_final_gives_groups_in_order_of_first_sight) {
  rig_check(trades, "SELECT symbol, SUM(price) AS total FROM 't.csv' GROUP BY symbol", "A|16 / B|27");
}

Test(exec_emit, window_final_gives_panes_by_end_and_groups_by_first_sight) {
  rig_check(trades,
            "SELECT symbol, SUM(price) AS total FROM 't.csv' GROUP BY symbol WINDOW TUMBLING(ts, INTERVAL '1' MINUTE)",
            "A|10 / B|20 / A|5 / B|7 / A|1");
}

Test(exec_emit, window_changes_gives_one_row_per_record_and_none_at_close) {
  rig_check(
      trades,
      "SELECT symbol, COUNT(*) AS n FROM 't.csv' GROUP BY symbol WINDOW TUMBLING(ts, INTERVAL '2' MINUTE) EMIT CHANGES",
      "A|1 / B|1 / A|2 / B|2 / A|1");
}

Test(exec_emit, window_without_group_by_is_one_group_per_pane) {
  rig_check(trades, "SELECT COUNT(*) AS n, MAX(price) AS top FROM 't.csv' WINDOW TUMBLING(ts, INTERVAL '1' MINUTE)",
            "2|20 / 2|7 / 1|1");
}

Test(exec_emit, windows_without_rows_emit_nothing) {
  rig_check("ts,x\n2026-01-01 09:00:00,1\n2026-01-01 10:00:00,2\n",
            "SELECT COUNT(*) AS n FROM 't.csv' WINDOW TUMBLING(ts, INTERVAL '1' MINUTE)", "1 / 1");
}

Test(exec_emit, window_bounds_are_epoch_milliseconds) {
  rig_check("ts,x\n1970-01-01 00:01:30,1\n1969-12-31 23:59:59,2\n",
            "SELECT _window_start AS a, _window_end AS b, COUNT(*) AS n FROM 't.csv' WINDOW TUMBLING(ts, INTERVAL '1' "
            "MINUTE) EMIT CHANGES",
            "60000|120000|1");
}
