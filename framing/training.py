"""Labelled articles → examples, windows and a fine-tuned network, in torch."""

from __future__ import annotations

import hashlib
import random
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset, Sampler
from transformers import Trainer, TrainingArguments, set_seed

from framing import inputs, network
from framing.dataset import labelled_document
from framing.machine import multiplies_bfloat16
from framing.mentions import Finder
from framing.metrics import sigmoid, softmax
from framing.records import LabelledArticle
from framing.schema import FramingError, Span
from framing.transformer import Raw, pool

CUT_SHORT = 0.7  # share of articles whose first window ends early, so that a sentence is met all over a window
FIRST = 16  # sentences of such a window at most
SORTED = 16  # batches whose windows are sorted by length together
DECAY = 0.01  # of weights, none of biases and norms, as BERT (Devlin et al. 2019)
IGNORED = -100  # the target of a sentence whose mention is unknown: torch's cross entropy passes it over
_Row = TypeVar("_Row")
_NOTE = "run.txt"  # beside the checkpoints: the digest of what they depend on


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How an encoder is fine-tuned; the defaults are the accurate model's."""

    encoder: str = "mpnet"
    epochs: int = 4
    batch: int = 8  # windows
    rate: float = 5e-5  # of the top layer
    decay: float = 0.9  # of the rate, a layer down
    head_rate: float = 1e-3  # of what starts from nothing: marks and outputs
    warmup: float = 0.06
    dropout: float = 0.1
    unnamed: float = 0.3  # share of windows whose header gives the outlet's class without its name
    unknown: float = 0.2  # share of windows whose header gives neither
    mark_dropout: float = 0.1  # share of names whose marks are left out, for there will be some the registry lacks
    weights: network.LossWeights = field(default_factory=network.LossWeights)
    real: int = 1  # times an epoch that an article of the real training text is met
    taught: float = 0.0  # share of a teacher's word in the targets; the rest is the label's
    trial: bool = False  # only shows that everything works: what exporting cost such a model is told, not judged
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """An article ready for training: its inputs and, a sentence each, its targets or None."""

    prepared: inputs.Prepared
    heads: dict[str, inputs.Tokens]  # "full", "unnamed", "unknown": the headers training chooses from
    targets: tuple[Target | None, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What a sentence should come out as; `span` is its mention's first and last token, None where none is named."""

    label: tuple[float, float, float]
    grade: tuple[float, float]  # probabilities of grade ≥ 1 and ≥ 2
    span: Span | None
    span_known: bool = True


def examples(articles: Sequence[LabelledArticle], tokenizer: Any, finder: Finder) -> list[Example]:
    """Prepare labelled articles."""
    out = []
    for labelled in articles:
        document = labelled_document(finder, labelled)
        prepared, cls = inputs.prepare(tokenizer, document), document.outlet_class
        heads = {
            "full": prepared.head,
            "unnamed": inputs.header(tokenizer, None, cls),
            "unknown": inputs.header(tokenizer, None, "unknown"),
        }
        targets: list[Target | None] = []
        for row, tokens in zip(labelled.readable, prepared.sentences, strict=True):
            if row.label is None or row.grade is None:
                targets.append(None)
                continue
            one_hot = (float(row.label == 0), float(row.label == 1), float(row.label == 2))
            span = _token_span(row.mention, tokens) if row.mention else None
            cut_off = row.mention is not None and span is None
            targets.append(Target(one_hot, (float(row.grade >= 1), float(row.grade >= 2)), span, not cut_off))
        out.append(Example(prepared, heads, tuple(targets)))
    return out


def distilled(data: Sequence[Example], said: Sequence[Sequence[Raw]], share: float) -> list[Example]:
    """Mix a teacher's outputs into the targets (Hinton et al. 2015); source mentions stay the labels'.

    `said` holds the teacher's word on every sentence of every article; unlabelled sentences are
    learned from the teacher alone.
    """
    out = []
    for example, raws in zip(data, said, strict=True):
        targets = []
        for target, raw in zip(example.targets, raws, strict=True):
            label = softmax(raw.logits.astype(np.float64))
            grade = sigmoid(raw.loading.astype(np.float64))
            if target is not None:
                label = share * label + (1 - share) * np.array(target.label)
                grade = share * grade + (1 - share) * np.array(target.grade)
            known = target is not None and target.span_known
            span = target.span if target is not None else None
            targets.append(Target(tuple(label.tolist()), tuple(grade.tolist()), span, known))
        out.append(replace(example, targets=tuple(targets)))
    return out


def _token_span(mention: Span, tokens: inputs.Tokens) -> Span | None:
    """The first and last token of a mention; None where it stands behind what the encoder sees of its sentence."""
    inside = [i for i, (a, b) in enumerate(tokens.offsets) if a < mention[1] and b > mention[0]]
    return (inside[0], inside[-1]) if inside else None


class Windows(Dataset[tuple[inputs.Window, Example]]):
    """Every epoch's windows in the order they are trained on; cut anew each epoch, so that a
    sentence is met in several places of a window and under several headers.
    """

    def __init__(self, data: Sequence[Example], edges: tuple[int, int], recipe: Recipe) -> None:
        rng = random.Random(recipe.seed)  # noqa: S311
        batches: list[list[tuple[inputs.Window, Example]]] = []
        for _ in range(recipe.epochs):
            epoch = [(w, e) for e in data for w in _cut(e, edges, recipe, rng)]
            batches += _shuffled(epoch, recipe.batch, rng)
        # An epoch's remainder would shift all batches behind it.
        batches.sort(key=lambda each: len(each) < recipe.batch)
        self.rows = [row for each in batches for row in each]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> tuple[inputs.Window, Example]:
        return self.rows[index]


def _cut(example: Example, edges: tuple[int, int], recipe: Recipe, rng: random.Random) -> list[inputs.Window]:
    chance = rng.random()
    head = "unknown" if chance < recipe.unknown else "unnamed" if chance < recipe.unknown + recipe.unnamed else "full"
    prepared = inputs.Prepared(example.heads[head], example.prepared.sentences, example.prepared.kinds)
    first = rng.randint(1, FIRST) if rng.random() < CUT_SHORT else None
    return inputs.windows(prepared, edges, first=first)


def _shuffled(
    rows: list[tuple[inputs.Window, Example]], batch: int, rng: random.Random
) -> list[list[tuple[inputs.Window, Example]]]:
    """Batches in random order, each of windows of about one length, so that little is padded."""
    rng.shuffle(rows)
    batches: list[list[tuple[inputs.Window, Example]]] = []
    for some in _batches(rows, batch * SORTED):
        batches += _batches(sorted(some, key=lambda row: len(row[0].ids)), batch)
    rng.shuffle(batches)
    return batches


@dataclass(frozen=True)
class Collator:
    """Pads windows into tensors; drops marks at random in training."""

    pad: int
    mark_dropout: float = 0.0

    def __call__(self, rows: Sequence[tuple[inputs.Window, Example]]) -> dict[str, Any]:
        """Tensors of one batch."""
        length = max(len(window.ids) for window, _ in rows)
        length = (length + 7) // 8 * 8
        ids = torch.full((len(rows), length), self.pad)
        marks, mask = torch.zeros_like(ids), torch.zeros_like(ids)
        for i, (window, _) in enumerate(rows):
            size = len(window.ids)
            ids[i, :size], mask[i, :size] = torch.tensor(window.ids), 1
            marks[i, :size] = torch.tensor(window.marks)
        if self.mark_dropout:
            names = marks < inputs.MARKS.index("outlet_state")
            marks = marks.masked_fill(names & _dropped(marks, self.mark_dropout), 0)
        return {"ids": ids, "marks": marks, "mask": mask, **_targets(rows)}


def _dropped(marks: Tensor, share: float) -> Tensor:
    """Which marks (windows, tokens) to leave out: a name's tokens are marked alike and lose their marks together."""
    begins = torch.ones_like(marks)
    begins[:, 1:] = marks[:, 1:] != marks[:, :-1]
    name = begins.cumsum(1)
    drawn: Tensor = torch.rand(len(marks), int(name.max()) + 1) < share
    return drawn.gather(1, name)


def _targets(rows: Sequence[tuple[inputs.Window, Example]]) -> dict[str, Tensor]:
    window_of, spans, label, grade, first, last = [], [], [], [], [], []
    for i, (window, example) in enumerate(rows):
        for index, start, end in window.spans:
            target = example.targets[index]
            if target is None:
                continue
            window_of.append(i)
            spans.append((start, end))
            label.append(target.label)
            grade.append(target.grade)
            ends = _ends(target, start, end)
            first.append(ends[0])
            last.append(ends[1])
    return {
        "window_of": torch.tensor(window_of, dtype=torch.long),
        "spans": torch.tensor(spans, dtype=torch.long).reshape(-1, 2),
        "label": torch.tensor(label).reshape(-1, 3),
        "grade": torch.tensor(grade).reshape(-1, 2),
        "first": torch.tensor(first, dtype=torch.long),
        "last": torch.tensor(last, dtype=torch.long),
    }


def _ends(target: Target, start: int, end: int) -> Span:
    """A mention's first and last token in a window, of a sentence at start to end; its separator stands for none."""
    if not target.span_known:
        return IGNORED, IGNORED
    if target.span is None:
        return end - 1, end - 1
    return start + target.span[0], start + target.span[1]


class FramingTrainer(Trainer):
    """Trainer with framing's loss, layer-wise rates and a fixed order of windows."""

    recipe: Recipe

    def compute_loss(  # type: ignore[override]
        self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, **_: Any
    ) -> Any:
        """framing.network.loss of a batch."""
        tokens = model(inputs["ids"], inputs["marks"], inputs["mask"])
        return network.loss(tokens[inputs["window_of"]], inputs["spans"], inputs, self.recipe.weights)

    def _get_train_sampler(self, *_: Any) -> Sampler[int]:
        return torch.utils.data.SequentialSampler(self.train_dataset)  # type: ignore[arg-type]

    def create_optimizer(self, *_: Any) -> torch.optim.Optimizer:
        """AdamW with layer-wise rates."""
        if self.optimizer is None:
            self.optimizer = torch.optim.AdamW(
                parameter_groups(self.model, self.recipe),  # type: ignore[arg-type]
                betas=(0.9, 0.98),  # as RoBERTa (Liu et al. 2019)
            )
        return self.optimizer


def parameter_groups(net: network.Network, recipe: Recipe) -> list[dict[str, Any]]:
    """Rates that fall layer by layer from the top (Howard and Ruder 2018); embeddings are frozen."""
    layers = int(net.encoder.config.num_hidden_layers)  # type: ignore[union-attr,arg-type]
    groups: dict[tuple[float, float], list[Tensor]] = {}
    for name, parameter in net.named_parameters():
        if not parameter.requires_grad:
            continue
        if ".layer." in name:
            depth = layers - 1 - int(name.split(".layer.")[1].split(".")[0])
            rate = recipe.rate * recipe.decay**depth
        else:
            rate = recipe.rate * recipe.decay**layers if name.startswith("encoder") else recipe.head_rate
        groups.setdefault((rate, DECAY if parameter.ndim > 1 else 0.0), []).append(parameter)
    return [{"params": params, "lr": rate, "weight_decay": decay} for (rate, decay), params in groups.items()]


def fine_tune(
    net: network.Network, data: Sequence[Example], edges: tuple[int, int], pad: int, recipe: Recipe, work: Path,
    resume: bool = False,
) -> None:  # fmt: skip
    """Train a network in place; checkpoints go to `work` and, with `resume`, are taken up from there.

    Raises FramingError where those are of a run on other data or with another recipe.
    """
    set_seed(recipe.seed)
    for module in net.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = recipe.dropout
    without_attention_dropout(net)
    rows = Windows(data, edges, recipe)
    steps = -(-len(rows) // recipe.batch)
    arguments = TrainingArguments(
        output_dir=str(work),
        num_train_epochs=1,
        per_device_train_batch_size=recipe.batch,
        use_cpu=True,
        bf16=multiplies_bfloat16(),
        warmup_steps=int(recipe.warmup * steps),
        lr_scheduler_type="linear",
        max_grad_norm=1.0,
        save_steps=max(1, steps // (2 * recipe.epochs)),
        save_total_limit=1,
        logging_steps=25,
        report_to=[],
        disable_tqdm=not sys.stderr.isatty(),
        remove_unused_columns=False,
        seed=recipe.seed,
        data_seed=recipe.seed,
        dataloader_num_workers=0,
    )
    trainer = FramingTrainer(net, arguments, data_collator=Collator(pad, recipe.mark_dropout), train_dataset=rows)
    trainer.recipe = recipe
    digest = _digest(rows, recipe)
    begun = resume and any(work.glob("checkpoint-*"))
    if begun:
        _check_same(work, digest)
    else:
        _begin(work, digest)
    trainer.train(resume_from_checkpoint=begun or None)
    trainer.accelerator.unwrap_model(net, keep_fp32_wrapper=False)  # takes its bfloat16 off forward


def _digest(rows: Windows, recipe: Recipe) -> str:
    """The SHA-256 of all that a run's checkpoints depend on."""
    seen = hashlib.sha256(repr(recipe).encode())
    for window, example in rows.rows:
        seen.update(repr((window, [example.targets[index] for index, *_ in window.spans])).encode())
    return seen.hexdigest()


def _check_same(work: Path, digest: str) -> None:
    """Raise FramingError where the checkpoints in `work` are of a run with another digest."""
    note = work / _NOTE
    if not note.is_file() or note.read_text(encoding="utf-8") != digest:
        raise FramingError(f"{work}: checkpoints of a run on other data or with another recipe; begin without --resume")


def _begin(work: Path, digest: str) -> None:
    """Remove what another run left in `work` and note this one's digest there."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    (work / _NOTE).write_text(digest, encoding="utf-8")


def without_attention_dropout(net: network.Network) -> None:
    """Turn off dropout in attention: drawing its masks costs a fifth of a step on a CPU and bought nothing."""
    for name, module in net.named_modules():
        if isinstance(module, torch.nn.Dropout) and (".attn." in name or ".self." in name):
            module.p = 0.0


@torch.no_grad()
def raw_outputs(
    net: network.Network, data: Sequence[Example], edges: tuple[int, int], pad: int, half: bool = False
) -> list[list[Raw]]:
    """The network's outputs in torch, a list of sentences an article; pooled by the serving code.

    With `half` it computes in bfloat16, as in training, where the CPU does so at twice the speed.
    """
    net.eval()
    jobs = [(i, w) for i, e in enumerate(data) for w in inputs.windows(e.prepared, edges)]
    jobs.sort(key=lambda job: len(job[1].ids))
    out: list[dict[int, Raw]] = [{} for _ in data]
    for batch in _batches(jobs, 16):
        tensors = Collator(pad)([(window, data[i]) for i, window in batch])
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half and multiplies_bfloat16()):
            tokens = net(tensors["ids"], tensors["marks"], tensors["mask"]).float().numpy()
        for row, (i, window) in enumerate(batch):
            for index, start, end in window.spans:
                if index in window.core:
                    out[i][index] = pool(tokens[row, start:end], data[i].prepared.sentences[index])
    return [[found[i] for i in range(len(e.prepared.sentences))] for found, e in zip(out, data, strict=True)]


def _batches(rows: list[_Row], size: int) -> Iterator[list[_Row]]:
    for i in range(0, len(rows), size):
        yield rows[i : i + size]
