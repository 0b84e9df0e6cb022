"""A sentence encoder that somebody names: a folder with `model.onnx` and `tokenizer.json`.

Of the vectors that it gives for the pieces of a text the mean is the text's. A text is cut after
`MOST_PIECES`; what an article is about stands at its beginning.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from heatseek.errors import SemanticError, reason
from heatseek.vectors.lsa import normalised
from heatseek.vectors.table import MOST_DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heatseek.article import Article
    from heatseek.vectors import Floats

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
MOST_PIECES = 256
"""Of a text; a piece is a word or a part of one."""
MOST_MODEL, MOST_TOKENIZER = 2_000_000_000, 100_000_000
"""Bytes of the files."""
BATCH = 32
"""Texts that are encoded together."""
_LETTERS = 4_000
"""Of a text that are cut into pieces."""
_SAMPLES, _SAMPLE = 64, 4_096
"""Places of a file that tell it from others, and bytes at each."""
_INPUTS = {"input_ids", "attention_mask", "token_type_ids"}


class SentenceEncoder:
    """The encoder of a folder, loaded; a `VectorSpace`.

    Raises:
        SemanticError: it cannot be loaded, or gives no vectors.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        for name, most in ((MODEL, MOST_MODEL), (TOKENIZER, MOST_TOKENIZER)):
            _check_file(Path(folder) / name, most)
        onnxruntime, tokenizers = _libraries()
        try:
            options = onnxruntime.SessionOptions()
            options.log_severity_level = 4
            self._session = onnxruntime.InferenceSession(
                str(Path(folder) / MODEL), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = tokenizers.Tokenizer.from_file(str(Path(folder) / TOKENIZER))
            self._tokenizer.enable_truncation(MOST_PIECES)
            self._tokenizer.no_padding()
        # Both libraries raise errors of their own, and plain `Exception`.
        except Exception as error:
            raise self._unusable(error) from error
        self._inputs = [each.name for each in self._session.get_inputs()]
        if "input_ids" not in self._inputs or not _INPUTS.issuperset(self._inputs):
            raise self._unusable(f"it takes {', '.join(self._inputs)}, not {', '.join(_INPUTS)}")
        self.dimensions = self._encode(["a"]).shape[1]

    def of_articles(self, articles: Sequence[Article]) -> Floats:
        """See `VectorSpace.of_articles`."""
        return self._of_texts([_text(article) for article in articles])

    def of_text(self, text: str) -> Floats:
        """See `VectorSpace.of_text`."""
        vector: Floats = self._of_texts([text])[0]
        return vector

    def _of_texts(self, texts: Sequence[str]) -> Floats:
        result = np.zeros((len(texts), self.dimensions), np.float32)
        # Texts of a length together, so that little is padding.
        order = sorted(range(len(texts)), key=lambda n: (len(texts[n]), n))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            result[batch] = self._encode([texts[n][:_LETTERS] for n in batch])
        return result

    def _encode(self, texts: Sequence[str]) -> Floats:
        try:
            pieces = [each.ids for each in self._tokenizer.encode_batch(list(texts))]
            longest = max(1, *map(len, pieces)) if len(pieces) > 1 else max(1, len(pieces[0]))
            ids = np.zeros((len(pieces), longest), np.int64)
            mask = np.zeros_like(ids)
            for row, each in enumerate(pieces):
                ids[row, : len(each)] = each
                mask[row, : len(each)] = 1
            given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": ids * 0}
            output = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        except Exception as error:
            raise self._unusable(error) from error
        return normalised(self._pooled(np.asarray(output), mask))

    def _pooled(self, output: Any, mask: Any) -> Floats:
        """A vector for each text: the mean over its pieces, unless the model gives it itself."""
        shape = output.shape
        is_of_pieces = len(shape) == 3 and shape[:2] == mask.shape
        if not (is_of_pieces or (len(shape) == 2 and shape[0] == len(mask))):
            raise self._unusable(f"it gives an array of {', '.join(map(str, shape))} for a text")
        if not 0 < shape[-1] <= MOST_DIMENSIONS:
            raise self._unusable(
                f"its vectors have {shape[-1]:,} numbers, not 1 to {MOST_DIMENSIONS:,}"
            )
        values: Floats = output.astype(np.float32)
        if is_of_pieces:
            weights = mask[:, :, None].astype(np.float32)
            values = (values * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1.0)
        if not np.isfinite(values).all():
            raise self._unusable("it gives numbers that are none")
        return values

    def _unusable(self, why: object) -> SemanticError:
        said = str(why).strip().partition("\n")[0] or type(why).__name__
        return SemanticError(f"the model in {self._folder} cannot be used: {said}")


def fingerprint(folder: str) -> str:
    """What tells the encoder of a folder from others, without reading all of it.

    Raises:
        SemanticError: a file is missing.
    """
    digest = hashlib.blake2b(digest_size=16)
    for name, most in ((MODEL, MOST_MODEL), (TOKENIZER, MOST_TOKENIZER)):
        path = Path(folder) / name
        size = _check_file(path, most)
        digest.update(f"{name} {size} ".encode())
        try:
            with path.open("rb") as file:
                for place in range(_SAMPLES):
                    file.seek(place * max(0, size - _SAMPLE) // (_SAMPLES - 1))
                    digest.update(file.read(_SAMPLE))
        except OSError as error:
            raise SemanticError(f"{path} cannot be read: {reason(error)}") from error
    return digest.hexdigest()


def _check_file(path: Path, most: int) -> int:
    """The bytes of a file of an encoder."""
    try:
        size = path.stat().st_size if path.is_file() else None
    except OSError as error:
        raise SemanticError(f"{path} cannot be read: {reason(error)}") from error
    if size is None:
        raise SemanticError(
            f"{path.parent} has no {path.name}: a sentence encoder is a folder with {MODEL}"
            f" and {TOKENIZER}"
        )
    if size > most:
        raise SemanticError(f"{path} is too large: {size:,} bytes, more than {most:,}")
    return size


def _libraries() -> tuple[Any, Any]:
    try:
        import onnxruntime  # noqa: PLC0415 - an extra
        import tokenizers  # noqa: PLC0415 - likewise
    except ImportError as error:
        name = getattr(error, "name", None) or "onnxruntime"
        raise SemanticError(
            f"a sentence encoder needs the package {name}: pip install 'heatseek[encoder]'"
        ) from None
    return onnxruntime, tokenizers


def _text(article: Article) -> str:
    """The beginning of an article, its title first."""
    return "\n".join(_parts(article))[:_LETTERS]


def _parts(article: Article) -> Iterator[str]:
    yield article.title
    if article.excerpt:
        yield article.excerpt
    if article.body:
        yield article.body[:_LETTERS]
