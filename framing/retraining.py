"""Train models and put each to use only if it reads the test split no worse than the one it replaces."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from framing import artefact, card, evaluation, gates, pipeline, registry, scoring, shelf
from framing.annotator import open_model
from framing.document import Classifier
from framing.mentions import Finder
from framing.pipeline import Data
from framing.schema import GRADES, LABELS, FramingError
from framing.terminal import tell
from framing.transformer import Transformer

if TYPE_CHECKING:
    from framing.training import Recipe

MODELS = ("baseline", "accurate", "fast")  # in the order they are trained in: fast learns from accurate
THIN = 6  # a quick run trains on every sixth article
_GATED = "the test split"  # a new model is held against the one in use on it
TAUGHT = 0.7  # what the word of accurate counts in what fast learns; the rest is the labels'


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What a run trains, and how."""

    models: tuple[str, ...] = MODELS
    encoder: str | None = None  # of accurate; fast is always the small one
    seed: int = 0
    quick: bool = False
    resume: bool = False
    force: bool = False  # put to use whatever the gate says
    finetune: bool = False  # go on from the transformers in use, on the new articles


@dataclass(frozen=True)
class Trained:
    """A trained model, whether it was put to use, and what the gate said (None where there was no model before)."""

    name: str
    folder: Path
    used: bool
    told: str | None


def train(data: Data, home: Path, choice: Choice) -> list[Trained]:
    """Train the chosen models; each is made complete in home/.new before the one in use is touched.

    A quick run trains on every sixth article only. Raises FramingError where the choice does not fit the
    data or the models in use; nothing is trained then.
    """
    _check(data, choice)
    names = [name for name in choice.models if not choice.finetune or _in_use(home, name)]
    if not names:
        raise FramingError(f"{home}: no such model in use, there is nothing to --finetune")
    data = _thinned(data) if choice.quick else data
    sets = _sets(data)
    out = []
    for name in names:
        drafts = data.drafts if name == "fast" else []  # without labels only a student has something to learn
        _fit(home, name, replace(data, drafts=drafts), choice)
        out.append(_put_to_use(home, name, sets, choice.force))
    return out


def _check(data: Data, choice: Choice) -> None:
    if choice.finetune and not data.new:
        raise FramingError("--finetune needs the new labels in a folder of their own: --data data --data new")
    if choice.finetune and choice.encoder:
        raise FramingError("--finetune goes on from the models in use, whose encoders they are: leave out --encoder")
    for part, articles in (("train", data.all_train), ("dev", data.calibration), ("test", data.test)):
        if not articles:
            raise FramingError(f"no article is in the {part} split, the models need some")
    rows = [row for article in data.all_train for row in article.labelled]
    lacking = [f"labelled {label}" for k, label in enumerate(LABELS) if all(row.label != k for row in rows)]
    lacking += [f"of grade {grade}" for grade in GRADES if all(row.grade != grade for row in rows)]
    if lacking:
        raise FramingError(f"no training sentence is {lacking[0]}, the models need some")
    if set(choice.models) != {"baseline"}:
        from framing import training  # noqa: F401  # without torch nothing is begun


def _fit(home: Path, name: str, data: Data, choice: Choice) -> None:
    """Make a model complete in home/.new."""
    folder = shelf.folder_of(home, name, "new")
    folder.parent.mkdir(parents=True, exist_ok=True)
    if name == "baseline":
        pipeline.train_baseline(data, folder, choice.seed)
    elif choice.finetune:
        model = artefact.check(shelf.folder_of(home, name))
        asked = recipe(name, choice, str(model.manifest["encoder"]["name"]))
        teacher = _teacher(home) if name == "fast" and _in_use(home, "accurate") else None
        pipeline.finetune_transformer(model, asked, data, folder, choice.resume, teacher)
    else:
        teacher = _teacher(home) if name == "fast" else None
        pipeline.train_transformer(name, recipe(name, choice), data, folder, choice.resume, teacher)


def recipe(name: str, choice: Choice, encoder: str = "") -> Recipe:
    """How an encoder is fine-tuned; --quick takes the small one, and one epoch.

    With --finetune it is how the model in use goes on, which was made of `encoder`.
    """
    from framing.network import LossWeights
    from framing.training import Recipe

    if choice.finetune:
        weights = LossWeights(loading=1.0)
        asked = Recipe(
            encoder=encoder, epochs=3, rate=3e-5, head_rate=1.5e-4, warmup=0.1, weights=weights, seed=choice.seed
        )
        if name == "fast":
            asked = replace(asked, rate=1e-4, head_rate=5e-4, taught=TAUGHT)
    elif name == "fast":
        asked = Recipe(encoder="minilm", epochs=4, rate=2e-4, real=3, taught=TAUGHT, seed=choice.seed)
    else:
        asked = Recipe(encoder=choice.encoder or ("minilm" if choice.quick else "mpnet"), seed=choice.seed)
    if not choice.quick:
        return asked
    rate = asked.rate if choice.finetune else 3e-4  # a new encoder has but one epoch to learn in
    return replace(asked, epochs=1, rate=rate, trial=True)


def _thinned(data: Data) -> Data:
    """Every THIN-th article to train on, for a run that only shows that everything works."""
    train, real, new, drafts = (part[::THIN] for part in (data.train, data.real_train, data.new, data.drafts))
    return replace(data, train=train, real_train=real, new=new, drafts=drafts)


def _teacher(home: Path) -> Transformer:
    """The accurate model, from which the fast one learns."""
    if not _in_use(home, "accurate"):
        raise FramingError(f"{home}: fast learns from accurate, train that first")
    return Transformer(artefact.check(shelf.folder_of(home, "accurate")))


def _in_use(home: Path, name: str) -> bool:
    return (shelf.folder_of(home, name) / artefact.MANIFEST).is_file()


def _sets(data: Data) -> dict[str, scoring.Gold]:
    """What models are measured on: the test split, and real articles where they are at hand."""
    finder = Finder(registry.builtin())
    seen = {article.outlet for article in data.all_train}
    sets = {_GATED: data.test, "the real development set": data.real_dev}
    return {name: scoring.prepare(finder, articles, seen) for name, articles in sets.items() if articles}


def _put_to_use(home: Path, name: str, sets: dict[str, scoring.Gold], force: bool) -> Trained:
    """Write the new model's card, hold it against the one in use, and put it to use or aside."""
    new, used = shelf.folder_of(home, name, "new"), shelf.folder_of(home, name)
    classifier = open_model(artefact.check(new))
    before = _model_in_use(used) if _in_use(home, name) else None
    found = {
        title: evaluation.evaluate(
            gold, classifier, [before] if before and title == _GATED else [], evaluation.Plan(title, texts=False)
        )
        for title, gold in sets.items()
    }
    card.write(new, [replace(one, comparisons=()) for one in found.values()])
    check = gates.check_drop(found[_GATED].comparisons[0]) if before else None
    told = check.told if check else None
    if check is None or check.passed or force:
        shelf.install(home, name)
        return Trained(name, used, True, told)
    return Trained(name, shelf.refuse(home, name), False, told)


def _model_in_use(folder: Path) -> Classifier | None:
    try:
        return open_model(artefact.check(folder))
    except FramingError as error:
        tell(f"{error}; nothing to hold the new model against")
        return None


def table(home: Path, data: Data) -> str:
    """A Markdown table of the models in use on every set, each figure with its 95 % interval."""
    names = ("macro_f1", "ece", "loading_kappa", "mention_f1")
    lines = ["| set | n | model | " + " | ".join(names) + " |", "|" + " --- |" * (3 + len(names))]
    for title, gold in _sets(data).items():
        for folder in shelf.in_use(home):
            found = evaluation.figures(open_model(artefact.check(folder)), gold)
            cells = [f"{found[n].value:.3f} [{found[n].low:.3f}, {found[n].high:.3f}]" for n in names]
            lines.append(f"| {title} | {len(gold.at):,} | {folder.name} | {' | '.join(cells)} |")
    return "\n".join(lines)
