"""Labelled articles → a trained, calibrated, exported model folder; framing.retraining puts it to use."""

from __future__ import annotations

import json
import platform
import random
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framing import __version__, artefact, baseline, dataset, inputs, registry, standoff
from framing.calibration import abstention, calibrate, fit_scaling
from framing.dataset import labelled_document
from framing.mentions import Finder
from framing.metrics import macro_f1, scaled
from framing.records import LabelledArticle, LabelledSentence
from framing.schema import LABELS, FramingError
from framing.terminal import tell
from framing.transformer import Calibration, Raw, Transformer

if TYPE_CHECKING:
    from framing.network import Network
    from framing.training import Example, Recipe

_NOT_SHAPE = ("architectures", "dtype", "torch_dtype")  # of an encoder's config.json
REPLAY = 2  # old sentences a new one, in fine-tuning
MOST_LOST = 0.01  # of macro-F1, by exporting and quantising


@dataclass(frozen=True)
class Data:
    """Everything a run trains, calibrates and measures on."""

    train: list[LabelledArticle]
    dev: list[LabelledArticle]
    test: list[LabelledArticle]
    real_train: list[LabelledArticle] = field(default_factory=list)
    real_dev: list[LabelledArticle] = field(default_factory=list)
    new: list[LabelledArticle] = field(default_factory=list)  # of train, those of folders beyond the first
    drafts: list[LabelledArticle] = field(default_factory=list)  # without labels: what a student learns of its teacher

    @property
    def all_train(self) -> list[LabelledArticle]:
        """Committed and real text together."""
        return [*self.train, *self.real_train]

    @property
    def calibration(self) -> list[LabelledArticle]:
        """What models are calibrated on: real text where it is at hand."""
        return self.real_dev or self.dev

    def facts(self) -> list[dict[str, Any]]:
        """Every set by name, size and digest, for the manifest."""
        sets = {
            "data/ train": self.train,
            "real-train": self.real_train,
            "drafts": self.drafts,
            "calibration": self.calibration,
        }
        return [
            {
                "name": name,
                "articles": len(articles),
                "sentences": sum(len(a.labelled or a.readable) for a in articles),
                "sha256": dataset.digest(articles),
            }
            for name, articles in sets.items()
            if articles
        ]


def load_data(folders: Sequence[Path], real_train: Path | None = None, real_dev: Path | None = None) -> Data:
    """Read labelled articles and split them; say on stderr what real text is missing.

    `folders` hold .txt files in the line format; the first one's splits.json decides the splits.
    """
    homes = [f / "articles" if (f / "articles").is_dir() else f for f in folders]
    articles = dataset.read_articles(*homes, drafts=True)
    drafts = [article for article in articles if not article.labelled]
    if drafts:
        tell(f"{len(drafts)} drafts without a label: fast learns what accurate says of them")
    parts = dataset.load_splits([article for article in articles if article.labelled], folders[0] / "splits.json")
    held = {article.event for split in ("dev", "test") for article in parts[split]}
    for path, option in ((real_train, "--real-train"), (real_dev, "--real-dev")):
        if path is None:
            tell(f"no {option}: the models will be worse than those shipped (data/README.md)")
    return Data(
        parts["train"],
        parts["dev"],
        parts["test"],
        dataset.read_articles(real_train) if real_train else [],
        standoff.read_gold(real_dev) if real_dev else [],
        [article for article in parts["train"] if not _below(article, homes[0])],
        [article for article in drafts if article.event not in held],
    )


def _below(article: LabelledArticle, home: Path) -> bool:
    return Path(article.file).is_relative_to(home)


def train_baseline(data: Data, out: Path, seed: int = 0) -> artefact.Artefact:
    """Fit the baseline, calibrate it and write its folder."""
    finder = Finder(registry.builtin())
    rows, labels, grades = baseline_rows(data.all_train, finder)
    features = baseline.Features.fit(rows)
    columns = features.transform(rows)
    models = {
        "label": baseline.fit_linear(columns, labels, baseline.LABEL_C, seed),
        "grade": baseline.fit_linear(columns, grades, baseline.GRADE_C, seed),
    }
    held, held_labels, _ = baseline_rows(data.calibration, finder)
    logits = models["label"].decision_function(features.transform(held))
    temperature, offsets = fit_scaling(logits, held_labels)
    scores = scaled(logits, temperature, offsets)
    threshold = abstention(scores.max(1), scores.argmax(1) == held_labels)
    facts = manifest("baseline", "baseline", data, seed)
    facts["calibration"] = {"temperature": temperature, "offsets": offsets, "threshold": threshold}
    with artefact.writing(out) as draft:
        baseline.store(draft, features, models)
        artefact.seal(draft, facts)
    return artefact.check(out)


def baseline_rows(
    articles: Sequence[LabelledArticle], finder: Finder
) -> tuple[list[inputs.View], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """What the baseline reads of every labelled sentence, its label and its grade."""
    rows: list[inputs.View] = []
    labels: list[int] = []
    grades: list[int] = []
    for labelled in articles:
        document = labelled_document(finder, labelled)
        for row, view in zip(labelled.readable, inputs.views(document), strict=True):
            if row.label is not None and row.grade is not None:
                rows.append(view)
                labels.append(row.label)
                grades.append(row.grade)
    return rows, np.array(labels), np.array(grades)


def train_transformer(
    name: str, recipe: Recipe, data: Data, out: Path, resume: bool = False, teacher: Transformer | None = None
) -> artefact.Artefact:
    """Fine-tune an encoder, export it, check it against torch, calibrate what is served, write its folder.

    A teacher's word counts for `recipe.taught` of what the encoder learns, and for all of it on drafts.
    """
    from transformers import set_seed

    from framing import encoders, network, training

    folder = encoders.fetch(recipe.encoder)
    tokenizer = inputs.load_tokenizer(folder / "tokenizer.json")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    edges, pad = special_tokens(tokenizer)
    finder = Finder(registry.builtin())
    set_seed(recipe.seed)
    net = network.Network.pretrained(folder)
    unlabelled = data.drafts if teacher else []  # nobody else says what they are
    sets = (data.train, data.real_train, unlabelled)
    written, real, drafts = (_taught(articles, tokenizer, finder, teacher, recipe.taught) for articles in sets)
    again = real * (recipe.real - 1)
    examples = [*written, *real, *drafts, *again]
    work = out.with_name(f".{out.name}-work")
    training.fine_tune(net, examples, edges, pad, recipe, work, resume)

    facts = manifest(name, "transformer", data, recipe.seed) | {
        "encoder": {
            "name": recipe.encoder,
            "type": config["model_type"],
            "sha256": artefact.sha256(folder / encoders.WEIGHTS),
            "config": {k: v for k, v in config.items() if not k.startswith("_") and k not in _NOT_SHAPE},
        },
        "recipe": asdict(recipe),
        "teacher": asdict(teacher.info) if teacher else None,
        **_reads(edges, pad),
    }
    made = _export(net, folder / "tokenizer.json", facts, data, finder, out)
    shutil.rmtree(work, ignore_errors=True)
    return made


def _taught(
    articles: Sequence[LabelledArticle], tokenizer: Any, finder: Finder, teacher: Transformer | None, share: float
) -> list[Example]:
    """What is learned of articles: of their labels, and where there is a teacher for `share` of it of its word."""
    from framing import training

    examples = training.examples(articles, tokenizer, finder)
    if teacher is None:
        return examples
    said = [teacher.raw(labelled_document(finder, labelled)) for labelled in articles]
    return training.distilled(examples, said, share)


def finetune_transformer(
    model: artefact.Artefact,
    recipe: Recipe,
    data: Data,
    out: Path,
    resume: bool = False,
    teacher: Transformer | None = None,
) -> artefact.Artefact:
    """Go on training a shipped transformer on `data.new`, and on old sentences so that nothing is forgotten.

    A teacher counts as in `train_transformer`. The calibration is kept unless real articles to fit one on are at hand.
    """
    from framing import network, restore, training

    edges, pad = tuple(model.manifest["edges"]), model.manifest["pad"]
    tokenizer = inputs.load_tokenizer(model.file("tokenizer.json"))
    finder = Finder(registry.builtin())
    net = network.Network.empty(model.manifest["encoder"]["config"])
    network.load(net, restore.weights(restore.open_graph(model)))
    unlabelled = data.drafts if teacher else []
    articles = [*data.new, *replay(data, recipe.seed), *unlabelled]
    examples = _taught(articles, tokenizer, finder, teacher, recipe.taught)
    work = out.with_name(f".{out.name}-work")
    training.fine_tune(net, examples, edges, pad, recipe, work, resume)

    name = str(model.manifest["name"])
    known = ("encoder", "teacher", "calibration")
    facts = manifest(name, "transformer", data, recipe.seed)
    facts |= {key: model.manifest[key] for key in known if key in model.manifest}
    if teacher:
        facts["teacher"] = asdict(teacher.info)
    facts |= {"recipe": asdict(recipe), "finetuned_from": asdict(model.info), **_reads(edges, pad)}
    if not data.real_dev:  # the calibration is kept, and so is what it was fitted on
        facts["data"] = [row for row in facts["data"] if row["name"] != "calibration"]
        facts["data"] += [row for row in model.manifest["data"] if row["name"] == "calibration"]
    made = _export(net, model.file("tokenizer.json"), facts, data, finder, out)
    shutil.rmtree(work, ignore_errors=True)
    return made


def replay(data: Data, seed: int) -> list[LabelledArticle]:
    """Old articles drawn at random, real ones first, with about REPLAY times as many sentences as the new ones have."""
    new = {id(article) for article in data.new}
    old, real = [article for article in data.train if id(article) not in new], [*data.real_train]
    for articles in (old, real):
        random.Random(seed).shuffle(articles)  # noqa: S311
    wanted, out = REPLAY * sum(len(article.labelled) for article in data.new), []
    for article in (*real, *old):
        if wanted <= 0:
            break
        out.append(article)
        wanted -= len(article.labelled)
    return out


def _reads(edges: tuple[int, int], pad: int) -> dict[str, Any]:
    """What of the manifest says how the network's input is made."""
    return {"marks": list(inputs.MARKS), "edges": list(edges), "pad": pad, "max_tokens": inputs.MAX_TOKENS}


def _export(
    net: Network, tokenizer_file: Path, facts: dict[str, Any], data: Data, finder: Finder, out: Path
) -> artefact.Artefact:
    """Export a trained network, check it against torch, calibrate what is served, write its folder.

    Its products are int8 where that costs at most MOST_LOST, else float32. A calibration among the facts is kept where
    there are no real articles to fit another on.
    """
    from framing import export, outliers, training

    edges, pad = (facts["edges"][0], facts["edges"][1]), facts["pad"]
    held = training.examples(data.calibration, inputs.load_tokenizer(tokenizer_file), finder)
    with outliers.watched(net) as peaks:
        expected = [raw for raws in training.raw_outputs(net, held, edges, pad) for raw in raws]
    rows = [row for labelled in data.calibration for row in labelled.readable]
    with artefact.writing(out) as draft:
        (draft / "tokenizer.json").write_bytes(tokenizer_file.read_bytes())
        for products, apart in (("int8", peaks), ("float32", None)):
            export.export(net, draft, apart, again="finetuned_from" in facts)
            served = Transformer(artefact.seal(draft, {"calibration": asdict(Calibration()), **facts}))
            raws = [raw for a in data.calibration for raw in served.raw(labelled_document(finder, a))]
            kept = parity(raws, expected, rows)
            if kept.macro_f1_lost <= MOST_LOST or facts["recipe"]["trial"]:
                break
            tell(f"{products} products cost {kept.macro_f1_lost:.3f} of macro-F1 against torch")
        else:
            lost = f"{kept.macro_f1_lost:.3f} of macro-F1 against torch"
            raise FramingError(f"exporting cost {lost}, at most {MOST_LOST} is allowed")
        facts = facts | {"products": products, "parity": asdict(kept)}
        if data.real_dev or "calibration" not in facts:
            known = [(raw, row) for raw, row in zip(raws, rows, strict=True) if row.label is not None]
            facts["calibration"] = asdict(calibrate([raw for raw, _ in known], [row for _, row in known]))
        artefact.seal(draft, facts)
    return artefact.check(out)


@dataclass(frozen=True)
class Parity:
    """How far the served graph is from torch: the share of equal labels, and what it costs, on n sentences."""

    same_labels: float
    macro_f1_lost: float
    n: int


def parity(served: Sequence[Raw], expected: Sequence[Raw], rows: Sequence[LabelledSentence]) -> Parity:
    """Hold the served graph's outputs against torch's, a sentence each."""
    known = [i for i, row in enumerate(rows) if row.label is not None]
    gold = np.array([rows[i].label for i in known])
    ours, theirs = (np.array([raws[i].logits.argmax() for i in known]) for raws in (served, expected))
    lost = macro_f1(gold, theirs) - macro_f1(gold, ours)
    return Parity(round(float((ours == theirs).mean()), 4), round(lost, 4), len(known))


def special_tokens(tokenizer: Any) -> tuple[tuple[int, int], int]:
    """The ids that open a window and close a sentence, and the padding's."""
    for opening, closing, padding in (("<s>", "</s>", "<pad>"), ("[CLS]", "[SEP]", "[PAD]")):
        ids = [tokenizer.token_to_id(token) for token in (opening, closing, padding)]
        if None not in ids:
            return (ids[0], ids[1]), ids[2]
    raise FramingError("this encoder's tokenizer has neither <s> </s> <pad> nor [CLS] [SEP] [PAD]")


def manifest(name: str, kind: str, data: Data, seed: int) -> dict[str, Any]:
    """What every model's manifest says."""
    packages = (
        ["numpy", "scikit-learn"] if kind == "baseline" else ["torch", "transformers", "onnxruntime", "tokenizers"]
    )
    return {
        "kind": kind,
        "name": name,
        "version": __version__,
        "labels": list(LABELS),
        "data": data.facts(),
        "seed": seed,
        "versions": {"python": platform.python_version(), **{package: version(package) for package in packages}},
    }
