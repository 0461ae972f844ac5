from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from framing.artefact import models_folder
from framing.export import without_guards


def guarded() -> helper.ModelProto:
    """A softmax whose numbers that are none become 0, as torch exports attention, and a Where of another kind."""
    nodes = [
        helper.make_node("Softmax", ["x"], ["weights"]),
        helper.make_node("IsNaN", ["weights"], ["odd"]),
        helper.make_node("Where", ["odd", "zero", "weights"], ["safe"]),
        helper.make_node("Greater", ["safe", "zero"], ["there"]),
        helper.make_node("Where", ["there", "safe", "zero"], ["y"]),
    ]
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [2, 3]) for name in "xy"]
    zero = numpy_helper.from_array(np.array([0], np.float32), "zero")
    graph = helper.make_graph(nodes, "attention", values[:1], values[1:], [zero])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def test_guards_behind_a_softmax_go_and_nothing_else_changes() -> None:
    model, x = guarded(), np.random.default_rng(0).normal(size=(2, 3)).astype(np.float32)
    (before,) = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": x})
    without_guards(model.graph)
    assert [node.op_type for node in model.graph.node] == ["Softmax", "Greater", "Where"]
    (after,) = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": x})
    np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("name", ["accurate", "fast"])
def test_no_shipped_graph_has_one(name: str) -> None:
    import onnx

    graph = onnx.load(str(models_folder() / name / "model.onnx"), load_external_data=False).graph
    assert "IsNaN" not in {node.op_type for node in graph.node}
