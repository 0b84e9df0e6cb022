"""What could be better about the files of an archive."""

from heatseek.lint.finding import Finding, Kind, Level
from heatseek.lint.linting import Report, lint

__all__ = ["Finding", "Kind", "Level", "Report", "lint"]
