"""Latent semantic analysis: vectors of the archive's own words, without any model.

Words that stand in the same articles, or beside the same words, get vectors that point alike: the
directions are those along which the matrix of articles and terms differs most (its truncated
singular value decomposition). An article's vector is the sum of its terms' vectors, weighed; so a
new article is folded in without looking at the others, and a query too.

Source: Deerwester et al., "Indexing by Latent Semantic Analysis" (1990); the decomposition is the
randomised one of Halko, Martinsson, Tropp (2011), from a fixed seed.
"""

from __future__ import annotations

import tempfile
from array import array
from collections import Counter
from typing import TYPE_CHECKING, Any
from weakref import finalize

import numpy as np

from heatseek.errors import SemanticError
from heatseek.vectors.packing import pack, unpack
from heatseek.vectors.table import Rows, joined
from heatseek.vectors.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from numpy.typing import NDArray

    from heatseek.article import Article
    from heatseek.text.languages import Language
    from heatseek.vectors import Floats

DIMENSIONS = 200
"""At most; of a small archive half of what would tell all of its articles apart."""
MOST_TERMS = 50_000
"""That have vectors: those that most articles have."""
MOST_FITTED = 100_000
"""Articles that the directions are found by; of more, as many at even distances."""
_LEAST_ARTICLES = 2
"""That have a term with a vector: one that stands in a single article connects nothing."""
_SPARE = 10
_ROUNDS = 3
_SEED = 1
_CHUNK = 20_000
"""Articles whose vectors are made at a time."""


class Analysis:
    """The terms of an archive with their vectors; a `VectorSpace`."""

    def __init__(self, language: Language, names: list[str], weights: Floats, rows: Rows) -> None:
        self._language = language
        self._places = {name: place for place, name in enumerate(names)}
        self._weights = weights
        self._rows = rows

    @classmethod
    def load(cls, data: memoryview, language: Language) -> Self:
        """The analysis in the bytes of a note.

        Raises:
            ValueError, TypeError, LookupError, struct.error: there is none.
        """
        _, arrays = unpack(data)
        text = arrays["names"].tobytes().decode()
        names = text.split("\n") if text else []
        rows = Rows(arrays["numbers"], arrays["scales"])
        if not len(names) == len(arrays["weights"]) == len(rows.numbers) == len(rows.scales):
            raise ValueError("another number of vectors than of terms")
        return cls(language, names, arrays["weights"], rows)

    def dump(self) -> bytes:
        """The bytes of a note."""
        names = "\n".join(self._places).encode()
        arrays: dict[str, NDArray[Any]] = {
            "numbers": self._rows.numbers,
            "scales": self._rows.scales,
            "weights": self._weights,
            "names": np.frombuffer(names, np.uint8),
        }
        return pack({}, arrays)

    @property
    def dimensions(self) -> int:
        """See `VectorSpace.dimensions`."""
        return int(self._rows.numbers.shape[1])

    def of_articles(self, articles: Sequence[Article]) -> Floats:
        """See `VectorSpace.of_articles`."""
        terms = Terms(self._language)
        return self.of_terms([terms.of_article(article) for article in articles])

    def of_text(self, text: str) -> Floats:
        """See `VectorSpace.of_text`."""
        # Stemmers are not to be shared by threads.
        vector: Floats = self.of_terms([Terms(self._language).of_text(text)])[0]
        return vector

    def of_terms(self, every: Sequence[dict[str, float]]) -> Floats:
        """A row for each article or query whose terms are weighed already."""
        result = np.zeros((len(every), self.dimensions), np.float32)
        for row, terms in zip(result, every, strict=True):
            known = [(self._places[t], w) for t, w in terms.items() if t in self._places]
            if known:
                # In one order, so that sums come out alike.
                places, weights = zip(*sorted(known), strict=True)
                at = list(places)
                factors = np.array(weights, np.float32) * self._weights[at] * self._rows.scales[at]
                row[:] = factors @ self._rows.numbers[at].astype(np.float32)
        return normalised(result)


class Counts:
    """The terms of articles, kept in files without names until all are known."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._terms = Terms(language)
        self._numbers: dict[str, int] = {}
        self._having: Counter[int] = Counter()
        self._files = [tempfile.TemporaryFile() for _ in range(2)]  # noqa: SIM115 - closed below
        for file in self._files:
            finalize(self, file.close)
        self._ends = [0]
        self.ids: list[str] = []

    def add(self, article: Article) -> None:
        """Count the terms of an article."""
        terms = self._terms.of_article(article)
        numbers = array("I", [self._numbers.setdefault(t, len(self._numbers)) for t in terms])
        self._having.update(numbers)
        self._files[0].write(numbers.tobytes())
        self._files[1].write(array("f", terms.values()).tobytes())
        self._ends.append(self._ends[-1] + len(numbers))
        self.ids.append(article.id)

    def rows(self, analysis: Analysis) -> Rows:
        """The vectors of all articles, in the order in which they were added."""
        names = list(self._numbers)
        parts = []
        for start in range(0, len(self.ids), _CHUNK):
            chunk = range(start, min(start + _CHUNK, len(self.ids)))
            every = [
                {names[n]: w for n, w in zip(*map(_listed, self._read(place)), strict=True)}
                for place in chunk
            ]
            parts.append(Rows.of(analysis.of_terms(every)))
        return joined(parts, analysis.dimensions)

    def fit(self) -> Analysis:
        """Find the directions; where too few articles share a word, no term has a vector.

        Raises:
            SemanticError: SciPy is not installed.
        """
        frequent = [(-c, n) for n, c in self._having.items() if c >= _LEAST_ARTICLES]
        numbers = [n for _, n in sorted(frequent)[:MOST_TERMS]]
        names = list(self._numbers)
        numbers.sort(key=names.__getitem__)
        if min(len(numbers), len(self.ids)) < 2:
            return Analysis(self._language, [], np.empty(0, np.float32), joined([], 1))
        having = np.array([self._having[n] for n in numbers], np.float32)
        weights = np.log(len(self.ids) / having).astype(np.float32)
        directions = _directions(self._matrix(numbers, weights))
        return Analysis(self._language, [names[n] for n in numbers], weights, Rows.of(directions))

    def _matrix(self, numbers: list[int], weights: Floats) -> Any:
        """Articles by terms, each row of length 1."""
        sparse = scipy_sparse()
        places = np.full(len(self._numbers), -1, np.int32)
        places[numbers] = np.arange(len(numbers), dtype=np.int32)
        step = -(-len(self.ids) // MOST_FITTED)
        columns, values, ends = [], [], [0]
        for place in range(0, len(self.ids), step):
            terms, counts = self._read(place)
            at = places[terms]
            known = at >= 0
            row = counts[known] * weights[at[known]]
            columns.append(at[known])
            values.append(row / (np.linalg.norm(row) or 1.0))
            ends.append(ends[-1] + len(row))
        parts = np.concatenate(values), np.concatenate(columns), np.array(ends)
        return sparse.csr_matrix(parts, shape=(len(columns), len(numbers)))

    def _read(self, place: int) -> tuple[NDArray[np.uint32], Floats]:
        start, end = self._ends[place], self._ends[place + 1]
        for file in self._files:
            file.seek(start * 4)
        numbers, weights = (file.read((end - start) * 4) for file in self._files)
        return np.frombuffer(numbers, np.uint32), np.frombuffer(weights, np.float32)


def _listed(values: NDArray[Any]) -> list[Any]:
    numbers: list[Any] = values.tolist()
    return numbers


def normalised(vectors: Floats) -> Floats:
    """Each row of length 1; of zeros where it was."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)


def scipy_sparse() -> Any:
    """SciPy's sparse matrices, loaded.

    Raises:
        SemanticError: they are not installed.
    """
    try:
        from scipy import sparse  # noqa: PLC0415 - an extra
    except ImportError:
        raise SemanticError(
            "latent semantic analysis needs SciPy: pip install 'heatseek[semantic]'"
        ) from None
    return sparse


def _directions(matrix: Any) -> Floats:
    """For each term its part in the directions in which the rows of a matrix differ most."""
    rank = min(matrix.shape)
    size = max(1, min(DIMENSIONS, rank // 2))
    random = np.random.default_rng(_SEED)
    sample = random.standard_normal((matrix.shape[0], min(size + _SPARE, rank)))
    turned = matrix.T.tocsr()
    basis, _ = np.linalg.qr(turned @ sample.astype(np.float32))
    for _ in range(_ROUNDS):
        basis, _ = np.linalg.qr(turned @ (matrix @ basis))
    _, _, within = np.linalg.svd(matrix @ basis, full_matrices=False)
    result: Floats = (basis @ within[:size].T).astype(np.float32)
    return result
