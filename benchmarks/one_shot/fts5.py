"""The least program that answers one query from a SQLite FTS5 index: FOLDER QUERY STATEMENT."""

import json
import sqlite3
import sys

folder, text, statement = sys.argv[1:]
database = sqlite3.connect(f"{folder}/articles.db")
match = " ".join(f'"{word}"' for word in text.split())
hits = database.execute(statement, (match,)).fetchall()
count = "SELECT count(*) FROM articles WHERE articles MATCH ?"
total = database.execute(count, (match,)).fetchone()[0]
print(json.dumps({"total": total, "hits": hits}))
