"""The baseline among scikit-learn's tools, and before scikit-learn's own checks."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import measured
import numpy as np
import pandas as pd
import pytest
from conftest import run_readme
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import check_estimator, parametrize_with_checks
from sklearn.utils.validation import validate_data
from threadpoolctl import threadpool_limits

from framing import artefact, dataset, pipeline
from framing.estimator import SentenceClassifier, SentenceInArticle, examples, sentences
from framing.schema import LABELS, Article

TEXTS = ["The ministry said it was ready.", "Residents saw two jets.", "It may be a bluff, analysts say."] * 4
CLASSES = ["S", "I", "A"] * 4
Rows = tuple[list[SentenceInArticle], list[Any], list[str]]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return measured.small_corpus(tmp_path_factory.mktemp("corpus") / "data")


@pytest.fixture(scope="module")
def data(corpus: Path) -> Rows:
    return examples(pipeline.load_data([corpus]).train)


@pytest.fixture(scope="module")
def fitted(data: Rows) -> SentenceClassifier:
    return SentenceClassifier().fit(*data[:2])


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    """More cost more than they bring on so little."""
    with threadpool_limits(1):
        yield


class OnNumbers(SentenceClassifier):
    """The estimator behind a door for the tables of numbers that scikit-learn's checks bring: a number is a word."""

    def fit(self, X: Any, y: Any) -> Any:
        X, y = validate_data(self, X, y)
        return super().fit(self._worded(X), y)

    def predict_proba(self, X: Any) -> Any:
        known = hasattr(self, "n_features_in_")  # else what is checked is that the estimator itself complains
        return super().predict_proba(self._worded(validate_data(self, X, reset=False) if known else X))

    @staticmethod
    def _worded(X: Any) -> list[str]:
        steps = np.floor(np.clip(X, -50, 50) * 2).astype(int)
        return [" ".join(f"c{c}{'m' if v < 0 else 'p'}{abs(v)}" for c, v in enumerate(row)) for row in steps]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.two_d_array = False, True
        return tags


@parametrize_with_checks([OnNumbers()])
def test_scikit_learns_own_checks(estimator: Any, check: Any) -> None:
    check(estimator)


@pytest.mark.filterwarnings("ignore:Can't test estimator")  # it has only one check for what reads strings
def test_scikit_learns_checks_of_what_reads_strings() -> None:
    assert [found["status"] for found in check_estimator(SentenceClassifier())] == ["passed"]


def test_it_learns_what_the_baseline_learns(corpus: Path, data: Rows, tmp_path: Path) -> None:
    model = artefact.check(measured.train_small(corpus, tmp_path / "baseline"))
    with np.load(model.file("arrays.npz"), allow_pickle=False) as stored:
        expected = stored["label_coef"]
    rows, labels, _ = data
    fitted = SentenceClassifier().fit(rows, [LABELS.index(label) for label in labels])
    assert np.abs(fitted.model_.coef_ - expected).max() < 1e-4


def test_scores_are_of_the_classes_given(data: Rows, fitted: SentenceClassifier) -> None:
    rows, labels, groups = data
    assert len(rows) == len(labels) == len(groups)
    scores = fitted.predict_proba(rows[:9])
    assert fitted.classes_.tolist() == sorted(LABELS)
    assert scores.shape == (9, 3)
    assert scores.sum(1) == pytest.approx(np.ones(9))
    assert fitted.predict(rows[:9]).tolist() == fitted.classes_[scores.argmax(1)].tolist()
    assert fitted.score(rows, labels) > 0.9


def test_a_sentence_is_read_in_its_article(fitted: SentenceClassifier) -> None:
    text = "It fired two missiles. The launch was a success."
    scores = [fitted.predict_proba(sentences(Article(text, outlet=outlet)))[1] for outlet in ("KCNA", "Reuters")]
    scores.append(fitted.predict_proba(["The launch was a success."])[0])
    assert np.abs(scores[0] - scores[1]).max() > 0.05
    assert np.abs(scores[1] - scores[2]).max() > 0.01
    signed = sentences("PYONGYANG, March 1 (KCNA) -- It fired two missiles. The launch was a success.")
    assert signed[-1].document.outlet_class == "state"
    assert signed[-1].text == "The launch was a success."
    assert sentences(" \n") == []


@pytest.mark.parametrize("made", [list, np.array, pd.Series], ids=["list", "array", "series"])
def test_strings_come_in_any_sequence(made: Any) -> None:
    fitted = SentenceClassifier().fit(made(TEXTS), made(CLASSES))
    assert fitted.predict(made(TEXTS[:3])).tolist() == ["S", "I", "A"]


def test_what_is_no_sentence_is_refused(data: Rows) -> None:
    with pytest.raises(NotFittedError):
        SentenceClassifier().predict(TEXTS)
    with pytest.raises(ValueError, match="not one string"):
        SentenceClassifier().fit(TEXTS[0], CLASSES)
    with pytest.raises(TypeError, match="not float"):
        SentenceClassifier().fit([1.0], ["S"])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="n_samples=2"):
        SentenceClassifier().fit(TEXTS[:2], CLASSES[:2])
    with pytest.raises(ValueError, match="inconsistent"):
        SentenceClassifier().fit(TEXTS, CLASSES[:-1])
    with pytest.raises(IndexError, match="sentence 9999"):
        SentenceInArticle(data[0][0].document, 9999)


def test_it_works_among_scikit_learns_tools(data: Rows) -> None:
    rows, labels, groups = data
    scores = cross_val_score(SentenceClassifier(), rows, labels, groups=groups, cv=GroupKFold(3), scoring="f1_macro")
    assert scores.mean() > 0.4
    search = GridSearchCV(SentenceClassifier(), {"C": [0.001, 4.0]}, cv=GroupKFold(2))
    assert search.fit(rows, labels, groups=groups).best_params_ == {"C": 4.0}
    piped = make_pipeline(FunctionTransformer(lambda texts: [text.strip() for text in texts]), SentenceClassifier())
    assert piped.fit([f" {text} " for text in TEXTS], CLASSES).predict(TEXTS[:3]).tolist() == ["S", "I", "A"]
    assert clone(SentenceClassifier(C=2)).get_params() == {"C": 2}


def test_rows_and_estimators_travel_between_processes(data: Rows, fitted: SentenceClassifier) -> None:
    rows, again = pickle.loads(pickle.dumps((data[0][:20], fitted)))
    assert (again.predict_proba(rows) == fitted.predict_proba(data[0][:20])).all()


def test_the_readmes_example_runs(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").symlink_to(corpus)
    monkeypatch.chdir(tmp_path)
    run_readme("SentenceClassifier")


def test_groups_are_events(corpus: Path) -> None:
    articles = dataset.read_articles(corpus / "articles")
    rows, labels, groups = examples(articles)
    assert len(rows) == sum(len(article.labelled) for article in articles)
    assert set(groups) == {article.event for article in articles}
    texts = [row.text for article in articles for row in article.labelled]
    assert [row.text for row in rows] == texts
    assert labels[0] in LABELS
