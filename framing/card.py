"""A model's card: its README.md, written by the training run from its own manifest and figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from framing import artefact
from framing.evaluation import Evaluation
from framing.evaluation_tables import headline, tables_of
from framing.evaluation_text import markdown_table, plain

CARD = "README.md"
_SHOWN = ("Overall", "Labels", "Slices")

_USE = """
## Use

For reading news articles in English: on whose word each sentence rests, how loaded its wording is, which
words name the source. Made for people who read news for a living and check what they are told; a sentence
marked `uncertain` is theirs to decide.

**A sentence's provenance is not its truth; state-affiliated is not the same as false.** Do not use the labels
to rank, block or punish outlets or authors, nor as evidence about a person. What counts as a state that
controls its media is decided by `data/annotation-guide.md` and by the registry, not by this model.
"""

_LIMITS = """
## Limits

- English only, and news: essays, transcripts and social media were hardly seen in training.
- Where data/ train is the project's own, all but five of its articles are written for the purpose and not true, and
  the test split's are too; the figures of the real development set are about real text.
- Names that the registry lacks are read from context alone, and offices change hands.
- An outlet that is neither named nor known is read as if it were independent more often than it should be.
- Slices marked BELOW lie under the whole by more than their interval; of forty, about one would by chance.
"""


def write(folder: Path, evaluations: Sequence[Evaluation]) -> artefact.Artefact:
    """Write the card of a checked model folder and seal the folder again; the model itself stays as it is."""
    facts = artefact.check(folder).manifest
    (folder / CARD).write_text(render(facts, evaluations), encoding="utf-8")
    return artefact.seal(folder, {key: value for key, value in facts.items() if key not in ("format", "files")})


def render(facts: dict[str, Any], evaluations: Sequence[Evaluation]) -> str:
    """The card as Markdown, from a manifest and evaluations on one or more sets."""
    lines = [
        f"# {plain(str(facts['name']))} {facts['version']}",
        "",
        _what(facts),
        _USE.rstrip(),
        "",
        "## Trained on",
        "",
    ]
    lines += ["| set | articles | sentences | SHA-256 |", "| --- | ---: | ---: | --- |"]
    lines += [
        f"| {plain(row['name'])} | {row['articles']:,} | {row['sentences']:,} | `{row['sha256'][:16]}` |"
        for row in facts["data"]
    ]
    lines += ["", "`calibration` was never trained on: the scores were calibrated there.", _LIMITS.rstrip(), ""]
    for found in evaluations:
        lines += [f"## Measured on {plain(found.data.name)}", "", plain(headline(found)), ""]
        for table in tables_of(found):
            if table.title in _SHOWN:
                lines += [f"### {table.title}", "", *markdown_table(table), ""]
                lines += [plain(table.note), ""] if table.note else []
    versions = ", ".join(f"{name} {number}" for name, number in facts["versions"].items())
    return "\n".join([*lines, f"Seed {facts['seed']}; {versions}.", ""])


def _weights(facts: dict[str, Any]) -> str:
    small = facts.get("products", "int8") == "int8"
    return "its products in int8, its word embeddings in 4 bits" if small else "in float32, as int8 lost too much"


def _what(facts: dict[str, Any]) -> str:
    if facts["kind"] == "baseline":
        return "TF-IDF of the sentence, of its names' classes and of its neighbours, with logistic regression."
    encoder = facts["encoder"]
    same, n = facts["parity"]["same_labels"], facts["parity"]["n"]
    return (
        f"{plain(str(encoder['name']))} ({encoder['type']}), fine-tuned on windows of articles, served as ONNX, "
        f"{_weights(facts)}. Labels equal to the float network's: {same:.1%} of {n:,} sentences."
    )
