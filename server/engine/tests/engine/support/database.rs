//! What a test does to the database behind the engine's back.

use super::Tocsin;

impl Tocsin {
    /// Runs one statement.
    pub async fn sql(&self, statement: impl Into<String>) {
        let mut transaction = self.engine.store.begin().await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(statement.into()))
            .execute(&mut *transaction)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
    }

    /// From now on the database finds no room to grow in.
    pub async fn fill_the_disk(&self) {
        let pages = self.pragma("page_count").await;
        self.pragma(&format!("max_page_count = {pages}")).await;
    }

    /// There is room again.
    pub async fn free_the_disk(&self) {
        self.pragma("max_page_count = 1073741823").await;
    }

    /// On the one connection that writes.
    async fn pragma(&self, pragma: &str) -> i64 {
        let mut transaction = self.engine.store.begin().await.unwrap();
        let sql = sqlx::AssertSqlSafe(format!("PRAGMA {pragma}"));
        let value = sqlx::query_scalar(sql)
            .fetch_one(&mut *transaction)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        value
    }
}
