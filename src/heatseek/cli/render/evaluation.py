"""An evaluation as text, and as JSON (docs/eval.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from heatseek.cli.render.escapes import one_line
from heatseek.evaluation.measures import MEASURES
from heatseek.wire import VERSION, dump

if TYPE_CHECKING:
    from heatseek.evaluation.comparison import Comparison, Move
    from heatseek.evaluation.report import Alternative, Report
    from heatseek.evaluation.runs import Answer, Run
    from heatseek.ranking import Boosts

_LABEL = max(len(measure.title) for measure in MEASURES)


def render_json(report: Report, *, archive: str, notices: Sequence[str]) -> str:
    """Everything, as one document."""
    document = {
        "version": VERSION,
        "archive": archive,
        "queries": len(report.run.answers),
        "setting": _setting(report.boosts),
        "measures": dict(report.run.means),
        "per_query": list(map(_record, report.run.answers)),
        "comparisons": list(map(_comparison, report.alternatives)),
        "notices": list(notices),
    }
    return dump(document, indent=2)


def render_text(report: Report, *, width: int, per_query: bool) -> str:
    """Tables for people.

    Args:
        report: what was measured.
        width: of the lines.
        per_query: show the figures of every query.
    """
    lines = [f"{_counted(len(report.run.answers))} under {described(report.boosts)}", ""]
    lines += [f"{m.title:<{_LABEL}}  {report.run.means[m.name]:.4f}" for m in MEASURES]
    if per_query:
        lines += ["", *_per_query(report.run, width)]
    for alternative in report.alternatives:
        lines += ["", *_compared(report, alternative, width)]
    return "".join(f"{line}\n" for line in lines)


def described(boosts: Boosts) -> str:
    """A setting as it would be typed."""
    weights = f"quality={boosts.quality:g},heat={boosts.heat:g},recency={boosts.recency:g}"
    return f"{weights} half-life={boosts.half_life:g}d" if boosts.recency else weights


def _per_query(run: Run, width: int) -> Iterator[str]:
    yield "  ".join([*(measure.title for measure in MEASURES), "query"])
    for answer in run.answers:
        figures = (f"{answer.values[m.name]:>{len(m.title)}.4f}" for m in MEASURES)
        yield _cut("  ".join([*figures, answer.question.id, answer.question.text]), width)


def _compared(report: Report, alternative: Alternative, width: int) -> Iterator[str]:
    found = alternative.comparison
    yield f"from {described(report.boosts)} to {described(alternative.boosts)}"
    yield ""
    yield f"{'':{_LABEL}}  before   after   change       p"
    for measure in MEASURES:
        change = found.changes[measure.name]
        yield (
            f"{measure.title:<{_LABEL}}  {change.before:.4f}  {change.after:.4f}"
            f"  {change.difference:+.4f}  {change.p:.4f}"
        )
    yield ""
    yield f"nDCG@10 higher for {_counted(found.gained)}, lower for {found.lost:,}"
    yield from _moves("gained most", found.best, width)
    yield from _moves("lost most", found.worst, width)


def _moves(title: str, moves: Iterable[Move], width: int) -> Iterator[str]:
    for at, move in enumerate(moves):
        if not at:
            yield f"{title}:"
        told = f"{move.question.id}  {move.question.text}"
        yield _cut(f"  {move.before:.4f} to {move.after:.4f}  {told}", width)


def _cut(text: str, width: int) -> str:
    line = one_line(text)
    return line if len(line) <= width else f"{line[: width - 3]}..."


def _setting(boosts: Boosts) -> dict[str, float]:
    return {
        "quality": boosts.quality,
        "heat": boosts.heat,
        "recency": boosts.recency,
        "half_life": boosts.half_life,
    }


def _record(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer.question.id,
        "text": answer.question.text,
        "relevant": answer.question.relevant,
        "total": answer.found,
        "measures": dict(answer.values),
        "error": answer.error,
    }


def _comparison(alternative: Alternative) -> dict[str, Any]:
    found: Comparison = alternative.comparison
    return {
        "setting": _setting(alternative.boosts),
        "measures": dict(alternative.run.means),
        "tests": {
            name: {"difference": change.difference, "p": change.p}
            for name, change in found.changes.items()
        },
        "gained": found.gained,
        "lost": found.lost,
        "best_moved": list(map(_move, found.best)),
        "worst_moved": list(map(_move, found.worst)),
        "per_query": list(map(_record, alternative.run.answers)),
    }


def _move(move: Move) -> dict[str, Any]:
    question = move.question
    return {
        "id": question.id,
        "text": question.text,
        "before": move.before,
        "after": move.after,
    }


def _counted(queries: int) -> str:
    return f"{queries:,} {'query' if queries == 1 else 'queries'}"
