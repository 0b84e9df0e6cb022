"""Every JSON document that stands alone."""

from __future__ import annotations

from heatseek.wire.archive import DoctorDocument, LabelsDocument, StatsDocument
from heatseek.wire.articles import ShownDocument
from heatseek.wire.evaluation import EvaluationDocument
from heatseek.wire.programs import (
    ProblemDocument,
    SettingsDocument,
    StatusDocument,
    SuggestionsDocument,
    TextDocument,
)
from heatseek.wire.search import HitDocument, ResultsDocument

Document = (
    ResultsDocument
    | HitDocument
    | ShownDocument
    | LabelsDocument
    | StatsDocument
    | DoctorDocument
    | EvaluationDocument
    | SettingsDocument
    | TextDocument
    | SuggestionsDocument
    | StatusDocument
    | ProblemDocument
)
"""All that is ever printed or served as JSON."""
