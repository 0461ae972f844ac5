"""The baseline: TF-IDF and logistic regression, stored as vocabularies and arrays.

Two linear models read the same features: one gives the label, one the loading grade. scikit-learn
does the work; a folder holds JSON and arrays, from which the same estimators are rebuilt.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framing import artefact, inputs
from framing.document import Document
from framing.metrics import scaled
from framing.schema import FramingError, ModelInfo, Prediction

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# One TF-IDF a part of inputs.View (the facts are only counted): settings, and the columns' weight beside the others'.
# Characters 3 to 5 were tried beside the words: no gain on real text at five times the work.
PARTS: dict[str, tuple[dict[str, Any], float]] = {
    "text": ({"ngram_range": (1, 2), "min_df": 2, "max_features": 50_000}, 1.0),
    "marked": ({"ngram_range": (1, 3), "min_df": 2, "max_features": 60_000, "token_pattern": r"\w+|[“”\"]"}, 1.0),
    "context": ({"min_df": 3, "max_features": 20_000, "token_pattern": r"\S+"}, 0.5),
    "facts": ({"token_pattern": r"\S+"}, 0.5),
}
LABEL_C, GRADE_C = 4.0, 2.0


@dataclass
class Features:
    """The fitted TF-IDFs, one a part of a view."""

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


def _vectorizer(part: str, settings: dict[str, Any], vocabulary: list[str] | None = None) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    if vocabulary is not None:
        kept = {key: value for key, value in settings.items() if key not in ("min_df", "max_features")}
        settings = {**kept, "vocabulary": vocabulary}
    return CountVectorizer(**settings) if part == "facts" else TfidfVectorizer(sublinear_tf=True, **settings)


class Baseline:
    """A classifier of sentences by their words, their names' classes and their neighbours' words."""

    def __init__(self, model: artefact.Artefact) -> None:
        self.model = model
        self.info: ModelInfo = model.info
        self.threshold = float(model.manifest["calibration"]["threshold"])
        self._temperature = float(model.manifest["calibration"]["temperature"])
        self._offsets = tuple(map(float, model.manifest["calibration"]["offsets"]))

    @cached_property
    def _loaded(self) -> tuple[Features, dict[str, Any]]:
        try:
            vocabularies = json.loads(self.model.file("vocabulary.json").read_text(encoding="utf-8"))
            with np.load(self.model.file("arrays.npz"), allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
            vectorizers = {}
            for part, (settings, _) in PARTS.items():
                vectorizers[part] = _vectorizer(part, settings, vocabularies[part])
                if f"idf_{part}" in arrays:
                    vectorizers[part].idf_ = arrays[f"idf_{part}"]
            models = {name: _linear(arrays, name) for name in ("label", "grade")}
        except (ValueError, KeyError, OSError) as error:
            raise FramingError(f"{self.model.folder}: damaged baseline ({error})") from error
        return Features(vectorizers), models

    finds_spans = False

    def predict(self, document: Document) -> list[Prediction]:
        """Return one calibrated prediction a sentence, in order."""
        features, models = self._loaded
        columns = features.transform(inputs.views(document))
        scores = scaled(models["label"].decision_function(columns), self._temperature, self._offsets)
        grades = models["grade"].predict_proba(columns)
        expected = grades @ np.arange(grades.shape[1]) / 2
        return [
            Prediction((float(s[0]), float(s[1]), float(s[2])), int(g.argmax()), float(e))
            for s, g, e in zip(scores, grades, expected, strict=True)
        ]


def _linear(arrays: dict[str, Any], name: str) -> Any:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression()
    model.coef_ = arrays[f"{name}_coef"].astype(np.float64)
    model.intercept_ = arrays[f"{name}_intercept"].astype(np.float64)
    model.classes_ = np.arange(len(model.intercept_))
    return model


def fit_linear(columns: csr_matrix, target: np.ndarray[Any, Any], strength: float, seed: int) -> Any:
    """A multinomial logistic regression, classes weighed against their frequency."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=strength, class_weight="balanced", max_iter=500, random_state=seed).fit(columns, target)


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
