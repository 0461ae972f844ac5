"""What a person should label next: articles with a model's reading beside them, the doubtful first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from framing import read
from framing.annotator import Annotator
from framing.dataset import labelled_document
from framing.exchange import detect, is_stored, read_labels
from framing.labels import draft
from framing.merging import combine
from framing.records import LabelledArticle
from framing.registry import Registry
from framing.schema import Prediction
from framing.tables import Predictions
from framing.walk import is_url


def gather(sources: Sequence[str], registry: Registry) -> list[LabelledArticle]:
    """Labelled articles of any format, and plain articles as drafts; one an id."""
    found: list[LabelledArticle] = []
    for source in sources:
        if _is_plain(source):
            found += [draft(article, registry) for article in read.read(source)]
        else:
            found += read_labels(Path(source))
    return combine(found)


def _is_plain(source: str) -> bool:
    """Whether a source holds articles without labels: an address, standard input, or texts that look like none."""
    path = Path(source)
    if path.is_dir():
        return not is_stored(path) and all(_is_plain(str(file)) for file in path.rglob("*.txt"))
    if not path.is_file():
        return not path.exists() and (source == "-" or is_url(source))
    looks = path.suffix.lower() in (*read.SUFFIXES, "")
    return looks and detect(path, path.read_bytes().decode("utf-8-sig", errors="replace")) is None


def predict(articles: Iterable[LabelledArticle], annotator: Annotator) -> dict[str, list[Prediction]]:
    """Let a model read articles, given their sentences; one prediction a readable sentence."""
    found = {}
    for labelled in articles:
        found[labelled.id] = annotator.classifier.predict(labelled_document(annotator.finder, labelled))
    return found


def least_certain(articles: Sequence[LabelledArticle], predictions: Predictions) -> list[LabelledArticle]:
    """Order articles by the sentence the model is least certain of."""
    return _ordered(articles, lambda labelled, at: 1 - predictions[labelled.id][at].confidence)


def most_disputed(articles: Sequence[LabelledArticle], one: Predictions, other: Predictions) -> list[LabelledArticle]:
    """Order articles by the sentence two models differ on most (total variation distance)."""

    def distance(labelled: LabelledArticle, at: int) -> float:
        pairs = zip(one[labelled.id][at].scores, other[labelled.id][at].scores, strict=True)
        return sum(abs(a - b) for a, b in pairs) / 2

    return _ordered(articles, distance)


def _ordered(
    articles: Sequence[LabelledArticle], doubt: Callable[[LabelledArticle, int], float]
) -> list[LabelledArticle]:
    """Articles by their most doubtful sentence among those to label; articles with nothing to label come last."""

    def key(labelled: LabelledArticle) -> tuple[bool, float]:
        rows = labelled.readable
        unlabelled = [at for at, row in enumerate(rows) if row.label is None]
        return not unlabelled, -max(doubt(labelled, at) for at in unlabelled or range(len(rows)))

    return sorted(articles, key=key)


def take(articles: Sequence[LabelledArticle], sentences: int | None) -> list[LabelledArticle]:
    """The first articles, whole, until they hold so many sentences."""
    taken: list[LabelledArticle] = []
    held = 0
    for labelled in articles:
        if sentences is not None and held >= sentences:
            break
        taken.append(labelled)
        held += len(labelled.readable)
    return taken
