"""The transformer served by ONNX Runtime: no torch, no transformers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from framing import artefact, inputs
from framing.document import Document
from framing.machine import sums_overflow
from framing.metrics import scaled, sigmoid
from framing.schema import LABELS, FramingError, ModelInfo, Prediction, Span

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Tokenizer

Floats = NDArray[np.float32]

# Columns of the network's output, one row a token, under the names that a config.json of transformers' has for them.
OUTPUT_NAMES = (
    *LABELS,
    *("grade at least 1", "grade at least 2"),
    "weight in its sentence",
    *("source first", "source last"),
)
PROVENANCE = slice(0, 3)  # logits of the labels
LOADING = slice(3, 5)  # logits of "grade ≥ 1" and "grade ≥ 2" (ordinal, Frank and Hall 2001)
WEIGHT = 5  # how much the token counts in its sentence (softmax over the sentence)
FIRST, LAST = 6, 7  # logits of being the source mention's first and last token; the separator means "none"
OUTPUTS = len(OUTPUT_NAMES)

# ONNX Runtime's fused sum and norm takes five times as long as the two apart: a seventh of a window.
SLOWER = ["SkipLayerNormFusion"]

MAX_SPAN = 32  # tokens of a source mention; the longest in the corpus has 29
MAX_STRETCH = 14  # tokens of the words shown for a grade: a phrase, not the sentence


@dataclass(frozen=True, slots=True)
class Raw:
    """The network's word on a sentence, before calibration.

    `logits` (3,) of the labels; `loading` (2,) logits of grade ≥ 1 and ≥ 2; `span` the best source
    mention in characters of the sentence, with `margin` its logit above "none is named"; `stretch`
    the words that raise the loading logits most, in characters of the sentence.
    """

    logits: Floats
    loading: Floats
    span: Span | None
    margin: float
    stretch: Span | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """What turns raw outputs into predictions; fitted in training, kept in the manifest."""

    temperature: float = 1.0
    offsets: tuple[float, float, float] = (0.0, 0.0, 0.0)  # added to the scaled logits: the prior of real news
    threshold: float = 0.5
    grades: tuple[float, float] = (0.5, 0.5)  # probabilities from which a sentence is of grade 1, of grade 2
    span: float = 0.0  # margin from which a source mention is reported

    @classmethod
    def read(cls, facts: dict[str, Any]) -> Calibration:
        """From a manifest."""
        first, second = facts["grades"]
        a, b, c = facts["offsets"]
        return cls(facts["temperature"], (a, b, c), facts["threshold"], (first, second), facts["span"])

    def apply(self, raw: Raw) -> Prediction:
        """Calibrated scores, grade and source mention of one sentence."""
        scores = scaled(raw.logits, self.temperature, self.offsets)
        at_least = sigmoid(raw.loading.astype(np.float64))
        grade = 2 if at_least[1] >= self.grades[1] else int(at_least[0] >= self.grades[0])
        span = raw.span if raw.margin >= self.span else None
        known = (float(scores[0]), float(scores[1]), float(scores[2]))
        return Prediction(known, grade, float(at_least.mean()), span, raw.stretch)


class Transformer:
    """A classifier of sentences in their article."""

    finds_spans = True

    def __init__(self, model: artefact.Artefact, threads: int | None = None) -> None:
        facts = model.manifest
        if facts["kind"] != "transformer" or tuple(facts["marks"]) != inputs.MARKS:
            raise FramingError(f"{model.folder}: made for other inputs than this version of framing gives")
        self.model = model
        self.info: ModelInfo = model.info
        self.calibration = Calibration.read(facts["calibration"])
        self.threshold = self.calibration.threshold
        self.threads = threads
        self.edges = (int(facts["edges"][0]), int(facts["edges"][1]))
        self._max_tokens = int(facts["max_tokens"])
        self._opening = Lock()  # since Python 3.12 cached_property has none of its own

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The encoder's tokenizer, without padding and truncation."""
        return inputs.load_tokenizer(self.model.file("tokenizer.json"))

    @cached_property
    def session(self) -> onnxruntime.InferenceSession:
        """The ONNX session; opening it is most of the start-up time."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = self.threads or 0
        if sums_overflow():
            options.add_session_config_entry("session.x64quantprecision", "1")  # slower products, to the same outputs
        try:
            return onnxruntime.InferenceSession(
                self.model.file("model.onnx"), options, ["CPUExecutionProvider"], disabled_optimizers=SLOWER
            )
        except Exception as error:  # onnxruntime raises classes of its own for each way a graph can be wrong
            raise FramingError(f"{self.model.folder}: ONNX Runtime cannot load this model ({error})") from error

    def predict(self, document: Document) -> list[Prediction]:
        """Return one calibrated prediction a sentence, in order."""
        return [self.calibration.apply(raw) for raw in self.raw(document)]

    def raw(self, document: Document) -> list[Raw]:
        """Return the network's outputs, one a sentence, in order."""
        with self._opening:
            tokenizer, _ = self.tokenizer, self.session
        prepared = inputs.prepare(tokenizer, document)
        cut = inputs.windows(prepared, self.edges, self._max_tokens)
        out: dict[int, Raw] = {}
        for window in cut:
            tokens = self._run(window)
            for index, first, end in window.spans:
                if index in window.core:
                    out[index] = pool(tokens[first:end], prepared.sentences[index])
        return [out[i] for i in range(len(document.sentences))]  # all of them: one missed would move those behind it

    def _run(self, window: inputs.Window) -> Floats:
        feed = {"ids": np.array([window.ids], np.int64), "marks": np.array([window.marks], np.int64)}
        tokens: Floats = self.session.run(None, feed)[0][0]
        return tokens


def pool(tokens: Floats, sentence: inputs.Tokens) -> Raw:
    """Pool a sentence's token outputs (tokens, 8), the last its separator, as framing.network does."""
    weight = np.exp(tokens[:, WEIGHT] - tokens[:, WEIGHT].max())
    weight /= weight.sum()
    mean = weight @ tokens[:, :WEIGHT]
    span, margin = best_span(tokens[:, FIRST], tokens[:, LAST], sentence.offsets)
    raised = weight * (tokens[:, LOADING] - mean[LOADING]).mean(1)
    return Raw(mean[PROVENANCE], mean[LOADING], span, margin, heaviest(raised, sentence.offsets))


def best_span(first: Floats, last: Floats, offsets: Sequence[Span]) -> tuple[Span | None, float]:
    """The best first and last token of a source mention, in characters, and its logit over "none".

    first, last: (tokens,) logits, the last of them the separator's, which stands for "none"
    (as in SQuAD 2.0, Devlin et al. 2019).
    """
    size = len(offsets)
    if not size:
        return None, float("-inf")
    scores = first[:size, None] + last[None, :size]
    i, j = np.arange(size)[:, None], np.arange(size)
    scores = np.where((j >= i) & (j < i + MAX_SPAN), scores, -np.inf)
    a, b = divmod(int(scores.argmax()), size)
    return (offsets[a][0], offsets[b][1]), float(scores[a, b] - first[size] - last[size])


def heaviest(raised: Floats, offsets: Sequence[Span]) -> Span | None:
    """The stretch of at most MAX_STRETCH tokens, in characters, that raises a sentence's loading most; None if empty.

    raised: (tokens,) what each adds to the sentence's loading logit over its mean. The logit is a weighted
    mean over tokens, so these shares are exact and cost no further pass of the encoder, as occlusion would.
    """
    size = len(offsets)
    if not size:
        return None
    total = np.concatenate([[0.0], raised[:size].cumsum()])
    i, j = np.arange(size)[:, None], np.arange(1, size + 1)
    sums = np.where((j > i) & (j <= i + MAX_STRETCH), total[None, 1:] - total[:size, None], -np.inf)
    a, b = divmod(int(sums.argmax()), size)
    return offsets[a][0], offsets[b][1]
