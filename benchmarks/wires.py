"""Score the shipped models on the 60 Reuters wires of 1987 that none was trained on.

    python benchmarks/wires.py --texts DIR [--models accurate fast baseline]

The labels are data/standoff/reuters-held.tsv; DIR has the articles, reut-NNNNN.txt, as data/README.md tells.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from framing import evaluation, registry, scoring, standoff
from framing.annotator import load
from framing.mentions import Finder

TABLE = Path(__file__).parent.parent / "data" / "standoff" / "reuters-held.tsv"
SHOWN = ("accuracy", "macro_f1", "f1_state_media_claim", "f1_independent_report", "f1_analyst_speculation", "ece")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--models", nargs="*", default=["accurate", "fast", "baseline"])
    options = parser.parse_args()
    articles, missing = standoff.rebuild(TABLE, options.texts)
    wires = [replace(article, outlet="Reuters", genre="wire", date="1987") for article in articles]
    gold = scoring.prepare(Finder(registry.builtin()), wires)
    print(f"{len(wires)} articles, {len(gold.at)} sentences, {missing} not found")
    for model in options.models:
        found = evaluation.figures(load(model).classifier, gold)
        print(
            model, *(f"{n} {found[n].value:.3f} [{found[n].low:.3f}, {found[n].high:.3f}]" for n in SHOWN), sep="\n  "
        )


if __name__ == "__main__":
    main()
