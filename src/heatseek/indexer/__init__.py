"""An archive to an index: built anew, or brought up to date."""

from heatseek.indexer.rebuilding import build, documents, rebuild
from heatseek.indexer.slicing import rebuild_slice
from heatseek.indexer.summary import Changes, SliceSummary, Summary
from heatseek.indexer.updating import update

__all__ = [
    "Changes",
    "SliceSummary",
    "Summary",
    "build",
    "documents",
    "rebuild",
    "rebuild_slice",
    "update",
]
