"""An evaluation as text, and as JSON (docs/json.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from heatseek.cli.render.console import cell, printed, table
from heatseek.evaluation.runs import MEASURES
from heatseek.wire import VERSION, dump

if TYPE_CHECKING:
    from rich.table import Table

    from heatseek.cli.render.escapes import Style
    from heatseek.evaluation.comparison import Alternative, Comparison, Move, Report
    from heatseek.evaluation.runs import QueryFigures, Run
    from heatseek.evaluation.settings import Setting
    from heatseek.wire.evaluation import (
        ComparisonDocument,
        EvaluationDocument,
        JudgedQueryDocument,
        MoveDocument,
        WeightsDocument,
    )


def render_json(report: Report, *, archive: str, notices: Sequence[str]) -> str:
    """Everything, as one document."""
    document: EvaluationDocument = {
        "version": VERSION,
        "archive": archive,
        "queries": len(report.run.queries),
        "setting": _setting(report.setting),
        "measures": dict(report.run.means),
        "per_query": list(map(_record, report.run.queries)),
        "comparisons": list(map(_comparison, report.alternatives)),
        "notices": list(notices),
    }
    return dump(document, indent=2)


def render_text(report: Report, style: Style, *, per_query: bool) -> str:
    """Tables for people.

    Args:
        report: the evaluation.
        style: the width and what the terminal can do.
        per_query: show the figures of every query.
    """
    blocks = [f"{_counted(len(report.run.queries))} under {report.setting}\n"]
    blocks.append(printed(_means(report.run), style))
    if per_query:
        blocks.append(printed(_per_query(report.run), style))
    for alternative in report.alternatives:
        blocks += _compared(report, alternative, style)
    return "\n".join(blocks)


def _means(run: Run) -> Table:
    rows = table("", "")
    for measure in MEASURES:
        rows.add_row(measure.title, f"{run.means[measure.name]:.4f}")
    return rows


def _per_query(run: Run) -> Table:
    titles = [measure.title for measure in MEASURES]
    rows = table(*titles, "query", right=range(len(titles)), fold=[len(titles)])
    for each in run.queries:
        figures = (f"{each.values[m.name]:.4f}" for m in MEASURES)
        rows.add_row(*figures, cell(f"{each.query.id}  {each.query.text}"))
    return rows


def _compared(report: Report, alternative: Alternative, style: Style) -> Iterator[str]:
    comparison = alternative.comparison
    yield f"from {report.setting} to {alternative.setting}\n"
    rows = table("", "before", "after", "change", "p", right=range(1, 5))
    for measure in MEASURES:
        change = comparison.changes[measure.name]
        figures = (f"{change.before:.4f}", f"{change.after:.4f}", f"{change.difference:+.4f}")
        rows.add_row(measure.title, *figures, f"{change.p:.4f}")
    yield printed(rows, style)
    moved = f"nDCG@10 higher for {_counted(comparison.gained)}, lower for {comparison.lost:,}\n"
    yield moved + "".join(
        f"{title}:\n{printed(_moves(moves), style, indent=2)}"
        for title, moves in (("gained most", comparison.best), ("lost most", comparison.worst))
        if moves
    )


def _moves(moves: Iterable[Move]) -> Table:
    rows = table("", "", fold=[1])
    for move in moves:
        text = f"{move.query.id}  {move.query.text}"
        rows.add_row(f"{move.before:.4f} to {move.after:.4f}", cell(text))
    return rows


def _setting(setting: Setting) -> WeightsDocument:
    boosts = setting.boosts
    return {
        "quality": boosts.quality,
        "heat": boosts.heat,
        "recency": boosts.recency,
        "half_life": boosts.half_life,
        "title": boosts.title,
        "meaning": setting.meaning,
        "matching": str(setting.matching),
    }


def _record(each: QueryFigures) -> JudgedQueryDocument:
    return {
        "id": each.query.id,
        "text": each.query.text,
        "relevant": each.query.relevant,
        "total": each.total,
        "measures": dict(each.values),
        "error": each.error,
    }


def _comparison(alternative: Alternative) -> ComparisonDocument:
    comparison: Comparison = alternative.comparison
    return {
        "setting": _setting(alternative.setting),
        "measures": dict(alternative.run.means),
        "tests": {
            name: {"difference": change.difference, "p": change.p}
            for name, change in comparison.changes.items()
        },
        "gained": comparison.gained,
        "lost": comparison.lost,
        "best_moved": list(map(_move, comparison.best)),
        "worst_moved": list(map(_move, comparison.worst)),
        "per_query": list(map(_record, alternative.run.queries)),
    }


def _move(move: Move) -> MoveDocument:
    return {
        "id": move.query.id,
        "text": move.query.text,
        "before": move.before,
        "after": move.after,
    }


def _counted(queries: int) -> str:
    return f"{queries:,} {'query' if queries == 1 else 'queries'}"
