"""An archive to an index: built anew, or brought up to date."""

from heatseek.indexer.rebuilding import build, documents, rebuild
from heatseek.indexer.summary import Changes, Summary
from heatseek.indexer.updating import update

__all__ = ["Changes", "Summary", "build", "documents", "rebuild", "update"]
