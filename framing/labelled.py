"""What to measure on: a split of the corpus, a labelled file or folder, or a gold set."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path

from framing.dataset import SPLITS, Split, load_splits, read_articles
from framing.exchange import read_labels
from framing.records import LabelledArticle
from framing.schema import FramingError
from framing.standoff import read_gold


@dataclass(frozen=True)
class LabelledSet:
    """Labelled articles to measure on."""

    name: str
    articles: list[LabelledArticle]
    seen: Set[str] | None = None  # outlets the train split names, where the corpus is at hand
    texts: bool = True  # whether reports may print its sentences
    notes: tuple[str, ...] = ()


def open_set(split: str, data: Path, gold: Path | None = None) -> LabelledSet:
    """The set to measure on: "train", "dev" or "test" of the corpus in `data`, a labelled file or folder, or `gold`.

    A gold set is real, copyrighted text: its sentences are not to be printed. Raises FramingError for
    any fault in the whole corpus, not the split alone, so that measuring a split also validates.
    """
    if gold is None and (name := next((known for known in SPLITS if known == split), None)):
        parts = _corpus(data)
        if not parts[name]:
            raise FramingError(f"{data}: the {name} split has no articles")
        notes = () if name == "test" else (f"The {name} split is not held out: {_USE[name]}.",)
        return LabelledSet(f"{data}, {name} split", parts[name], _outlets(parts["train"]), notes=notes)
    seen, notes = None, ()
    if (data / "splits.json").is_file():
        try:
            seen = _outlets(_corpus(data)["train"])
        except FramingError as error:  # another project's data folder may lie there
            notes = (f"Which outlets the train split names is not known ({error}).",)
    if gold is not None:
        return LabelledSet(str(gold), read_gold(gold), seen, texts=False, notes=notes)
    return LabelledSet(split, read_labelled(Path(split)), seen, notes=notes)


_USE = {"train": "models are fitted to it", "dev": "models are calibrated on it"}


def _corpus(data: Path) -> dict[Split, list[LabelledArticle]]:
    return load_splits(read_articles(data / "articles"), data / "splits.json")


def _outlets(articles: list[LabelledArticle]) -> frozenset[str]:
    return frozenset(article.outlet for article in articles)


def read_labelled(path: Path) -> list[LabelledArticle]:
    """Read the labelled articles of a file or folder in any format framing.exchange knows by its looks.

    Raises FramingError naming file and line, and where nothing has a label.
    """
    if not path.exists():
        raise FramingError(f"{path}: no such file or folder, nor is it one of {', '.join(SPLITS)}")
    found = [article for article in read_labels(path) if article.labelled]
    if not found:
        raise FramingError(f"{path}: no sentence in it has a label")
    return found
