"""SQLite FTS5: Porter stems, `bm25()` with weights, heatseek's boosts computed in SQL."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from contenders.base import Answer, wants_all
from contenders.document import WEIGHTS, document
from heatseek.ranking import Boosts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from contenders.base import Search
    from heatseek.article import Article

BUILDS = True
SCRIPT = "fts5.py"
DATABASE = "articles.db"

# Quality and heat stand in a slim table of their own: from the wide rows of the texts they
# would take several times as long to read.
_SCHEMA = """
    CREATE VIRTUAL TABLE articles USING fts5(
        title, excerpt, topics, provider, body, id UNINDEXED, rest UNINDEXED,
        tokenize = 'porter unicode61 remove_diacritics 2'
    );
    CREATE TABLE signals (rowid INTEGER PRIMARY KEY, quality INTEGER, heat INTEGER);
"""
_INSERT = """
    INSERT INTO articles (rowid, title, excerpt, topics, provider, body, id, rest)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""


def build(articles: Sequence[Article], folder: Path) -> None:
    """One transaction, then FTS5's own merge into one segment."""
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        database.executescript(_SCHEMA)
        with database:
            for row, doc in enumerate(map(document, articles)):
                text = (doc.title, doc.excerpt, doc.topics, doc.provider, doc.body)
                database.execute(_INSERT, (row, *text, doc.id, doc.rest))
                database.execute(
                    "INSERT INTO signals VALUES (?, ?, ?)", (row, doc.quality, doc.heat)
                )
            database.execute("INSERT INTO articles (articles) VALUES ('optimize')")


def searcher(folder: Path) -> Search:
    """One statement ranks all matches, a second one counts them (measured: no slower than one)."""
    database = sqlite3.connect(folder / DATABASE)
    ranked = settings()

    def search(query: str) -> Answer:
        joint = " " if wants_all(query) else " OR "
        match = joint.join(f'"{word}"' for word in query.split())
        hits = database.execute(ranked, (match,)).fetchall()
        total = database.execute(
            "SELECT count(*) FROM articles WHERE articles MATCH ?", (match,)
        ).fetchone()[0]
        return Answer(total, [hit[0] for hit in hits])

    return search


def settings() -> str:
    """The ranking statement; heatseek's formula with heatseek's default weights."""
    boosts = Boosts()
    quality = _saturated("quality", boosts.quality, boosts.quality_pivot)
    heat = _saturated("heat", boosts.heat, boosts.heat_pivot)
    weights = ", ".join(str(weight) for weight in WEIGHTS.values())
    return f"""
        SELECT id, title, excerpt, topics, provider, rest, score
        FROM (
            SELECT
                signals.rowid AS row,
                bm25(articles, {weights}) * (1 + {quality} + {heat}) AS score
            FROM articles JOIN signals ON signals.rowid = articles.rowid
            WHERE articles MATCH ? ORDER BY score LIMIT 10
        ) JOIN articles ON articles.rowid = row ORDER BY score
    """  # noqa: S608 - made of numbers and names of ours


def _saturated(column: str, weight: float, pivot: float) -> str:
    value = f"max(ifnull({column}, 0), 0)"
    return f"{weight} * {value} / ({value} + {pivot})"
