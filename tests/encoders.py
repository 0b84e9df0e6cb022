"""A tiny sentence encoder, made here: an embedding of a few words, and nothing else.

The first dimension is about the sea, the second about money, the third about both; so `ocean` is
near `sea` and far from `bank`. All other words say nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WORDS = {
    **dict.fromkeys(("sea", "ocean", "waves", "sailing"), (1.0, 0.0, 0.1, 0.0)),
    **dict.fromkeys(("bank", "money", "loans"), (0.0, 1.0, 0.1, 0.0)),
    "[UNK]": (0.0, 0.0, 0.0, 0.0),
}


def make_encoder(
    folder: Path,
    *,
    dimensions: int = 4,
    inputs: Sequence[str] = ("input_ids", "attention_mask"),
    is_pooled: bool = False,
) -> Path:
    """Write the folder of an encoder.

    Args:
        folder: made if it is missing.
        dimensions: of its vectors; more are filled with zeros.
        inputs: the names that the model takes, the first of which it uses.
        is_pooled: the model gives one vector for each text: that of its first piece.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = np.zeros((len(WORDS), dimensions), np.float32)
    for row, values in zip(rows, WORDS.values(), strict=True):
        row[: min(4, dimensions)] = values[:dimensions]
    shape = ["batch", "pieces"]
    gather = helper.make_node("Gather", ["table", inputs[0]], ["pieces"])
    first = helper.make_node("Gather", ["pieces", "zero"], ["text"], axis=1)
    output = ["batch", dimensions] if is_pooled else [*shape, dimensions]
    graph = helper.make_graph(
        [gather, first] if is_pooled else [gather],
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in inputs],
        [
            helper.make_tensor_value_info(
                "text" if is_pooled else "pieces", TensorProto.FLOAT, output
            )
        ],
        [
            numpy_helper.from_array(rows, "table"),
            numpy_helper.from_array(np.array(0, np.int64), "zero"),
        ],
    )
    opset = helper.make_operatorsetid("", 17)
    onnx.save(
        helper.make_model(graph, opset_imports=[opset], ir_version=8), str(folder / "model.onnx")
    )
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer()))
    return folder


def tokenizer() -> dict[str, object]:
    """Whole words, in small letters."""
    vocabulary = {word: number for number, word in enumerate(WORDS)}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"},
    }
