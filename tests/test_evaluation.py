"""Figures against hand-made ones and scikit-learn's; slices; what is measured on."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import measured
import numpy as np
import pytest
from measured import PLAN, Told, article, gold, made, many, noisy, prediction
from sklearn.metrics import cohen_kappa_score, confusion_matrix, f1_score, precision_recall_fscore_support

from framing import exchange, labelled, metrics, scoring
from framing.evaluation import FIGURES, MISREADINGS, coverage, evaluate, kept
from framing.evaluation_page import to_html
from framing.evaluation_text import to_json, to_markdown, to_text
from framing.metrics import Resampling
from framing.schema import LABELS, FramingError
from framing.slices import quotation_runs

# Figures


def test_figures_are_those_of_scikit_learn() -> None:
    found = many(8, 20)
    g, classifier = gold(found), noisy(found, 0.6)
    evaluation = evaluate(g, classifier, [], PLAN)
    scored = scoring.score(classifier, g)
    figures = {name: estimate.value for name, estimate in evaluation.figures.items()}
    assert figures["macro_f1"] == pytest.approx(f1_score(g.label, scored.predicted, average="macro"))
    assert figures["accuracy"] == pytest.approx(float((g.label == scored.predicted).mean()))
    for names, truth, said in (
        (LABELS, g.label, scored.predicted),
        (("loading_0", "loading_1", "loading_2"), g.grade, scored.grade),
    ):
        each = precision_recall_fscore_support(truth, said, labels=[0, 1, 2])
        for k, name in enumerate(names):
            for measure, column in zip(("precision", "recall", "f1"), each, strict=False):
                assert figures[f"{measure}_{name}"] == pytest.approx(column[k])
            assert evaluation.figures[f"f1_{name}"].n == each[3][k]
    assert figures["loading_kappa"] == pytest.approx(cohen_kappa_score(g.grade, scored.grade, weights="quadratic"))
    assert np.array_equal(evaluation.confusion, confusion_matrix(g.label, scored.predicted))
    assert np.array_equal(evaluation.loading_confusion, confusion_matrix(g.grade, scored.grade))
    assert set(figures) == set(FIGURES)


def test_figures_by_hand() -> None:
    say = {
        "One.": prediction(0, 0.95), "Two.": prediction(1, 0.75), "Three.": prediction(1, 0.72), "Four.": prediction(2, 0.55, 2),
    }  # fmt: skip
    found = [article("a", "S0 | One.", "S0 | Two.", "I0 | Three."), article("b", "A2 | Four.")]
    evaluation = evaluate(gold(found), Told(say.__getitem__), [], PLAN)
    figures = {name: round(estimate.value, 4) for name, estimate in evaluation.figures.items()}
    assert figures["accuracy"] == 0.75
    assert (figures["precision_state_media_claim"], figures["recall_state_media_claim"]) == (1.0, 0.5)
    assert (figures["precision_independent_report"], figures["recall_independent_report"]) == (0.5, 1.0)
    assert figures["macro_f1"] == round((2 / 3 + 2 / 3 + 1) / 3, 4)
    # bins of a tenth: 0.95 right; 0.75 and 0.72, one of them right; 0.55 right
    assert figures["ece"] == round((0.05 + 2 * abs(0.735 - 0.5) + 0.45) / 4, 4)
    assert [(b.low, b.n, b.accuracy) for b in evaluation.bins] == [(0.5, 1, 1.0), (0.7, 2, 0.5), (0.9, 1, 1.0)]
    assert figures["loading_kappa"] == 1.0
    assert evaluation.confusion == ((1, 1, 0), (0, 1, 0), (0, 0, 1))
    own = evaluation.threshold
    assert (own.threshold, own.coverage, round(own.accuracy.value, 4)) == (0.6, 0.75, round(2 / 3, 4))


def test_source_mentions_by_hand() -> None:
    lines = {
        "The {king} said so.": prediction(0, span=(4, 8)),
        "The {old king} said it again.": prediction(0, span=(8, 12)),  # inside the gold mention: found
        "The {queen} said no.": prediction(0, span=(0, 3)),  # another word: wrong, and a miss
        "He was {told} by all.": prediction(1),
        "It rained on the town.": prediction(1, span=(0, 2)),
        "Nobody was there to see.": prediction(1),
    }
    found = [article("a", *(f"S0 | {line}" for line in lines))]
    say = {re.sub("[{}]", "", line): said for line, said in lines.items()}
    evaluation = evaluate(gold(found), Told(say.__getitem__, spans=True), [], PLAN)
    assert evaluation.mentions == (2, 2, 2)
    assert [round(evaluation.figures[f"mention_{name}"].value, 4) for name in ("precision", "recall", "f1")] == [
        0.5
    ] * 3


def test_a_model_without_spans_is_measured_by_the_rules_that_serve_it() -> None:
    found = [article("a", "I0 | The {ministry} said on Monday that it was ready.", "I0 | It rained.")]
    assert evaluate(gold(found), Told(lambda _: prediction(1)), [], PLAN).mentions == (1, 0, 0)


def test_sentences_without_a_label_are_read_but_not_measured() -> None:
    found = [article("a", "X | By Ann Lee", "S0 | One.", "? | Two.", "I0 | Three.")]
    g = gold(found)
    assert g.at == ((0, 0), (0, 2))
    assert len(g.documents[0].sentences) == 3
    with pytest.raises(FramingError, match="no sentence here has a label"):
        gold([replace(found[0], sentences=found[0].sentences[:1])])


def test_what_to_bear_in_mind_is_said() -> None:
    evaluation = evaluate(gold([article("a", "S0 | One.", "I0 | Two.")]), Told(lambda _: prediction(0)), [], PLAN)
    assert any("analyst_speculation" in note for note in evaluation.notes)
    assert any("intervals are rough" in note for note in evaluation.notes)


# Intervals and p-values


def test_an_interval_is_that_of_drawing_whole_articles_one_by_one() -> None:
    found = many(6, 10)
    g = gold(found)
    scored = scoring.score(noisy(found, 0.6), g)
    resampling = Resampling(g.names, rounds=50, seed=3)
    drawn = scoring.draw(g, scored, resampling)
    names = np.array(g.names)
    for turn, times in enumerate(resampling.times):
        assert times.sum() == 6
        at = np.concatenate(
            [
                np.flatnonzero(names == name)
                for name, n in zip(dict.fromkeys(g.names), times, strict=True)
                for _ in range(int(n))
            ]
        )
        assert drawn["macro_f1"].values[1 + turn] == pytest.approx(metrics.macro_f1(g.label[at], scored.predicted[at]))
        assert drawn["loading_kappa"].values[1 + turn] == pytest.approx(
            metrics.kappa(g.grade[at], scored.grade[at], quadratic=True)
        )
    found_estimate = metrics.estimate(drawn["macro_f1"].values, 60)
    low, high = np.percentile(drawn["macro_f1"].values[1:], [2.5, 97.5])
    assert (found_estimate.low, found_estimate.high) == (low, high)
    assert low < found_estimate.value < high


def test_the_same_seed_gives_the_same_record_and_another_another() -> None:
    first, second = made(), made()
    untimed = [replace(other, seconds=0) for other in second.comparisons]
    again = replace(second, run=first.run, seconds=first.seconds, comparisons=tuple(untimed))
    untimed = [replace(other, seconds=0) for other in first.comparisons]
    assert to_json(again) == to_json(replace(first, comparisons=tuple(untimed)))
    found = many(12, 15)
    third = evaluate(gold(found), noisy(found, 0.7, 1), [], replace(PLAN, seed=5))
    assert third.figures["macro_f1"].value == first.figures["macro_f1"].value
    assert third.figures["macro_f1"].low != first.figures["macro_f1"].low


def test_the_interval_of_the_calibration_error_holds_it() -> None:
    error = made(0.8, 20).figures["ece"]
    assert error.low <= error.value <= error.high


def test_the_paired_bootstrap() -> None:
    first = np.array([0.5, 0.6, 0.4, 0.5])
    assert metrics.paired_p(first, first) == 1.0
    # differences 0.1; in the draws, less it: -0.1, 0, 0.2: two of three are as large; (1 + 2) / (1 + 3)
    assert metrics.paired_p(first, first - np.array([0.1, 0.0, 0.1, 0.3])) == 0.75
    clear = made(0.9).comparisons[0]
    assert clear.p_value == pytest.approx(1 / 201)
    assert clear.differences["macro_f1"].low > 0
    found = many(12, 15)
    same = evaluate(gold(found), noisy(found, 0.7, 1), [noisy(found, 0.7, 1)], PLAN).comparisons[0]
    assert same.p_value == 1.0
    assert same.differences["macro_f1"] == metrics.Estimate(0.0, 0.0, 0.0, 180)


# Curves, misreadings


def test_coverage_falls_from_the_surest_to_all_and_keeps_ties_together() -> None:
    found = [article("a", *(f"S0 | Line {i} it is." for i in range(10)))]
    sure = dict(zip((row.text for row in found[0].labelled), [0.9] * 4 + [0.8] * 6, strict=True))
    classifier = Told(lambda text: prediction(0 if sure[text] > 0.85 else 1, sure[text]))
    g = gold(found)
    scored = scoring.score(classifier, g)
    resampling = Resampling(g.names, 10)
    assert [(p.threshold, p.coverage, p.accuracy.value) for p in coverage(scored, g, resampling)] == [
        (0.9, 0.4, 1.0),
        (0.8, 1.0, 0.4),
    ]
    none = kept(scored, g, resampling, 0.99)
    assert none.coverage == 0
    assert np.isnan(none.accuracy.value)


def test_misreadings_come_surest_first_with_their_neighbours() -> None:
    say = {"One.": prediction(1, 0.7), "Two.": prediction(0, 0.9), "Three.": prediction(1, 0.8)}
    evaluation = evaluate(gold([article("a", *(f"S0 | {text}" for text in say))]), Told(say.__getitem__), [], PLAN)
    found = [(m.index, m.text, m.before, m.after, m.confidence) for m in evaluation.misreadings]
    assert found == [(2, "Three.", "Two.", None, 0.8), (0, "One.", None, "Two.", 0.7)]
    assert (evaluation.misreadings[0].gold, evaluation.misreadings[0].predicted) == (LABELS[0], LABELS[1])
    assert len(made(0.0, 12).misreadings) == MISREADINGS


# Slices


def test_what_a_sentence_falls_under() -> None:
    lines = [
        "S0h | Heads up",
        'S0 | "We won again," he said.',
        'S0 | "We won it all and',
        "S0 | we shall win again and again until it is over.”",
        "S0 | He left.",
    ]
    g = gold([article("a", *lines, outlet="KCNA", country="-", genre="state")], seen={"AP"})
    assert g.facets[0] == {
        "outlet class": "state", "outlet": "not named in train", "country": "none", "genre": "state", "kind": "headline",
        "length": "under 10 words", "quotation run": "0", "position": "first",
    }  # fmt: skip
    assert [row["quotation run"] for row in g.facets][:3] == ["0", "1", "2 or more"]
    assert [row["position"] for row in g.facets] == ["first"] + ["2 to 5"] * 4
    assert g.facets[3]["length"] == "10 to 19 words"
    assert "outlet" not in gold([article("a", *lines)]).facets[0]


def test_quotation_runs_count_from_the_first_quoted_sentence() -> None:
    lines = [
        'S0 | "One word." ',
        'S0 | "Two words here.',
        "S0 | Three words here.",
        'S0 | Four words here."',
        "S0 | He left.",
    ]
    assert quotation_runs(gold([article("a", *lines)]).documents[0]) == [1, 2, 3, 4, 0]


def test_a_slice_below_the_whole_is_flagged_and_small_ones_are_not() -> None:
    good, bad = many(10, 12, 0, country="KP"), many(10, 12, 1, country="RU")
    few, single = many(10, 1, 2, country="CN"), many(1, 30, 3, country="IR")
    named = [replace(a, id=f"{a.country}{a.id}") for a in (*good, *bad, *few, *single)]
    named = [replace(a, sentences=tuple(replace(s, text=f"{a.id} {s.text}") for s in a.sentences)) for a in named]
    truth = {row.text: row.label for a in named for row in a.labelled}
    wrong = ("RU", "CN", "IR")
    classifier = Told(lambda text: prediction((truth[text] + text.startswith(wrong)) % 3))
    evaluation = evaluate(gold(named), classifier, [], PLAN)
    found = {part.name: part for part in evaluation.slices if part.group == "country"}
    assert [(name, part.n, part.articles, part.below) for name, part in found.items()] == [
        ("KP", 120, 10, False), ("RU", 120, 10, True), ("IR", 30, 1, False), ("CN", 10, 10, False),
    ]  # fmt: skip
    assert np.isnan(found["IR"].macro_f1.high)
    assert found["RU"].macro_f1.high < found["RU"].whole == pytest.approx(evaluation.figures["macro_f1"].value)
    assert {part.group for part in evaluation.slices} == {
        "country",
        "position",
    }  # of the other groups there is one value


def test_a_slice_is_held_against_the_whole_over_the_labels_it_has() -> None:
    states = [article(f"s{i}", *(f"S0 | State {i} line {k} it is." for k in range(6)), genre="state") for i in range(6)]
    wires = [article(f"w{i}", *(f"{'SIA'[k % 3]}0 | Wire {i} line {k} it is." for k in range(6))) for i in range(6)]
    truth = {row.text: row.label for a in (*states, *wires) for row in a.labelled}
    classifier = Told(lambda text: prediction(1 if truth[text] == 2 else truth[text]))
    evaluation = evaluate(gold([*states, *wires]), classifier, [], PLAN)
    state = next(part for part in evaluation.slices if part.name == "state")
    assert state.macro_f1.value == 1.0  # not a third of it for want of I and A
    assert state.whole == evaluation.figures["f1_state_media_claim"].value
    assert not state.below


# What to measure on


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return measured.small_corpus(tmp_path_factory.mktemp("corpus") / "data")


def test_sets_are_opened_by_split_file_and_folder(corpus: Path) -> None:
    test = labelled.open_set("test", corpus)
    assert test.texts
    assert not test.notes
    assert test.seen
    assert not {a.id for a in test.articles} & {a.id for a in labelled.open_set("train", corpus).articles}
    assert "not held out" in labelled.open_set("dev", corpus).notes[0]
    assert len(labelled.open_set(str(corpus / "articles" / "kp-1.txt"), corpus).articles) == 8
    assert len(labelled.open_set(str(corpus / "articles"), corpus).articles) > 8
    with pytest.raises(FramingError, match="no such file"):
        labelled.open_set("tets", corpus)


@pytest.mark.parametrize("form", ["csv", "jsonl", "doccano", "labelstudio"])
def test_labels_of_other_tools_are_measured_as_the_corpus_is(corpus: Path, tmp_path: Path, form: str) -> None:
    expected = labelled.open_set(str(corpus / "articles" / "kp-1.txt"), corpus).articles
    path = tmp_path / f"labels.{'csv' if form == 'csv' else 'json' if form == 'labelstudio' else 'jsonl'}"
    path.write_text(exchange.render(expected, form, {}), encoding="utf-8", newline="")
    found = labelled.read_labelled(path)
    assert [[(s.text, s.label, s.grade, s.mention) for s in a.labelled] for a in found] == [
        [(s.text, s.label, s.grade, s.mention) for s in a.labelled] for a in expected
    ]
    drafts = [replace(a, sentences=tuple(replace(s, label=None, grade=None) for s in a.sentences)) for a in expected]
    path.write_text(exchange.render(drafts, form, {}), encoding="utf-8", newline="")
    with pytest.raises(FramingError, match=r"no sentence in it has a label|no articles"):
        labelled.read_labelled(path)


def test_another_projects_data_folder_is_no_hindrance_to_measuring_a_file(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "splits.json").write_text("[1]")
    found = labelled.open_set(str(corpus / "articles" / "kp-1.txt"), tmp_path / "data")
    assert found.seen is None
    assert "not known" in found.notes[0]
    assert labelled.open_set(str(corpus / "articles" / "kp-1.txt"), tmp_path / "none").notes == ()
    with pytest.raises(FramingError, match=r"splits\.json|no such file"):
        labelled.open_set("test", tmp_path / "data")


def test_a_fault_anywhere_in_the_corpus_is_found(corpus: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(corpus, tmp_path / "data")
    with (tmp_path / "data" / "articles" / "kp-2.txt").open("a") as file:
        file.write("Q7 | What is this?\n")
    with pytest.raises(FramingError, match=r"kp-2\.txt:\d+: expected a code"):
        labelled.open_set("test", tmp_path / "data")


def gold_set(folder: Path) -> Path:
    (folder / "articles").mkdir(parents=True)
    (folder / "articles" / "g1.txt").write_text("Kim said a secret thing. It rained on the secret town.\n")
    facts = {"g1": {"outlet": "BBC", "date": "2024-10-08", "state_outlet": False, "set": "in-domain"}}
    (folder / "articles" / "meta.json").write_text(json.dumps(facts))
    rows = ["g1\t0\tx\tS1\tKim\tKim said a secret thing.", "g1\t1\tx\tI0\t\tIt rained on the secret town."]
    (folder / "gold.tsv").write_text("\n".join(rows) + "\n")
    return folder


def test_a_gold_set_is_measured_without_its_sentences(tmp_path: Path) -> None:
    found = labelled.open_set("test", tmp_path / "data", gold_set(tmp_path / "gold"))
    assert not found.texts
    evaluation = evaluate(
        gold(found.articles), Told(lambda _: prediction(2, 0.9)), [], replace(PLAN, texts=found.texts)
    )
    assert len(evaluation.misreadings) == 2
    for render in (to_text, to_markdown, to_json, to_html):
        assert "secret" not in render(evaluation)
        assert "g1" in render(evaluation)


def test_a_damaged_gold_set_is_refused_in_one_line(tmp_path: Path) -> None:
    folder = gold_set(tmp_path / "gold")
    (folder / "articles" / "meta.json").write_text("{}")
    with pytest.raises(FramingError, match="damaged gold set"):
        labelled.open_set("test", tmp_path, folder)
    (folder / "articles" / "meta.json").write_text("{")
    with pytest.raises(FramingError, match="damaged gold set"):
        labelled.open_set("test", tmp_path, folder)
