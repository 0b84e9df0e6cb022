"""heatseek's ranking on collections with relevance judgments, beside published figures.

    python benchmarks/judged.py path/to/scifact.tar.xz path/to/cranfield ...

A collection is a folder, or a tar file of one, with `corpus.jsonl` (`_id`, `title`, `text`),
`queries.jsonl` (`_id`, `text`) and `qrels.tsv`. Each becomes an archive of articles, indexed by
`heatseek.rebuild` and asked by what `heatseek eval` runs, under the default settings.

    python benchmarks/judged.py --meaning 0.1,0.25,0.4 [--model path/to/encoder] COLLECTION ...

asks by meaning too, with each of these weights, by latent semantic analysis or by an encoder.
"""

from __future__ import annotations

import argparse
import json
import tarfile
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import heatseek
from heatseek import engines
from heatseek.evaluation.judgments import load
from heatseek.evaluation.runs import DEPTH, Run, run
from heatseek.search.request import request_of
from heatseek.search.searcher import Searcher

REFERENCES = {
    # nDCG@10, Recall@100. Lucene through Anserini 0.22.1 on these very files, English stopwords,
    # Porter stemming; scifact equals the published BEIR figure to four decimals.
    "Lucene k1=.9 b=.4": {
        "scifact": (0.6789, 0.9253),
        "cranfield": (0.4836, 0.7376),
        "cisi": (0.3644, 0.4314),
        "time": (0.7068, 0.9669),
        "cacm": (0.4793, 0.6869),
    },
    "Lucene k1=1.2 b=.75": {
        "scifact": (0.6826, 0.9282),
        "cranfield": (0.5094, 0.7498),
        "cisi": (0.3845, 0.4473),
        "time": (0.7558, 0.9676),
        "cacm": (0.4981, 0.7133),
    },
    "bm25s k1=1.5 b=.75": {
        "scifact": (0.6860, 0.9127),
        "cranfield": (0.5185, 0.7529),
        "cisi": (0.3956, 0.4527),
        "time": (0.7467, 0.9535),
        "cacm": (0.5011, 0.7156),
    },
    "SQLite FTS5 porter": {
        "scifact": (0.6874, 0.9253),
        "cranfield": (0.5076, 0.7420),
        "cisi": (0.3183, 0.4171),
        "time": (0.7528, 0.9648),
        "cacm": (0.4536, 0.6892),
    },
    "tantivy en_stem": {
        "scifact": (0.6658, 0.9076),
        "cranfield": (0.5054, 0.7549),
        "cisi": (0.3136, 0.4115),
        "time": (0.7429, 0.9669),
        "cacm": (0.4697, 0.6627),
    },
}
BASELINE = "Lucene k1=1.2 b=.75"
MAX_EXCERPT = 20_000
"""Characters of an excerpt that heatseek takes; the rest of a text goes into the body."""
NO_TITLE = "\N{EM DASH}"
"""For documents without one: an article needs a title, and this one has no word."""
ENDINGS = (".tar.xz", ".tar.gz", ".tar")


def main() -> None:
    """Measure every collection and print the table."""
    options = _options()
    figures: dict[str, dict[str, Any]] = {}
    for source in options.collections:
        name = _name(source)
        with tempfile.TemporaryDirectory(prefix="heatseek-judged-") as folder:
            collection = unpacked(source, Path(folder))
            figures[name] = measured(collection, Path(folder), options.meaning, options.model)
        print(f"{name}: {figures[name]['documents']:,} articles", flush=True)
    print(table(figures))
    if options.meaning:
        print(meaning_table(figures, options.meaning))
    if options.json:
        report = {"version": 1, "collections": figures, "references": REFERENCES}
        options.json.write_text(json.dumps(report, indent=1))


def measured(
    collection: Path, work: Path, weights: Sequence[float] = (), model: Path | None = None
) -> dict[str, Any]:
    """Convert, index and ask one collection, by words and with each weight of meaning."""
    convert(collection / "corpus.jsonl", work / "archive")
    semantic = heatseek.Semantic(str(model.resolve()) if model else "") if weights else None
    summary = heatseek.rebuild(work / "archive", work / "index", semantic=semantic)
    if summary.skipped or summary.warnings:
        raise SystemExit(f"{collection}: {summary.skipped} skipped, {summary.warnings} warnings")
    judged = load(collection / "queries.jsonl", collection / "qrels.tsv")
    with engines.load(work / "index").open(long_lived=True) as reader:
        search = Searcher(reader).search

        def outcome_with(meaning: float) -> Run:
            return run(
                judged.queries,
                lambda text: search(
                    request_of(text, limit=DEPTH, snippet_length=0, meaning=meaning)
                ),
            )

        started = time.perf_counter()
        outcome = outcome_with(0.0)
        seconds = time.perf_counter() - started
        by_meaning = {f"{weight:g}": dict(outcome_with(weight).means) for weight in weights}
    return {
        "by_meaning": by_meaning,
        "documents": summary.articles,
        "queries": len(outcome.queries),
        "milliseconds_per_query": seconds / len(outcome.queries) * 1000.0,
        "means": dict(outcome.means),
        "per_query": {a.query.id: dict(a.values) for a in outcome.queries},
    }


def convert(corpus: Path, archive: Path) -> None:
    """Write each document as an article: title, text as excerpt, the id as the file's name."""
    archive.mkdir(parents=True)
    with corpus.open(encoding="utf-8") as lines:
        for line in lines:
            document = json.loads(line)
            name = quote(document["_id"], safe="")
            (archive / f"{name}.md").write_text(article(document), "utf-8")


def article(document: dict[str, str]) -> str:
    """A document as a file: JSON front matter, and as body what an excerpt has no room for."""
    text = " ".join(document["text"].split())
    cut = len(text) if len(text) <= MAX_EXCERPT else text.rindex(" ", 0, MAX_EXCERPT)
    record = {"title": document["title"].strip() or NO_TITLE, "excerpt": text[:cut]}
    return f";;;\n{json.dumps(record, ensure_ascii=False)}\n;;;\n{text[cut:].strip()}\n"


def unpacked(source: Path, folder: Path) -> Path:
    """The folder of a collection; a tar file is unpacked into `folder` first."""
    if not source.is_dir():
        with tarfile.open(source) as packed:
            packed.extractall(folder, filter="data")
    found = [source] if source.is_dir() else [path.parent for path in folder.rglob("corpus.jsonl")]
    if len(found) != 1 or not (found[0] / "corpus.jsonl").is_file():
        raise SystemExit(f"{source}: needs one folder with corpus.jsonl in it")
    return found[0]


def table(figures: dict[str, dict[str, Any]]) -> str:
    """nDCG@10 and Recall@100 of every collection and their means, as Markdown."""
    names = list(figures)
    measures = ("ndcg@10", "recall@100")
    ours = {n: tuple(figures[n]["means"][m] for m in measures) for n in names}
    rows = {"heatseek": ours} | REFERENCES
    lines = [
        f"| nDCG@10 / Recall@100 | {' | '.join(names)} | mean |",
        "|---" * (len(names) + 2) + "|",
        *(_row(title, row, names) for title, row in rows.items()),
        _row(f"heatseek less {BASELINE}", _difference(ours, REFERENCES[BASELINE]), names, sign="+"),
    ]
    return "\n".join(lines)


def meaning_table(figures: dict[str, dict[str, Any]], weights: Sequence[float]) -> str:
    """By how much each weight of meaning changes nDCG@10 and Recall@100, as Markdown."""
    names = list(figures)
    measures = ("ndcg@10", "recall@100")
    lines = [
        f"| gain in nDCG@10 / Recall@100 | {' | '.join(names)} | mean |",
        "|---" * (len(names) + 2) + "|",
    ]
    for weight in weights:
        found = {name: figures[name]["by_meaning"][f"{weight:g}"] for name in names}
        row = {n: tuple(found[n][m] - figures[n]["means"][m] for m in measures) for n in names}
        lines.append(_row(f"meaning {weight:g}", row, names, sign="+"))
    return "\n".join(lines)


def _row(title: str, row: dict[str, tuple[float, ...]], names: list[str], *, sign: str = "") -> str:
    known = [row[name] for name in names if name in row]
    mean = tuple(sum(column) / len(known) for column in zip(*known, strict=True))
    cells = [row.get(name) for name in names] + [mean if len(known) == len(names) else None]
    texts = [" / ".join(f"{v:{sign}.4f}" for v in cell) if cell else "" for cell in cells]
    return f"| {title} | {' | '.join(texts)} |"


def _difference(
    one: dict[str, tuple[float, ...]], other: dict[str, tuple[float, ...]]
) -> dict[str, tuple[float, ...]]:
    return {
        name: tuple(a - b for a, b in zip(one[name], other[name], strict=True))
        for name in one.keys() & other.keys()
    }


def _name(source: Path) -> str:
    ending = next((ending for ending in ENDINGS if source.name.endswith(ending)), "")
    return source.resolve().name.removesuffix(ending)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("collections", nargs="+", type=Path, metavar="COLLECTION")
    parser.add_argument(
        "--meaning",
        type=lambda text: [float(part) for part in text.split(",")],
        default=[],
        metavar="W,W",
        help="weights of meaning to measure beside the ranking by words",
    )
    parser.add_argument(
        "--model", type=Path, metavar="DIR", help="a sentence encoder (latent semantic analysis)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="every figure, query by query")
    return parser.parse_args()


if __name__ == "__main__":
    main()
