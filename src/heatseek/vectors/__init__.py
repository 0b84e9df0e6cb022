"""Articles as vectors, by which what means the same is near although it has other words.

packing    arrays as bytes of a note, and back without a copy
table      the vectors of a generation's articles: one row each, and the nearest ones of a vector
terms      articles and queries as weighed terms
lsa        latent semantic analysis: vectors fitted to the archive itself
encoder    vectors by a sentence encoder that somebody names

Both kinds are a `VectorSpace`. All of it is loaded only by what makes vectors or searches by them.
"""

from __future__ import annotations

from heatseek.definitions import NamedTuple, Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy import float32
    from numpy.typing import NDArray

    from heatseek.article import Article

    Floats = NDArray[float32]

TABLE, LSA = "vectors", "lsa"
"""The notes of a generation that hold its vectors, and the analysis that they were made by."""


class Semantic(NamedTuple):
    """The kind of vectors that an index is to have."""

    model: str = ""
    """The folder of a sentence encoder, as an absolute path; empty: latent semantic analysis."""

    def __str__(self) -> str:
        return self.model or LSA


class VectorSpace(Protocol):
    """Makes vectors of texts; those of an article and of a query can be compared."""

    @property
    def dimensions(self) -> int:
        """The numbers of a vector."""

    def of_articles(self, articles: Sequence[Article]) -> Floats:
        """A row for each article: of length 1, or of zeros where it says nothing.

        Raises:
            SemanticError: they cannot be made.
        """

    def of_text(self, text: str) -> Floats:
        """The vector of a query; raises what `of_articles` does."""
