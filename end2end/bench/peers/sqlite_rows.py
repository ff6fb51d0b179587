"""sqlite_rows.py FILE ROWS BYTES: writes rows, one a commit (WAL, synchronous=FULL), and prints how many a second."""
import sqlite3
import sys
import time

path, rows, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
database = sqlite3.connect(path, isolation_level=None)
database.execute("PRAGMA journal_mode = WAL")
database.execute("PRAGMA synchronous = FULL")
database.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, text TEXT NOT NULL)")
database.execute("CREATE INDEX rows_by_time ON rows (at)")
text = "x" * size
began = time.monotonic()
for number in range(rows):
    database.execute("INSERT INTO rows (at, text) VALUES (?, ?)", (number, text))
print(rows / (time.monotonic() - began))
