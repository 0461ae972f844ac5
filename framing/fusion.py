"""Attention as one operator of ONNX Runtime's in place of the dozen that torch exports.

What it saves is not arithmetic but passes over tables of tokens × tokens a head: transposing, adding the
position bias and a mask of nothing, softmax. The outputs stay the same to the last bit of rounding.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from onnx import helper

DOMAIN = "com.microsoft"
_SHAPING = ("Transpose", "Reshape", "Mul", "Div")  # between a projection and its product: heads apart, scaled


def fuse_attention(graph: Any, heads: int) -> int:
    """Replace softmax(scale · Q·Kᵀ + biases)·V by MultiHeadAttention, in place; return how many there were.

    The scale must be one over the root of a head's size, as in BERT and its kin: the operator's own.
    Biases (of positions, a mask) that several layers share are summed once.
    """
    made = {name: node for node in graph.node for name in node.output}
    read: dict[str, list[Any]] = {}
    for node in graph.node:
        for name in node.input:
            read.setdefault(name, []).append(node)
    sums: dict[tuple[str, ...], str] = {}
    found = [node for node in graph.node if node.op_type == "Softmax"]
    for softmax in found:
        product = next(node for node in read[softmax.output[0]] if node.op_type == "MatMul")
        biases, scores = _scores(made, softmax.input[0])
        *_, last = _shaped(read, product)
        sources = [_projection(made, name) for name in (*scores.input, product.input[1])]
        key = tuple(sorted(biases))
        if len(key) > 1 and key not in sums:
            sums[key] = f"attention_bias_{len(sums)}"
            _insert(graph, last, helper.make_node("Add", key, [sums[key]], name=sums[key]))
        bias = ["", "", sums.get(key, key[0])] if key else []
        name = softmax.name.replace("Softmax", "MultiHeadAttention")
        fused = helper.make_node(
            "MultiHeadAttention", [*sources, *bias], list(last.output), name=name, domain=DOMAIN, num_heads=heads
        )
        _insert(graph, last, fused)
        graph.node.remove(last)
    _without_unused(graph)
    return len(found)


def _scores(made: dict[str, Any], name: str) -> tuple[list[str], Any]:
    """What is added to attention's scores, and the product of queries and keys they come from."""
    biases: list[str] = []
    node = made[name]
    while node.op_type != "MatMul":
        if node.op_type == "Add":
            biases.append(node.input[1])
        node = made[node.input[0]]
    return biases, node


def _projection(made: dict[str, Any], name: str) -> str:
    """The tensor (windows, tokens, size) whose heads were taken apart."""
    while made[name].op_type in _SHAPING:
        name = made[name].input[0]
    return name


def _shaped(read: dict[str, list[Any]], product: Any) -> Iterator[Any]:
    """The nodes that put the heads of attention's output together again."""
    node = product
    while node is not None:
        node = next((n for n in read.get(node.output[0], ()) if n.op_type in ("Transpose", "Reshape")), None)
        if node is not None:
            yield node


def _insert(graph: Any, before: Any, node: Any) -> None:
    graph.node.insert(list(graph.node).index(before), node)


def _without_unused(graph: Any) -> None:
    """Take away nodes and constants that nothing reads any more."""
    while True:
        used = {name for node in graph.node for name in node.input} | {output.name for output in graph.output}
        unused = [node for node in graph.node if not used.intersection(node.output)]
        if not unused:
            break
        for node in unused:
            graph.node.remove(node)
    for tensor in [tensor for tensor in graph.initializer if tensor.name not in used]:
        graph.initializer.remove(tensor)
