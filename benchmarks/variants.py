"""Compare ways to feed and train the encoder: one run, one row of the table in models/README.md.

    python benchmarks/variants.py --real-train DIR --real-dev DIR --encoder minilm --epochs 5
        [--input alone|pairs|window] [--no-marks] [--no-outlet] [--no-seeds] [--seed N]

Without --real-train it trains on data/ alone.

Prints macro-F1 on the real development set and the test split, as torch computes it, uncalibrated.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from framing import encoders, inputs, network, pipeline, registry, training
from framing.mentions import Finder
from framing.metrics import confusion, kappa, macro_f1, precision_recall_f1
from framing.records import LabelledArticle

DATA = Path(__file__).parent.parent / "data"


def cut(example: training.Example, how: str) -> list[training.Example]:
    """An article as one example a sentence: alone, or with its neighbours in view."""
    out = []
    for i in range(len(example.targets)):
        first, last = (i, i + 1) if how == "alone" else (max(0, i - 1), min(len(example.targets), i + 2))
        prepared = inputs.Prepared(
            example.prepared.head, example.prepared.sentences[first:last], example.prepared.kinds[first:last]
        )
        targets = tuple(example.targets[j] if j == i else None for j in range(first, last))
        out.append(training.Example(prepared, example.heads, targets))
    return out


def stripped(example: training.Example, marks: bool, outlet: bool) -> training.Example:
    """An example without marks, or without its outlet's name and class."""
    prepared, heads = example.prepared, example.heads
    if not outlet:
        heads = dict.fromkeys(heads, heads["unknown"])
        prepared = replace(prepared, head=heads["unknown"])
    if not marks:
        sentences = tuple(replace(s, marks=(0,) * len(s.marks)) for s in prepared.sentences)
        prepared = replace(prepared, sentences=sentences)
    return training.Example(prepared, heads, example.targets)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real-train", type=Path)
    parser.add_argument("--real-dev", type=Path, required=True)
    parser.add_argument("--encoder", default="minilm")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--input", choices=("alone", "pairs", "window"), default="window")
    parser.add_argument("--batch", type=int, default=8, help="windows")
    parser.add_argument("--no-marks", action="store_true")
    parser.add_argument("--no-outlet", action="store_true")
    parser.add_argument("--no-seeds", action="store_true", help="leave the five founding articles out")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    data = pipeline.load_data([DATA], options.real_train, options.real_dev)
    folder = encoders.fetch(options.encoder)
    tokenizer = inputs.load_tokenizer(folder / "tokenizer.json")
    edges, pad = pipeline.special_tokens(tokenizer)
    finder = Finder(registry.builtin())

    def prepare(articles: Sequence[LabelledArticle]) -> list[training.Example]:
        examples = training.examples(articles, tokenizer, finder)
        examples = [stripped(e, not options.no_marks, not options.no_outlet) for e in examples]
        return examples if options.input == "window" else [part for e in examples for part in cut(e, options.input)]

    net = network.Network.pretrained(folder)
    recipe = training.Recipe(
        encoder=options.encoder, epochs=options.epochs, batch=options.batch, rate=options.rate, seed=options.seed
    )
    with tempfile.TemporaryDirectory() as work:
        chosen = [a for a in data.all_train if not (options.no_seeds and Path(a.file).name == "seeds.txt")]
        training.fine_tune(net, prepare(chosen), edges, pad, recipe, Path(work))
    for name, articles in (("real development", data.real_dev), ("data test", data.test)):
        examples = prepare(articles)
        raws = training.raw_outputs(net, examples, edges, pad, half=True)
        pairs = [
            (raw, target)
            for e, found in zip(examples, raws, strict=True)
            for raw, target in zip(found, e.targets, strict=True)
        ]  # fmt: skip
        known = [(raw, target) for raw, target in pairs if target is not None]
        gold = np.array([int(np.argmax(target.label)) for _, target in known])
        got = np.array([int(raw.logits.argmax()) for raw, _ in known])
        f1 = precision_recall_f1(confusion(gold, got))[:, 2]
        grade = kappa(
            np.array([int(sum(target.grade)) for _, target in known]),
            np.array([int((raw.loading > 0).sum()) for raw, _ in known]),
            quadratic=True,
        )
        print(f"{name}: macro-F1 {macro_f1(gold, got):.3f}  S I A {f1.round(3)}  loading {grade:.3f}  n {len(gold)}")


if __name__ == "__main__":
    main()
