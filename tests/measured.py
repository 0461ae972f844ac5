"""Labelled articles and classifiers made up for the tests of evaluation and gates."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from conftest import ROOT
from threadpoolctl import threadpool_limits

from framing import artefact, dataset, line_format, pipeline, registry, scoring
from framing.document import Document
from framing.evaluation import Evaluation, Plan, evaluate
from framing.mentions import Finder
from framing.records import LabelledArticle
from framing.schema import ModelInfo, Prediction

PLAN = Plan("a set", rounds=200)
HEAD = {"event": "e", "outlet": "AP", "state_outlet": False, "country": "KP", "genre": "wire", "date": "2020-01-02"}


def article(name: str, *lines: str, **facts: object) -> LabelledArticle:
    """An article in the line format; lines such as "S0 | The {king} said so."."""
    header = json.dumps({"id": name, **HEAD, "event": f"event-{name}", **facts})
    (found,) = line_format.parse("\n".join([f"=== {header}", *lines]), f"{name}.txt")
    return found


def many(articles: int, sentences: int, seed: int = 0, **facts: object) -> list[LabelledArticle]:
    """Articles whose labels and grades are drawn at random."""
    rng = np.random.default_rng(seed)
    return [
        article(
            f"a{number}",
            *(f"{rng.choice(list('SIA'))}{rng.integers(3)} | Line {i} of {number} it is." for i in range(sentences)),
            **facts,
        )
        for number in range(articles)
    ]


class Told:
    """A classifier that says what it is told of a sentence: scores, grade, span."""

    def __init__(self, say: Callable[[str], Prediction], name: str = "told", spans: bool = False) -> None:
        self.info = ModelInfo(name, "1.0", name.encode().hex().ljust(64, "0"))
        self.threshold, self.finds_spans, self._say = 0.6, spans, say

    def predict(self, document: Document) -> list[Prediction]:
        return [self._say(sentence.text) for sentence in document.sentences]


def prediction(label: int, confidence: float = 0.8, grade: int = 0, span: tuple[int, int] | None = None) -> Prediction:
    """A prediction of a label; the other labels share the rest."""
    scores = [(1 - confidence) / 2] * 3
    scores[label] = confidence
    return Prediction((scores[0], scores[1], scores[2]), grade, grade / 2, span)


def noisy(articles: Sequence[LabelledArticle], right: float, seed: int = 0, name: str = "noisy") -> Told:
    """A classifier that is right with a probability, about labels and grades alike, and never sure for a reason."""
    rng = np.random.default_rng(seed)
    said = {}
    for row in (row for one in articles for row in one.labelled):
        assert row.label is not None
        assert row.grade is not None
        label = row.label if rng.random() < right else int(rng.integers(3))
        grade = row.grade if rng.random() < right else int(rng.integers(3))
        said[row.text] = prediction(label, round(0.4 + 0.6 * rng.random(), 3), grade)
    return Told(said.__getitem__, name)


def gold(articles: Sequence[LabelledArticle], seen: set[str] | None = None) -> scoring.Gold:
    return scoring.prepare(Finder(registry.builtin()), articles, seen)


def made(right: float = 0.7, articles: int = 12, seed: int = 0, **plan: object) -> Evaluation:
    """An evaluation of a noisy classifier beside a worse one."""
    found = many(articles, 15, seed)
    return evaluate(
        gold(found), noisy(found, right, 1), [noisy(found, 0.4, 2, "worse")], replace(PLAN, **plan)  # type: ignore[arg-type]
    )  # fmt: skip


# A corpus and models small enough to train in a test


def small_corpus(folder: Path) -> Path:
    """A corpus of 20 train, 4 dev and 10 test articles of data/ in `folder`."""
    (folder / "articles").mkdir(parents=True)
    names = ("kp-1.txt", "kp-2.txt", "state-1.txt", "think-1.txt")
    for name in names:
        shutil.copy(ROOT / "data" / "articles" / name, folder / "articles" / name)
    events = list(dict.fromkeys(a.event for a in dataset.read_articles(folder / "articles")))
    parts = {"test": events[::4], "dev": events[1::8], "train": []}
    parts["train"] = [event for event in events if event not in parts["test"] + parts["dev"]]
    (folder / "splits.json").write_text(json.dumps({"events": parts}))
    return folder


def train_small(corpus: Path, out: Path) -> Path:
    """A baseline trained on the small corpus."""
    with threadpool_limits(1):  # threads cost more than they bring on so little
        return pipeline.train_baseline(pipeline.load_data([corpus]), out).folder


def worsen(model: Path, out: Path) -> Path:
    """A copy of a baseline made worse on purpose: it knows little of the words and takes reports for claims."""
    shutil.copytree(model, out)
    with np.load(out / "arrays.npz", allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    arrays["label_coef"] = arrays["label_coef"] * np.float32(0.5)
    arrays["label_intercept"] = arrays["label_intercept"] + np.float32([0.5, 0, 0])
    np.savez_compressed(out / "arrays.npz", **arrays)
    facts = json.loads((out / artefact.MANIFEST).read_text())
    (out / artefact.MANIFEST).unlink()
    artefact.seal(out, {key: value for key, value in facts.items() if key not in ("format", "files")})
    return out
