"""A trained network → ONNX: exported, quantised, checked against torch."""

from __future__ import annotations

import logging
import tempfile
import warnings
from pathlib import Path

import torch

from framing.network import Network

OPSET = 17
INPUTS = ("ids", "marks", "mask")


def export(net: Network, folder: Path, quantise: bool = True) -> None:
    """Write model.onnx into a folder: float32, or int8 weights a column with activations quantised as they come.

    Inputs are ids, marks and mask, int64 of shape (windows, tokens); the output is float32 of shape
    (windows, tokens, 8).
    """
    net.eval()
    target = folder / "model.onnx"
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        _to_onnx(net, plain)
        if not quantise:
            target.write_bytes(plain.read_bytes())
            return
        from onnxruntime.quantization import QuantType, quantize_dynamic
        from onnxruntime.quantization.shape_inference import quant_pre_process

        ready = Path(scratch) / "ready.onnx"
        quant_pre_process(str(plain), str(ready), skip_symbolic_shape=True)
        logging.getLogger().setLevel(logging.ERROR)  # the quantiser warns of every bias it leaves alone
        quantize_dynamic(
            ready, target, per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gather"],
            nodes_to_exclude=_output_nodes(ready),
        )  # fmt: skip


def _to_onnx(net: Network, path: Path) -> None:
    ids = torch.randint(1000, 2000, (2, 24))
    marks, mask = torch.zeros_like(ids), torch.ones_like(ids)
    axes = {name: {0: "windows", 1: "tokens"} for name in (*INPUTS, "tokens")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns of constants that are constant
        torch.onnx.export(
            net, (ids, marks, mask), str(path), input_names=list(INPUTS), output_names=["tokens"],
            dynamic_axes=axes, opset_version=OPSET, dynamo=False,
        )  # fmt: skip


def _output_nodes(path: Path) -> list[str]:
    """The last product, eight columns wide: it costs nothing and carries every figure, so it stays float."""
    import onnx

    graph = onnx.load(str(path), load_external_data=False).graph
    products = [node.name for node in graph.node if node.op_type in ("MatMul", "Gemm")]
    return products[-1:]
