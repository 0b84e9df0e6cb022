"""The vector space of an index: what its vectors were made by, opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heatseek.errors import SURPRISES, IndexDamagedError, Remedy, SemanticError
from heatseek.vectors import LSA

if TYPE_CHECKING:
    from collections.abc import Callable

    from heatseek.text.languages import Language
    from heatseek.vectors import VectorSpace
    from heatseek.vectors.table import Table


def open_space(
    table: Table, note: Callable[[str], memoryview | bytes], language: Language
) -> VectorSpace:
    """What makes vectors that can be compared with those of a table.

    Args:
        table: of an index.
        note: gives the notes of the same generation.
        language: of the index.

    Raises:
        SemanticError: the model is gone, or is another one by now; a package is missing.
        IndexDamagedError: the analysis is not as it was written.
    """
    folder = table.semantic.model
    if not folder:
        from heatseek.vectors.lsa import Analysis  # noqa: PLC0415 - one of two kinds

        try:
            return Analysis.load(memoryview(note(LSA)), language)
        except SURPRISES as error:
            raise IndexDamagedError("the note of its analysis holds none") from error
    from heatseek.vectors.encoder import SentenceEncoder, fingerprint  # noqa: PLC0415 - as above

    if fingerprint(folder) != table.values["fingerprint"]:
        raise SemanticError(
            f"the model in {folder} is not the one that the vectors of the index were made by",
            Remedy.VECTORS,
        )
    return SentenceEncoder(folder)
