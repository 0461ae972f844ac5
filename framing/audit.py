"""What may be wrong with labels: doubtful ones, near-duplicates across splits, words that give a label away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from framing import baseline, pipeline
from framing.dataset import LEAST_WORDS, Split
from framing.mentions import Finder
from framing.metrics import Array, Labels, softmax
from framing.records import LabelledArticle, LabelledSentence
from framing.schema import CODES, FramingError
from framing.terminal import clean

FOLDS = 5
SEED = 0  # of the folds and of what is fitted on them
NEAR = 0.85  # cosine of character n-grams from which two sentences are near-duplicates
LEAST_COUNT, GIVES_AWAY = 25, 0.95  # a cue word: in so many sentences, so many of them with one label


@dataclass(frozen=True, slots=True)
class Suspect:
    """A label that a model which never saw its event confidently contradicts."""

    article: LabelledArticle
    row: LabelledSentence
    label: int  # index into LABELS, which it has
    suggested: int  # and which the model says
    support: float  # the model's probability for the label it has


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two sentences of different splits that are nearly the same."""

    first: tuple[LabelledArticle, LabelledSentence]
    second: tuple[LabelledArticle, LabelledSentence]
    similarity: float


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that alone predicts a label."""

    word: str
    label: int
    count: int
    share: float


def suspects(articles: Sequence[LabelledArticle], finder: Finder) -> list[Suspect]:
    """Labels most likely wrong, worst first, by confident learning (Northcutt et al. 2021) as cleanlab does it.

    The probabilities are the baseline's, out of fold by event. Raises FramingError where there are
    fewer events than folds, or a label is in none of them.
    """
    from cleanlab.filter import find_label_issues

    rows = [(article, row, row.label) for article in articles for row in article.labelled if row.label is not None]
    given = np.array([label for *_, label in rows])
    scores = out_of_fold(articles, finder)
    ranked = find_label_issues(given, scores, return_indices_ranked_by="self_confidence")
    out = []
    for i in ranked:
        article, row, label = rows[i]
        out.append(Suspect(article, row, label, int(scores[i].argmax()), float(scores[i, label])))
    return out


def out_of_fold(articles: Sequence[LabelledArticle], finder: Finder) -> Array:
    """Probabilities (sentences, 3) of every labelled sentence from a baseline that never saw its event."""
    events = sorted({article.event for article in articles})
    if len(events) < FOLDS:
        raise FramingError(f"{len(events)} events are too few to audit, it takes {FOLDS}")
    order = np.random.default_rng(SEED).permutation(len(events))
    fold_of = {events[event]: place % FOLDS for place, event in enumerate(order)}
    read = [pipeline.baseline_rows([article], finder) for article in articles]
    out = [np.zeros((len(labels), 3)) for _, labels, _ in read]
    for fold in range(FOLDS):
        held = [i for i, article in enumerate(articles) if fold_of[article.event] == fold]
        kept = [i for i, article in enumerate(articles) if fold_of[article.event] != fold]
        rows = [view for i in kept for view in read[i][0]]
        target: Labels = np.concatenate([read[i][1] for i in kept])
        if set(target.tolist()) != {0, 1, 2}:
            raise FramingError("a label is in too few events to audit")
        features = baseline.Features.fit(rows)
        model = baseline.fit_linear(features.transform(rows), target, baseline.LABEL_C, SEED)
        for i in held:
            if read[i][0]:
                out[i] = softmax(model.decision_function(features.transform(read[i][0])))
    return np.concatenate(out)


def duplicates(parts: dict[Split, list[LabelledArticle]]) -> list[Duplicate]:
    """Sentences of LEAST_WORDS or more that stand nearly the same in two splits, most alike first."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    rows = [
        (split, article, row)
        for split, articles in parts.items()
        for article in articles
        for row in article.labelled
        if len(row.text.split()) >= LEAST_WORDS
    ]
    try:
        columns = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 4), min_df=2).fit_transform(
            [r.text for *_, r in rows]
        )
    except ValueError:  # no four letters stand in two of the sentences
        return []
    near = (columns @ columns.T).tocoo()
    found = [
        Duplicate(rows[i][1:], rows[j][1:], float(value))
        for i, j, value in zip(near.row, near.col, near.data, strict=True)
        if i < j and value >= NEAR and rows[i][0] != rows[j][0]
    ]
    return sorted(found, key=lambda pair: -pair.similarity)


def cues(articles: Sequence[LabelledArticle]) -> list[Cue]:
    """Words that stand with one label nearly always: a model may learn them in place of what the guide means."""
    counts: dict[str, list[int]] = {}
    for article in articles:
        for row in article.labelled:
            if row.label is not None:
                for word in {word.strip("“”\"'‘’.,;:()[]!?") for word in row.text.casefold().split()}:
                    counts.setdefault(word, [0, 0, 0])[row.label] += 1
    found = [Cue(word, int(np.argmax(n)), sum(n), max(n) / sum(n)) for word, n in counts.items() if sum(n)]
    found = [cue for cue in found if cue.word and cue.count >= LEAST_COUNT and cue.share >= GIVES_AWAY]
    return sorted(found, key=lambda cue: (-cue.count, cue.word))


def to_text(doubted: Sequence[Suspect], pairs: Sequence[Duplicate], words: Sequence[Cue], top: int) -> str:
    """The audit for a terminal: three lists, each with its count, the first `top` of each."""

    def place(article: LabelledArticle, row: LabelledSentence) -> str:
        return f"{article.file}:{row.line}"

    lines = [f"{len(doubted)} labels likely wrong (label, what a model that never saw the event says, support)"]
    lines += _items(
        f"{place(s.article, s.row)}: {CODES[s.label]} → {CODES[s.suggested]} {s.support:.2f} | {s.row.text}"
        for s in doubted[:top]
    )
    lines.append(f"{len(pairs)} near-duplicates across splits")
    lines += _items(
        f"{p.similarity:.2f} {place(*p.first)} = {place(*p.second)} | {p.first[1].text}" for p in pairs[:top]
    )
    lines.append(f"{len(words)} words that alone give a label away")
    lines += _items(f"{c.word}: {CODES[c.label]} in {c.share:.0%} of {c.count}" for c in words[:top])
    return "\n".join(lines) + "\n"


def _items(told: Iterable[str]) -> list[str]:
    return [f"  {clean(line)}" for line in told]
