"""A shipped model → a folder that transformers loads with its own classes; needs onnx and safetensors, not torch.

The served graph's int8 products and 4-bit embeddings are unpacked to the float32 values they stand
for, under the names that AutoModelForTokenClassification expects: what `output` computes there a
token is what the served graph does, but for the rounding of activations.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from framing.artefact import Artefact
from framing.schema import FramingError
from framing.transformer import OUTPUT_NAMES

_CLASSES = {"mpnet": "MPNetForTokenClassification", "bert": "BertForTokenClassification"}
_BLOCK = "GatherBlockQuantized"
_PARTS = re.compile(r"(intermediate|output\.dense)\.(main|few)\.(weight|bias)$")


def to_transformers(model: Artefact, folder: Path) -> None:
    """Write config.json, model.safetensors, marks.safetensors and tokenizer.json into a folder.

    marks.safetensors holds the table (marks, size) whose rows are added to the word embeddings of
    marked tokens before the encoder; pass their sum as `inputs_embeds`. Raises FramingError where
    the model is no transformer of a kind transformers has, or the folder cannot be written.
    """
    from safetensors.numpy import save_file

    kind = model.manifest.get("encoder", {}).get("type")
    if kind not in _CLASSES:
        raise FramingError(f"{model.folder}: only transformers ({', '.join(_CLASSES)}) can be written for transformers")
    found = weights(open_graph(model))
    marks = found.pop("marks.weight")
    state = {_renamed(name, kind): tensor for name, tensor in found.items()}
    config = {
        **model.manifest["encoder"]["config"],
        "architectures": [_CLASSES[kind]],
        "id2label": dict(enumerate(OUTPUT_NAMES)),
        "label2id": {column: index for index, column in enumerate(OUTPUT_NAMES)},
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
        save_file({"marks": marks}, folder / "marks.safetensors")
        (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
        shutil.copyfile(model.file("tokenizer.json"), folder / "tokenizer.json")
    except OSError as error:
        raise FramingError(f"{folder}: {error.strerror or error}") from error


def open_graph(model: Artefact) -> Any:
    """The ONNX graph of a model with its weights."""
    return onnx.load(str(model.file("model.onnx")))


def weights(model: Any) -> dict[str, NDArray[np.float32]]:
    """The network's parameters by framing.network's names, in float32, from an exported graph."""
    tensors = {tensor.name: tensor for tensor in model.graph.initializer}
    out: dict[str, NDArray[np.float32]] = {
        name: numpy_helper.to_array(tensor)
        for name, tensor in tensors.items()
        if name.startswith(("encoder.", "marks.", "output.")) and not name.endswith(("_int4", "_scale"))
    }
    for node in model.graph.node:
        if node.op_type == _BLOCK:
            name = node.input[0].removesuffix("_int4")
            out[name] = _unblocked(tensors[node.input[0]], tensors[node.input[2]])
        elif node.op_type == "MatMulInteger":
            base = node.input[1].removesuffix("_quantized")
            codes = numpy_helper.to_array(tensors[node.input[1]]).astype(np.float32)
            zero = numpy_helper.to_array(tensors[f"{base}_zero_point"]).astype(np.float32)
            scale = numpy_helper.to_array(tensors[f"{base}_scale"])
            out[_parameter(node.name)] = ((codes - zero) * scale).T
        elif node.op_type in ("MatMul", "Gemm") and node.input[1] in tensors:
            out[_parameter(node.name)] = numpy_helper.to_array(tensors[node.input[1]]).T
    return {name: np.ascontiguousarray(tensor, dtype=np.float32) for name, tensor in _joined(out).items()}


def _unblocked(packed: Any, scales: Any) -> NDArray[np.float32]:
    """A table of 4-bit codes, two a byte and the first in the low half, times its blocks' scales."""
    pairs = np.frombuffer(packed.raw_data, np.uint8)
    codes = np.stack((pairs & 15, pairs >> 4), 1).reshape(tuple(packed.dims)).astype(np.int8)
    codes = np.where(codes > 7, codes - 16, codes)
    scale = numpy_helper.to_array(scales)
    blocks = codes.reshape(*scale.shape, -1) * scale[..., None]
    table: NDArray[np.float32] = blocks.reshape(codes.shape)
    return table


def _joined(found: dict[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    """Put feed-forward layers together whose outliers lie apart (framing.outliers); in which order does not matter."""
    out = {name: tensor for name, tensor in found.items() if not _PARTS.search(name)}
    for name, main in found.items():
        if (part := _PARTS.search(name)) and part[2] == "main":
            few = found.get(f"{name[: part.start()]}{part[1]}.few.{part[3]}")
            whole = f"{name[: part.start()]}{part[1].removesuffix('.dense')}.dense.{part[3]}"
            inner = 1 if part[1] == "output.dense" else 0  # where the channels lie
            out[whole] = main if few is None else np.concatenate([main, few], axis=inner)
    return out


def _parameter(node: str) -> str:
    """The weight that the product "/encoder/layer.0/attention/attn/q/MatMul_quant" multiplies by."""
    return ".".join(node.strip("/").split("/")[:-1]) + ".weight"


def _renamed(name: str, kind: str) -> str:
    head, _, rest = name.partition(".")
    return f"{kind}.{rest}" if head == "encoder" else f"classifier.{rest}"
