"""A trained network → ONNX: exported, quantised, its weights spread over files."""

from __future__ import annotations

import logging
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from framing.fusion import DOMAIN, fuse_attention
from framing.network import EMBEDDING_BLOCK, Network, int4_blocks
from framing.outliers import Peaks, parted
from framing.schema import FramingError

OPSET = 21  # the first with 4-bit tensors
INPUTS = ("ids", "marks")
KIN = ("bert", "camembert", "electra", "mpnet", "roberta", "xlm-roberta")  # whose attention is BERT's
FEW = "/dense/few/"  # in the names of the products with outliers
MOST_BYTES = 90_000_000  # of one file of weights; hosts of repositories warn from 50 MB and refuse from 100


def export(net: Network, folder: Path, peaks: Peaks | None, again: bool = False) -> None:
    """Write model.onnx and its weights into a folder: int8 products and 4-bit embeddings; float32 without `peaks`.

    `peaks` tell which channels are outliers (framing.outliers); `again` that training went on from int8 weights.
    Inputs are ids and marks, int64 of shape (windows, tokens), windows of one length; the output is float32 of shape
    (windows, tokens, 8). Activations are quantised as they come, one scale a tensor, weights a column at a time.
    """
    net.eval()
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        ready = net if peaks is None else parted(net, peaks)
        if peaks is not None and again:
            _dither(ready)
        _to_onnx(ready, plain)
        _fuse(plain, net.encoder.config)
        model = onnx.load(str(plain if peaks is None else _quantised(plain, Path(scratch))))
    if peaks is not None:
        _pack_embeddings(model.graph, "encoder.embeddings.word_embeddings.weight")
    _spread(model, folder)


@torch.no_grad()
def _dither(net: torch.nn.Module) -> None:
    """Let chance decide which way a weight is rounded to int8 (stochastic rounding, Gupta et al. 2015).

    Weights that were int8 lie on its steps. Most move by less than half a step in fine-tuning, and plain rounding
    would take all of that back.
    """
    chance = torch.Generator().manual_seed(0)
    for name, layer in net.named_modules():
        if isinstance(layer, torch.nn.Linear) and not name.endswith(("few", "output")):  # those stay float32
            step = layer.weight.abs().amax(1, keepdim=True) / 127
            layer.weight += (torch.rand(layer.weight.shape, generator=chance) - 0.5) * step


def _to_onnx(net: torch.nn.Module, path: Path) -> None:
    ids = torch.randint(1000, 2000, (2, 24))
    marks = torch.zeros_like(ids)
    axes = {name: {0: "windows", 1: "tokens"} for name in (*INPUTS, "tokens")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns of constants that are constant
        torch.onnx.export(
            net,
            (ids, marks),
            str(path),
            input_names=list(INPUTS),
            output_names=["tokens"],
            dynamic_axes=axes,
            opset_version=20,
            dynamo=False,
        )


def _fuse(path: Path, config: Any) -> None:
    model = onnx.load(str(path))
    if config.model_type in KIN:
        fuse_attention(model.graph, config.num_attention_heads)
    model.opset_import.append(helper.make_opsetid(DOMAIN, 1))
    onnx.save(model, str(path))


def _quantised(plain: Path, scratch: Path) -> Path:
    """Quantise products to int8, but those with outliers and the last: eight columns wide, it carries every figure."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    ready, small = (scratch / f"{step}.onnx" for step in ("ready", "small"))
    with _quiet():
        quant_pre_process(str(plain), str(ready), skip_symbolic_shape=True)
        graph = onnx.load(str(ready), load_external_data=False).graph
        products = [node.name for node in graph.node if node.op_type in ("MatMul", "Gemm")]
        quantize_dynamic(
            ready,
            small,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
            nodes_to_exclude=[*(name for name in products if FEW in name), products[-1]],
            extra_options={"DefaultTensorType": TensorProto.FLOAT},  # of what MultiHeadAttention gives
        )
    return small


@contextmanager
def _quiet() -> Iterator[None]:
    """The quantisers tell of every node they take or leave."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _pack_embeddings(graph: Any, name: str) -> None:
    """Replace the embedding table by 4-bit blocks; the network was trained on the very values they stand for.

    Raises FramingError where the graph does not read such a table.
    """
    table = next((tensor for tensor in graph.initializer if tensor.name == name), None)
    reads = (i for i, node in enumerate(graph.node) if node.op_type == "Gather" and node.input[0] == name)
    position = next(reads, None)
    if table is None or position is None:
        raise FramingError(f"the exported graph reads no {name}: embeddings of this encoder cannot be made small")
    codes, scales = int4_blocks(numpy_helper.to_array(table))
    packed = TensorProto(name=f"{name}_int4", data_type=TensorProto.INT4, dims=table.dims, raw_data=_nibbles(codes))
    scale = numpy_helper.from_array(scales.astype(np.float32), f"{name}_scale")
    graph.initializer.remove(table)
    graph.initializer.extend([packed, scale])
    node = graph.node[position]
    packed_node = helper.make_node(
        "GatherBlockQuantized",
        [packed.name, node.input[1], scale.name],
        list(node.output),
        name=node.name,
        domain=DOMAIN,
        gather_axis=0,
        quantize_axis=1,
        block_size=EMBEDDING_BLOCK,
    )
    graph.node.remove(node)
    graph.node.insert(position, packed_node)


def _nibbles(codes: NDArray[np.int8]) -> bytes:
    """Two 4-bit numbers a byte, the first in the low half."""
    flat = codes.reshape(-1)
    packed: NDArray[np.uint8] = ((flat[0::2] & 15) | ((flat[1::2] & 15) << 4)).astype(np.uint8)
    return packed.tobytes()


def _spread(model: Any, folder: Path) -> None:
    """Write the graph as model.onnx and its large tensors as weights-N.bin, none over MOST_BYTES."""
    model.ir_version = 10
    for opset in model.opset_import:
        if opset.domain in ("", "ai.onnx"):
            opset.version = OPSET
    large = [t for t in model.graph.initializer if len(t.raw_data) > 1024]
    for number, tensors in enumerate(_files(large)):
        name, at = f"weights-{number}.bin", 0
        with (folder / name).open("wb") as out:
            for tensor in tensors:
                pad = -at % 64  # onnxruntime maps aligned tensors without copying them
                out.write(b"\0" * pad + tensor.raw_data)
                entries = {"location": name, "offset": at + pad, "length": len(tensor.raw_data)}
                at += pad + len(tensor.raw_data)
                tensor.ClearField("raw_data")
                tensor.data_location = TensorProto.EXTERNAL
                for key, value in entries.items():
                    tensor.external_data.add(key=key, value=str(value))
    onnx.save(model, str(folder / "model.onnx"))


def _files(tensors: Sequence[Any]) -> list[list[Any]]:
    files: list[list[Any]] = [[]]
    size = 0
    for tensor in tensors:
        if size + len(tensor.raw_data) > MOST_BYTES:
            files.append([])
            size = 0
        files[-1].append(tensor)
        size += len(tensor.raw_data) + 64
    return files
