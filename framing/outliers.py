"""The few feed-forward channels that outgrow the rest, cut off so that the others share one int8 scale.

A handful of a GELU's 3,072 outputs reach 50 to 100 where the rest stay below 5; with one scale for all, most
of them would fall on a few of 256 steps. Products with these channels are kept in float32 (LLM.int8(),
Dettmers et al. 2022), chosen once by what calibration text makes of them, not token by token.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

KEPT = 16  # channels of a layer that stay float32; 8 and 64 keep as many labels

Peaks = dict[str, Tensor]  # of each feed-forward layer, by its name, the most that each of its channels reached


class First(nn.Module):
    """A feed-forward layer's first half as two: most channels, and those few."""

    def __init__(self, dense: nn.Linear, activation: nn.Module, main: Tensor, few: Tensor) -> None:
        super().__init__()
        self.main, self.few = _rows(dense, main), _rows(dense, few)
        self.activation = activation

    def forward(self, states: Tensor) -> tuple[Tensor, Tensor]:
        """Both parts of the inner states."""
        return self.activation(self.main(states)), self.activation(self.few(states))


class Second(nn.Module):
    """A feed-forward layer's second half, for a First before it: the sum of what both parts give."""

    def __init__(self, dense: nn.Linear, main: Tensor, few: Tensor) -> None:
        super().__init__()
        self.main, self.few = _columns(dense, main, dense.bias), _columns(dense, few, None)

    def forward(self, parts: tuple[Tensor, Tensor]) -> Tensor:
        """The layer's output, before its norm."""
        main, few = parts
        total: Tensor = self.main(main) + self.few(few)
        return total


@contextmanager
def watched(net: nn.Module) -> Iterator[Peaks]:
    """Note what the channels of a network's feed-forward layers reach while it reads, in the dictionary given."""
    peaks: Peaks = {}

    def note(layer: str, states: Tensor) -> None:
        most = states.detach().float().flatten(0, -2).amax(0)
        peaks[layer] = torch.maximum(peaks[layer], most) if layer in peaks else most

    hooks = [
        net.get_submodule(f"{layer}.output.dense").register_forward_pre_hook(
            lambda _, given, layer=layer: note(layer, given[0])
        )
        for layer in _layers(net)
    ]
    try:
        yield peaks
    finally:
        for hook in hooks:
            hook.remove()


@torch.no_grad()
def parted(net: nn.Module, peaks: Peaks) -> nn.Module:
    """A copy of a network that computes the same, with the channels of the highest peaks by themselves.

    Layers that have no peaks are left whole.
    """
    net = copy.deepcopy(net)
    for layer, most in peaks.items():
        order = most.argsort(descending=True)
        few, main = order[:KEPT].sort().values, order[KEPT:].sort().values
        block = net.get_submodule(layer)
        first, second = block.intermediate, block.output
        block.intermediate = First(first.dense, first.intermediate_act_fn, main, few)  # type: ignore[union-attr,arg-type]
        second.dense = Second(second.dense, main, few)  # type: ignore[union-attr,arg-type]
    return net


def _layers(net: nn.Module) -> list[str]:
    """The names of the blocks that have a feed-forward layer as BERT and its kin have it."""
    names = (
        name.removesuffix(".intermediate.dense") for name, _ in net.named_modules() if "intermediate.dense" in name
    )
    return [name for name in names if isinstance(net.get_submodule(f"{name}.output.dense"), nn.Linear)]


def _rows(dense: nn.Linear, chosen: Tensor) -> nn.Linear:
    part = nn.Linear(dense.in_features, len(chosen))
    part.weight.copy_(dense.weight[chosen])
    part.bias.copy_(dense.bias[chosen])
    return part


def _columns(dense: nn.Linear, chosen: Tensor, bias: Tensor | None) -> nn.Linear:
    part = nn.Linear(len(chosen), dense.out_features, bias=bias is not None)
    part.weight.copy_(dense.weight[:, chosen])
    if bias is not None:
        part.bias.copy_(bias)
    return part
