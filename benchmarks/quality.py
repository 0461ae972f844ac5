"""Score the shipped models on the real development set, end to end, with that set's own score.py.

    python benchmarks/quality.py --real ../shared/real [--models accurate fast baseline]

Every article is annotated from its text file as `framing predict FILE --outlet OUTLET --format json` does.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from framing import read, report
from framing.annotator import load


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", type=Path, required=True)
    parser.add_argument("--models", nargs="*", default=["accurate", "fast", "baseline"])
    parser.add_argument("--only", help="ids with this prefix")
    options = parser.parse_args()
    if not (options.real / "score.py").is_file():
        print(f"{options.real}: no real development set here, quality is not measured")
        return
    meta = json.loads((options.real / "articles" / "meta.json").read_text(encoding="utf-8"))
    for model in options.models:
        annotator = load(model)
        with tempfile.TemporaryDirectory() as scratch:
            for name, facts in meta.items():
                (article,) = read.read(str(options.real / "articles" / f"{name}.txt"))
                annotated = annotator(replace(article, outlet=facts["outlet"]))
                (Path(scratch) / f"{name}.json").write_text(report.dumps(annotated), encoding="utf-8")
            command = [sys.executable, options.real / "score.py", "--gold", options.real / "gold.tsv"]
            command += ["--articles", options.real / "articles", "--preds", scratch]
            command += ["--only", options.only] if options.only else []
            print(f"\n{model}", flush=True)
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
