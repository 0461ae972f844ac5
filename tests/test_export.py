"""What an exported graph looks like: attention fused, outliers apart, and computing what it did before."""

from __future__ import annotations

from collections import Counter

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from framing import export
from framing.artefact import check, models_folder
from framing.fusion import DOMAIN, fuse_attention
from framing.schema import FramingError

HEADS, SIZE = 2, 8


def attention(layers: int, masked: bool) -> onnx.ModelProto:
    """Layers of attention as torch exports them, with a position bias and, if asked, a mask, both shared."""
    nodes, at = [], "x"
    for i in range(layers):
        apart = {}
        for part in "qkv":
            nodes.append(helper.make_node("MatMul", [at, f"w_{part}"], [f"{part}{i}"]))
            nodes.append(helper.make_node("Reshape", [f"{part}{i}", "heads"], [f"{part}{i}_heads"]))
            order = [0, 2, 3, 1] if part == "k" else [0, 2, 1, 3]
            nodes.append(helper.make_node("Transpose", [f"{part}{i}_heads"], [f"{part}{i}_apart"], perm=order))
            apart[part] = f"{part}{i}_apart"
        nodes.append(helper.make_node("MatMul", [apart["q"], apart["k"]], [f"product{i}"]))
        nodes.append(helper.make_node("Div", [f"product{i}", "root"], [f"scores{i}"]))
        nodes.append(helper.make_node("Add", [f"scores{i}", "bias"], [f"biased{i}"]))
        if masked:
            nodes.append(helper.make_node("Add", [f"biased{i}", "mask"], [f"masked{i}"]))
        weights = f"masked{i}" if masked else f"biased{i}"
        nodes.append(helper.make_node("Softmax", [weights], [f"weights{i}"], name=f"Softmax{i}", axis=-1))
        nodes.append(helper.make_node("MatMul", [f"weights{i}", apart["v"]], [f"read{i}"]))
        nodes.append(helper.make_node("Transpose", [f"read{i}"], [f"back{i}"], perm=[0, 2, 1, 3]))
        at = "y" if i + 1 == layers else f"x{i + 1}"
        nodes.append(helper.make_node("Reshape", [f"back{i}", "together"], [at]))
    rng = np.random.default_rng(0)
    tensors = {
        **{f"w_{part}": rng.normal(size=(SIZE, SIZE)).astype(np.float32) for part in "qkv"},
        "heads": np.array([1, 5, HEADS, SIZE // HEADS]),
        "together": np.array([1, 5, SIZE]),
        "root": np.array((SIZE / HEADS) ** 0.5, np.float32),
        "bias": rng.normal(size=(1, HEADS, 5, 5)).astype(np.float32),
        "mask": np.where(np.arange(5) < 4, 0, -1e9).astype(np.float32).reshape(1, 1, 1, 5),
    }
    given, out = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 5, SIZE]) for name in "xy")
    constants = [numpy_helper.from_array(value, name) for name, value in tensors.items()]
    graph = helper.make_graph(nodes, "attention", [given], [out], constants)
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid(DOMAIN, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10)


@pytest.mark.parametrize("masked", [False, True])
def test_attention_becomes_one_operator_a_layer_with_the_same_output(masked: bool) -> None:
    model = attention(2, masked)
    x = np.random.default_rng(1).normal(size=(1, 5, SIZE)).astype(np.float32)
    (before,) = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": x})
    assert fuse_attention(model.graph, HEADS) == 2
    found = Counter(node.op_type for node in model.graph.node)
    assert found == {"MatMul": 6, "MultiHeadAttention": 2} | ({"Add": 1} if masked else {})
    (after,) = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": x})
    np.testing.assert_allclose(after, before, atol=1e-5)


@pytest.mark.parametrize("name", ["table", "another"])
def test_embeddings_the_graph_does_not_read_as_expected_are_not_dropped(name: str) -> None:
    table = numpy_helper.from_array(np.zeros((4, 32), np.float32), "table")
    graph = helper.make_graph([helper.make_node("Identity", ["table"], ["y"])], "no gather", [], [], [table])
    with pytest.raises(FramingError, match=f"reads no {name}"):
        export._pack_embeddings(graph, name)
    assert [tensor.name for tensor in graph.initializer] == ["table"]


@pytest.mark.parametrize("name", ["accurate", "fast"])
def test_a_shipped_graph_has_one_attention_a_layer_and_no_mask(name: str) -> None:
    model = check(models_folder() / name)
    graph = onnx.load(str(model.file("model.onnx")), load_external_data=False).graph
    found = Counter(node.op_type for node in graph.node)
    assert found["MultiHeadAttention"] == model.manifest["encoder"]["config"]["num_hidden_layers"]
    assert "Softmax" not in found
    assert [given.name for given in graph.input] == ["ids", "marks"]
