"""The baseline as a scikit-learn classifier, for that library's tools: pipelines, cross-validation, grid search.

What is learned of a sentence is what `framing train --model baseline` learns of it (framing.inputs.View).
Importing this module imports scikit-learn; nothing that predicts does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, column_or_1d

from framing import baseline, inputs, registry
from framing.dataset import labelled_document
from framing.document import Document, identified, read_document
from framing.mentions import Finder
from framing.read import checked
from framing.records import LabelledArticle
from framing.schema import LABELS, Article, Label, Sentence
from framing.split import split


@dataclass(frozen=True, slots=True, eq=False)
class SentenceInArticle:
    """A sentence where it stands: its article as framing reads it, and its index among that one's sentences.

    It carries its context with it, so rows may be drawn, shuffled and folded as scikit-learn likes.
    """

    document: Document = field(repr=False)
    index: int

    def __post_init__(self) -> None:
        if not 0 <= self.index < len(self.document.sentences):
            raise IndexError(f"sentence {self.index} of an article of {len(self.document.sentences)}")

    @property
    def text(self) -> str:
        """The sentence alone."""
        return self.document.sentences[self.index].text


def sentences(article: Article | str) -> list[SentenceInArticle]:
    """Split an article into rows for SentenceClassifier, one a sentence; none where there is no text.

    Raises FramingError as framing.read.checked does.
    """
    article = checked(Article(article) if isinstance(article, str) else article)
    found, skipped = split(article)
    finder = _finder()
    document = read_document(finder, identified(article, found, skipped, finder.registry), found)
    return [SentenceInArticle(document, index) for index in range(len(found))]


def examples(articles: Iterable[LabelledArticle]) -> tuple[list[SentenceInArticle], list[Label], list[str]]:
    """The labelled sentences of framing.dataset.read_articles: X, y and groups, each of one length.

    The groups are the articles' events: folds that cut through one measure memory (GroupKFold keeps them whole).
    """
    rows: list[SentenceInArticle] = []
    labels: list[Label] = []
    groups: list[str] = []
    for labelled in articles:
        document = labelled_document(_finder(), labelled)
        for index, row in enumerate(labelled.readable):
            if row.label is not None:
                rows.append(SentenceInArticle(document, index))
                labels.append(LABELS[row.label])
                groups.append(labelled.event)
    return rows, labels, groups


class SentenceClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """TF-IDF of a sentence, its names' classes and its neighbours, and logistic regression.

    X is a sequence of sentences: SentenceInArticle, or strings, each of which is an article of one
    sentence from an unknown outlet. y may hold any classes, numbers or strings; framing's own are
    framing.schema.LABELS. `C` is the inverse strength of regularisation, above 0.

    Fitted, it has `classes_` (classes,), sorted; `features_`, the TF-IDFs; `model_`, the regression.
    A model for framing's own use is made by `framing train`, which also calibrates it: framing
    neither writes nor loads pickles of this one.
    """

    def __init__(self, C: float = baseline.LABEL_C) -> None:  # noqa: N803  # scikit-learn's name for it
        self.C = C

    def fit(self, X: Iterable[str | SentenceInArticle], y: ArrayLike) -> Self:  # noqa: N803
        """Learn from sentences (n,) and their classes (n,).

        Raises ValueError where the two differ in length, y has one class or is no classes, or X is too
        little to learn a word from; TypeError where a row of X is neither a string nor a SentenceInArticle.
        """
        views = _views(X)
        if y is None:
            raise ValueError("SentenceClassifier requires y to be passed, but the target y is None")
        target = column_or_1d(y, warn=True)
        check_classification_targets(target)
        try:
            self.features_ = baseline.Features.fit(views)
        except ValueError as error:
            raise ValueError(f"X: no word stands in enough of its sentences (n_samples={len(views)})") from error
        self.model_ = baseline.fit_linear(self.features_.transform(views), target, self.C, seed=0)
        self.classes_: NDArray[Any] = self.model_.classes_
        return self

    def predict(self, X: Iterable[str | SentenceInArticle]) -> NDArray[Any]:  # noqa: N803
        """The most probable class of each of n sentences, (n,). Raises as fit does, and NotFittedError before it."""
        check_is_fitted(self)
        found: NDArray[Any] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return found

    def predict_proba(self, X: Iterable[str | SentenceInArticle]) -> NDArray[np.float64]:  # noqa: N803
        """Probabilities (n, classes) of n sentences, columns as in `classes_`, rows summing to 1; not calibrated.

        Raises as fit does, and NotFittedError before it.
        """
        check_is_fitted(self)
        scores: NDArray[np.float64] = self.model_.predict_proba(self.features_.transform(_views(X)))
        return scores

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags


def _views(rows: Iterable[str | SentenceInArticle]) -> list[inputs.View]:
    """What the baseline reads of each row; an article is read once, however many of its sentences are there."""
    if isinstance(rows, str):
        raise ValueError("X is a sequence of sentences, not one string")
    kept = list(rows)  # held, so that no two documents have one id
    read: dict[int, list[inputs.View]] = {}
    out = []
    for row in kept:
        if isinstance(row, str):
            out += inputs.views(_alone(row))
        elif isinstance(row, SentenceInArticle):
            key = id(row.document)
            if key not in read:
                read[key] = inputs.views(row.document)
            out.append(read[key][row.index])
        else:
            raise TypeError(f"a row of X is a string or a SentenceInArticle, not {type(row).__name__}")
    return out


def _alone(text: str) -> Document:
    """A string as an article of one sentence, whatever framing.split would make of it."""
    return read_document(_finder(), Article(text), [Sentence(0, 0, len(text), "body", text)])


@cache
def _finder() -> Finder:
    return Finder(registry.builtin())
