"""The network: an encoder with marks added to its input and one linear layer over its tokens.

Every output is linear in the token states and is pooled over a sentence's tokens outside the
network (`pool`), so that one exported graph serves windows of any number of sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import MODEL_MAPPING, AutoConfig, AutoModel

from framing.inputs import MARKS
from framing.transformer import FIRST, LAST, LOADING, OUTPUTS, PROVENANCE, WEIGHT

EMBEDDING_BLOCK = 32  # numbers of an embedding that share a scale


def int4_blocks(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """A table (rows, size) as 4-bit codes of its shape and scales (rows, size / EMBEDDING_BLOCK)."""
    blocks = table.reshape(len(table), -1, EMBEDDING_BLOCK)
    scales = np.maximum(np.abs(blocks).max(-1), 1e-8) / 7
    codes = np.clip(np.round(blocks / scales[..., None]), -8, 7).astype(np.int8)
    return codes.reshape(table.shape), scales.astype(np.float32)


@dataclass(frozen=True)
class LossWeights:
    """How the targets are weighed in the loss."""

    loading: float = 0.5
    span: float = 0.3
    smoothing: float = 0.05


class Network(nn.Module):
    """Encoder, marks and token outputs.

    `forward` takes ids, marks and mask of shape (windows, tokens) and returns (windows, tokens, OUTPUTS).
    """

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        size = int(encoder.config.hidden_size)  # type: ignore[union-attr,arg-type]
        self.encoder = encoder
        words: nn.Embedding = encoder.embeddings.word_embeddings  # type: ignore[union-attr,assignment]
        self.marks = nn.Embedding(len(MARKS), words.embedding_dim, padding_idx=0)
        self.output = nn.Linear(size, OUTPUTS)
        nn.init.zeros_(self.marks.weight)
        nn.init.normal_(self.output.weight, std=0.02)
        nn.init.zeros_(self.output.bias)
        self._round_and_freeze_embeddings()

    @torch.no_grad()
    def _round_and_freeze_embeddings(self) -> None:
        """Round the word embeddings to the 4-bit values they are shipped as: training makes up for what that costs."""
        table: Tensor = self.encoder.embeddings.word_embeddings.weight  # type: ignore[union-attr,assignment]
        codes, scales = int4_blocks(table.float().numpy())
        rounded = codes.reshape(*scales.shape, EMBEDDING_BLOCK) * scales[..., None]
        table.copy_(torch.from_numpy(rounded.reshape(table.shape)))
        self.encoder.embeddings.requires_grad_(False)

    @classmethod
    def pretrained(cls, folder: Path) -> Network:
        """Start from an encoder's folder (config.json, model.safetensors)."""
        pooler = _without_pooler(AutoConfig.from_pretrained(folder))
        return cls(AutoModel.from_pretrained(folder, use_safetensors=True, **pooler))

    @classmethod
    def empty(cls, config: dict[str, Any]) -> Network:
        """The same network with random weights, to load a checkpoint into."""
        known = AutoConfig.for_model(**config)
        return cls(AutoModel.from_config(known, **_without_pooler(known)))  # type: ignore[no-untyped-call]

    def forward(self, ids: Tensor, marks: Tensor, mask: Tensor | None = None) -> Tensor:
        """One row of outputs a token; without a mask no token is padding."""
        words = self.encoder.embeddings.word_embeddings(ids)  # type: ignore[union-attr,operator]
        states = self.encoder(inputs_embeds=words + self.marks(marks), attention_mask=mask).last_hidden_state
        tokens: Tensor = self.output(states)
        return tokens


def _without_pooler(config: Any) -> dict[str, bool]:
    """What leaves the layer over the first token out, for encoders that have one: BERT has, ELECTRA has not."""
    made: Any = MODEL_MAPPING[type(config)]
    return {"add_pooling_layer": False} if "add_pooling_layer" in signature(made).parameters else {}


def load(net: Network, weights: Mapping[str, NDArray[np.float32]]) -> None:
    """Give a network the parameters of another of its shape; raises RuntimeError where one lacks or does not fit."""
    net.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in weights.items()})


def pool(tokens: Tensor, spans: Tensor) -> Tensor:
    """Pool token outputs into sentences.

    tokens: (sentences, length, OUTPUTS), each row the window's tokens; spans: (sentences, 2), first and
    end token. Returns (sentences, 5): provenance and loading logits, averaged by the token weights.
    """
    where = torch.arange(tokens.shape[1])[None]
    inside = (where >= spans[:, :1]) & (where < spans[:, 1:])
    weight = tokens[..., WEIGHT].float().masked_fill(~inside, -1e9).softmax(-1)
    return torch.einsum("sl,slk->sk", weight, tokens[..., :WEIGHT].float())


def loss(tokens: Tensor, spans: Tensor, targets: dict[str, Tensor], weights: LossWeights) -> Tensor:
    """The training loss over sentences.

    tokens: (sentences, length, OUTPUTS); spans: (sentences, 2). Targets: `label` (sentences, 3) a
    distribution over the labels; `grade` (sentences, 2) probabilities of grade ≥ 1 and ≥ 2; `first` and
    `last` (sentences,) token positions of the source mention, -100 where not to be learned.
    """
    pooled = pool(tokens, spans)
    label = targets["label"] * (1 - weights.smoothing) + weights.smoothing / 3
    total = -(label * pooled[:, PROVENANCE].log_softmax(-1)).sum(-1).mean()
    total = total + weights.loading * nn.functional.binary_cross_entropy_with_logits(
        pooled[:, LOADING], targets["grade"]
    )
    where = torch.arange(tokens.shape[1])[None]
    outside = (where < spans[:, :1]) | (where >= spans[:, 1:])
    for column, name in ((FIRST, "first"), (LAST, "last")):
        logits = tokens[..., column].float().masked_fill(outside, -1e4)
        known = targets[name] >= 0
        if known.any():
            total = total + weights.span / 2 * nn.functional.cross_entropy(logits[known], targets[name][known])
    return total
