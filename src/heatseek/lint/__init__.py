"""Flaws of the files of an archive: missing and suspicious values, wrong keys, duplicates."""

from heatseek.lint.finding import Finding, Kind, Level
from heatseek.lint.linting import Report, lint

__all__ = ["Finding", "Kind", "Level", "Report", "lint"]
