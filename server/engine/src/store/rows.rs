//! Statements over many rows at once.

use sqlx::AssertSqlSafe;
use std::fmt::Write as _;

/// The most rows in one statement. SQLite searches its list of names for each `$n`, while it parses and while it
/// binds, so that long statements cost the square of their length: 17 columns take 40 µs at 8 rows and 1.2 ms at
/// 500. Statements of this length are kept prepared.
pub(super) const CHUNK: usize = 8;

/// `INSERT INTO table (columns) VALUES ($1, …), (…)` for a number of rows.
pub(super) fn insert(table: &str, columns: &[&str], rows: usize) -> AssertSqlSafe<String> {
    let mut sql = format!("INSERT INTO {table} ({}) VALUES ", columns.join(", "));
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns.len() {
            let comma = if column == 0 { "" } else { ", " };
            let _ = write!(sql, "{comma}${}", row * columns.len() + column + 1);
        }
        sql.push(')');
    }
    AssertSqlSafe(sql)
}

/// Numbers as the inside of `IN (…)`. They are numbers, so nothing can be smuggled in.
pub(super) fn list(ids: impl IntoIterator<Item = i64>) -> String {
    ids.into_iter()
        .map(|id| id.to_string())
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered_row_by_row() {
        assert_eq!(
            insert("t", &["a", "b"], 2).0,
            "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)"
        );
    }
}
