"""The baseline: TF-IDF and logistic regression, stored as vocabularies and arrays.

Two linear models read the same features: one gives the label, one the loading grade. scikit-learn
fits them; a folder holds JSON and arrays, which are read by a few lines of NumPy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import attrgetter
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from framing import artefact, inputs
from framing.document import Document
from framing.metrics import scaled, softmax
from framing.schema import FramingError, ModelInfo, Prediction

Floats = NDArray[np.floating[Any]]

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# One TF-IDF a part of inputs.View (the facts are only counted): settings, and the columns' weight beside the others'.
# Characters 3 to 5 were tried beside the words: no gain on real text at five times the work.
PARTS: dict[str, tuple[dict[str, Any], float]] = {
    "text": ({"ngram_range": (1, 2), "min_df": 2, "max_features": 50_000, "token_pattern": r"\w\w+"}, 1.0),
    "marked": ({"ngram_range": (1, 3), "min_df": 2, "max_features": 60_000, "token_pattern": r"\w+|[“”\"]"}, 1.0),
    "context": ({"min_df": 3, "max_features": 20_000, "token_pattern": r"\S+"}, 0.5),
    "facts": ({"token_pattern": r"\S+"}, 0.5),
}
_FACTS = list(PARTS).index("facts")
LABEL_C, GRADE_C = 4.0, 2.0


@dataclass
class Features:
    """The TF-IDFs as they are fitted, one a part of a view."""

    vectorizers: dict[str, Any]

    @classmethod
    def fit(cls, rows: Sequence[inputs.View]) -> Features:
        """Learn vocabularies and document frequencies."""
        fitted = {}
        for part, (settings, _) in PARTS.items():
            fitted[part] = _vectorizer(part, settings).fit([getattr(row, part) for row in rows])
        return cls(fitted)

    def transform(self, rows: Sequence[inputs.View]) -> csr_matrix:
        """The features of sentences, shape (sentences, columns)."""
        from scipy.sparse import hstack

        columns = [
            self.vectorizers[part].transform([getattr(row, part) for row in rows]) * weight
            for part, (_, weight) in PARTS.items()
        ]
        return hstack(columns, format="csr")


def _vectorizer(part: str, settings: dict[str, Any]) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    return CountVectorizer(**settings) if part == "facts" else TfidfVectorizer(sublinear_tf=True, **settings)


class Baseline:
    """A classifier of sentences by their words, their names' classes and their neighbours' words."""

    finds_spans = False

    def __init__(self, model: artefact.Artefact) -> None:
        self.model = model
        self.info: ModelInfo = model.info
        self.threshold = float(model.manifest["calibration"]["threshold"])
        self._temperature = float(model.manifest["calibration"]["temperature"])
        self._offsets = tuple(map(float, model.manifest["calibration"]["offsets"]))
        self._opening = Lock()  # since Python 3.12 cached_property has none of its own

    @cached_property
    def _loaded(self) -> _Linear:
        try:
            vocabularies = json.loads(self.model.file("vocabulary.json").read_text(encoding="utf-8"))
            with np.load(self.model.file("arrays.npz"), allow_pickle=False) as stored:
                return _Linear(vocabularies, {name: stored[name] for name in stored.files})
        except (ValueError, KeyError, OSError, AttributeError) as error:
            raise FramingError(f"{self.model.folder}: damaged baseline ({error})") from error

    def decide(self, rows: Sequence[inputs.View]) -> Floats:
        """The models' decision values, shape (sentences, 6): three labels, three grades."""
        with self._opening:
            linear = self._loaded
        return linear.decide(rows)

    def predict(self, document: Document) -> list[Prediction]:
        """Return one calibrated prediction a sentence, in order."""
        values = self.decide(inputs.views(document)).astype(np.float64)
        scores = scaled(values[:, :3], self._temperature, self._offsets)
        grades = softmax(values[:, 3:])
        expected = grades @ np.arange(3) / 2
        rows = zip(scores.tolist(), grades.argmax(1).tolist(), expected.tolist(), strict=True)
        return [Prediction((s, i, a), grade, loading) for (s, i, a), grade, loading in rows]


class _Linear:
    """The linear models and the TF-IDFs of PARTS, side by side in one table; read without scikit-learn.

    Importing that takes longer than annotating an article; tests hold the two to the same numbers.
    """

    def __init__(self, vocabularies: dict[str, list[str]], arrays: dict[str, Floats]) -> None:
        table = np.concatenate([arrays["label_coef"], arrays["grade_coef"]]).T.astype(np.float32)
        self._intercept = np.concatenate([arrays["label_intercept"], arrays["grade_intercept"]])
        self._idf = np.ones(len(table))
        self._parts: list[Callable[[inputs.View], list[int]]] = []
        at = 0
        for name, (settings, weight) in PARTS.items():
            columns = {str(word): column for column, word in enumerate(vocabularies[name], at)}
            part = slice(at, at + len(vocabularies[name]))
            table[part] *= np.float32(weight)
            self._idf[part] = arrays.get(f"idf_{name}", 1.0)
            self._parts.append(_beside(columns) if name == "context" else _within(name, settings, columns))
            at = part.stop
        if at != len(table):
            raise ValueError(f"{at} words for {len(table)} columns")
        self._table = table

    def decide(self, rows: Sequence[inputs.View]) -> Floats:
        """The decision values of sentences, (sentences, 6)."""
        found = [columns(row) for row in rows for columns in self._parts]
        width, texts = len(self._table), len(found)  # a text is a part of a sentence
        known = np.repeat(np.arange(texts), [*map(len, found)]) * width + np.fromiter(chain(*found), np.int64)
        keys, counts = np.unique(known, return_counts=True)
        text, at = np.divmod(keys, width)
        values = (1 + np.log(counts)) * self._idf[at]
        length = np.sqrt(np.bincount(text, values**2, texts))
        length[_FACTS :: len(PARTS)] = 1  # which are counted, and no word of them stands twice in a sentence
        added = (values / length[text])[:, None] * self._table[at]
        sums = np.stack([np.bincount(text, column, texts) for column in added.T], axis=1)
        total: Floats = self._intercept + sum(sums[part :: len(PARTS)] for part in range(len(PARTS)))
        return total


def _within(name: str, settings: dict[str, Any], columns: dict[str, int]) -> Callable[[inputs.View], list[int]]:
    """What finds the columns of a part's words, and of stretches of them where they have columns of their own."""
    text_of, words_of = attrgetter(name), re.compile(settings["token_pattern"]).findall
    longest: int = settings.get("ngram_range", (1, 1))[1]

    def found(row: inputs.View) -> list[int]:
        words = words_of(text_of(row).lower())
        known = [column for column in map(columns.get, words) if column is not None]
        for size in range(2, longest + 1):
            grams = map(" ".join, zip(*(words[i:] for i in range(size)), strict=False))
            known += [column for column in map(columns.get, grams) if column is not None]
        return known

    return found


def _beside(columns: dict[str, int]) -> Callable[[inputs.View], list[int]]:
    """What finds the columns of View.context, of the words themselves: to write it takes longer than to look it up."""
    before, after = ({w[2:]: c for w, c in columns.items() if w[:2] == side} for side in ("p_", "n_"))

    def found(row: inputs.View) -> list[int]:
        known = [*map(before.get, row.before), *map(after.get, row.after)]
        return [column for column in known if column is not None]

    return found


def fit_linear(columns: csr_matrix, target: np.ndarray[Any, Any], c: float, seed: int) -> Any:
    """A multinomial logistic regression, classes weighed against their frequency; `c` is scikit-learn's C."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=c, class_weight="balanced", max_iter=500, random_state=seed).fit(columns, target)


def store(folder: Path, features: Features, models: dict[str, Any]) -> None:
    """Write a fitted baseline's vocabularies and arrays; weights in half the digits (float32)."""
    vocabularies = {
        part: [re.sub(r"\s+", " ", word) for word in vectorizer.get_feature_names_out().tolist()]
        for part, vectorizer in features.vectorizers.items()
    }
    arrays: dict[str, Any] = {
        f"idf_{part}": vectorizer.idf_ for part, vectorizer in features.vectorizers.items() if part != "facts"
    }
    for name, model in models.items():
        arrays[f"{name}_coef"] = model.coef_.astype(np.float32)
        arrays[f"{name}_intercept"] = model.intercept_.astype(np.float32)
    (folder / "vocabulary.json").write_text(json.dumps(vocabularies, ensure_ascii=False), encoding="utf-8")
    np.savez_compressed(folder / "arrays.npz", **arrays)
