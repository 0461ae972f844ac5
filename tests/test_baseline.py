from __future__ import annotations

import measured
import numpy as np
import pytest

from framing import artefact, baseline, inputs, pipeline
from framing.dataset import labelled_document
from framing.mentions import Finder


def test_a_served_baseline_decides_as_scikit_learn_does(
    finder: Finder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("baseline")
    data = pipeline.load_data([measured.small_corpus(folder / "corpus")])
    rows = [v for a in data.train for v in inputs.views(labelled_document(finder, a))]
    target = np.arange(len(rows)) % 3
    features = baseline.Features.fit(rows)
    columns = features.transform(rows)
    models = {name: baseline.fit_linear(columns, target, 1.0, 0) for name in ("label", "grade")}
    with artefact.writing(folder / "model") as draft:
        baseline.store(draft, features, models)
        facts = {"kind": "baseline", "name": "b", "version": "0"}
        facts["calibration"] = {"temperature": 1, "offsets": [0, 0, 0], "threshold": 0.5}  # type: ignore[assignment]
        artefact.seal(draft, facts)
    unseen = [v for a in data.test for v in inputs.views(labelled_document(finder, a))]
    unseen += [inputs.View("", "", (), (), ""), inputs.View("zzz qqq", "zzz", ("zzz",), (), "zzz")]
    found = baseline.Baseline(artefact.check(folder / "model")).decide(unseen)
    columns = features.transform(unseen)
    expected = np.hstack([models[name].decision_function(columns) for name in ("label", "grade")])
    assert np.abs(found - expected).max() < 1e-4
