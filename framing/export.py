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

from framing.network import EMBEDDING_BLOCK, Network, int4_blocks

OPSET = 21  # the first with 4-bit tensors
INPUTS = ("ids", "marks", "mask")
OUTLIERS = "/output/dense/"  # in the names of the products that take a GELU's output
BLOCK = 128  # numbers of a row that share a scale there
MOST_BYTES = 90_000_000  # of one file of weights; hosts of repositories warn from 50 MB and refuse from 100


def export(net: Network, folder: Path, quantise: bool = True) -> None:
    """Write model.onnx and its weights into a folder: float32, or int8 products and 4-bit embeddings.

    Inputs are ids, marks and mask, int64 of shape (windows, tokens); the output is float32 of shape
    (windows, tokens, 8). Activations are quantised as they come, weights a column at a time.
    """
    net.eval()
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        _to_onnx(net, plain)
        model = onnx.load(str(_quantised(plain, Path(scratch)) if quantise else plain))
    without_guards(model.graph)
    if quantise:
        _pack_embeddings(model.graph, "encoder.embeddings.word_embeddings.weight")
        model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    _spread(model, folder)


def _to_onnx(net: Network, path: Path) -> None:
    ids = torch.randint(1000, 2000, (2, 24))
    marks, mask = torch.zeros_like(ids), torch.ones_like(ids)
    axes = {name: {0: "windows", 1: "tokens"} for name in (*INPUTS, "tokens")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns of constants that are constant
        torch.onnx.export(
            net,
            (ids, marks, mask),
            str(path),
            input_names=list(INPUTS),
            output_names=["tokens"],
            dynamic_axes=axes,
            opset_version=20,
            dynamo=False,
        )


def _quantised(plain: Path, scratch: Path) -> Path:
    """Quantise to int8: products whose input has outliers by blocks, the rest with one scale a tensor.

    One scale for all of a GELU's output cost a point of macro-F1 and changed the label of 4 sentences in
    100; a scale for every BLOCK numbers of it changes 1 and takes hardly longer.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, MatMulNBitsQuantizer
    from onnxruntime.quantization.shape_inference import quant_pre_process

    ready, blocked, small = (scratch / f"{step}.onnx" for step in ("ready", "blocked", "small"))
    with _quiet():
        quant_pre_process(str(plain), str(ready), skip_symbolic_shape=True)
        model = onnx.load(str(ready))
        products = [node.name for node in model.graph.node if node.op_type in ("MatMul", "Gemm")]
        how = DefaultWeightOnlyQuantConfig(block_size=BLOCK, is_symmetric=True, accuracy_level=4, bits=8)
        others = [name for name in products if OUTLIERS not in name]
        quantiser = MatMulNBitsQuantizer(model, nodes_to_exclude=others, algo_config=how)
        quantiser.process()
        quantiser.model.save_model_to_file(str(blocked))
        # The last product, eight columns wide, costs nothing and carries every figure, so it stays float.
        quantize_dynamic(
            blocked,
            small,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
            nodes_to_exclude=products[-1:],
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
    """Replace the embedding table by 4-bit blocks; the network was trained on the very values they stand for."""
    table = next(tensor for tensor in graph.initializer if tensor.name == name)
    codes, scales = int4_blocks(numpy_helper.to_array(table))
    packed = TensorProto(name=f"{name}_int4", data_type=TensorProto.INT4, dims=table.dims, raw_data=_nibbles(codes))
    scale = numpy_helper.from_array(scales.astype(np.float32), f"{name}_scale")
    graph.initializer.remove(table)
    graph.initializer.extend([packed, scale])
    for position, node in enumerate(graph.node):
        if node.op_type == "Gather" and node.input[0] == name:
            packed_node = helper.make_node(
                "GatherBlockQuantized",
                [packed.name, node.input[1], scale.name],
                list(node.output),
                name=node.name,
                domain="com.microsoft",
                gather_axis=0,
                quantize_axis=1,
                block_size=EMBEDDING_BLOCK,
            )
            graph.node.remove(node)
            graph.node.insert(position, packed_node)
            return


def without_guards(graph: Any) -> None:
    """Take away what replaces attention that is not a number, a fifth of the small encoder's time.

    It guards rows whose every token is masked; a window always has its opening token.
    """
    behind = {node.input[0]: node for node in graph.node if node.op_type == "IsNaN"}
    guards = {
        node.output[0]: node
        for node in graph.node
        if node.op_type == "Where" and node.input[2] in behind and node.input[0] == behind[node.input[2]].output[0]
    }
    for node in graph.node:
        for position, name in enumerate(node.input):
            if name in guards:
                node.input[position] = guards[name].input[2]
    for guard in guards.values():
        graph.node.remove(behind[guard.input[2]])
        graph.node.remove(guard)


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
