"""Throughput and peak memory of a batch: `python benchmarks/batch.py [--model baseline] [--articles 1000 100000]`.

Articles are put together from the paragraphs of data/seeds, every one another, as JSON lines (--kind jsonl)
or as files in one folder (--kind folder). Peak memory is the sum over all processes of the most each held
at once (Linux).
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

SEEDS = sorted((Path(__file__).parent.parent / "data" / "seeds").glob("*.txt"))


def texts(count: int, paragraphs: int = 12) -> Iterator[str]:
    """Articles of about 350 words."""
    pool = [p for file in SEEDS for p in file.read_text(encoding="utf-8").split("\n") if len(p) > 40]
    chance = random.Random(0)  # noqa: S311
    for number in range(count):
        yield "\n\n".join([f"Report {number}", *chance.sample(pool, paragraphs)])


def corpus(folder: Path, count: int, kind: str) -> Path:
    """Write a corpus, by default as JSON lines."""
    folder.mkdir()
    source = folder / f"{count}"
    if kind == "folder":
        source.mkdir()
        for number, text in enumerate(texts(count)):
            (source / f"{number:07}.txt").write_text(text, encoding="utf-8")
        return source
    source = source.with_suffix(".jsonl")
    with source.open("w", encoding="utf-8") as out:
        for text in texts(count):
            out.write(json.dumps({"text": text}) + "\n")
    return source


def measured(command: Sequence[str]) -> tuple[float, float]:
    """Seconds and peak memory in MB of a command and all its processes; raises where it fails."""
    started = time.perf_counter()
    peaks: dict[int, int] = {}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        while running.poll() is None:
            for process in family(running.pid):
                peaks[process] = max(peaks.get(process, 0), high_water(process))
            time.sleep(0.05)
        seconds = time.perf_counter() - started
        said = running.communicate()[1]
    if running.returncode:
        raise SystemExit(f"{' '.join(command)}: {said}")
    return seconds, sum(peaks.values()) / 1000


def family(process: int) -> list[int]:
    """A process and those it started."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []
    return [process, *(member for child in children for member in family(int(child)))]


def high_water(process: int) -> int:
    """The most memory a process has held so far, in kB."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def predict(source: Path, out: Path, model: str, jobs: int, engine: str = "local") -> list[str]:
    """The command of a batch."""
    options = f"-m framing predict {source} -o {out} --model {model} --jobs {jobs} --engine {engine}"
    return [sys.executable, *options.split()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="baseline")
    parser.add_argument("--articles", type=int, nargs="*", default=[1000, 100_000], help="for memory")
    parser.add_argument("--timed", type=int, default=5000, help="for speed; loading the model takes seconds")
    parser.add_argument("--jobs", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--engine", choices=["local", "ray"], default="local")
    parser.add_argument("--kind", choices=["jsonl", "folder"], default="jsonl")
    options = parser.parse_args()
    runs = [(options.timed, jobs) for jobs in options.jobs]
    runs += [(count, max(options.jobs)) for count in sorted(options.articles)]
    print("| articles | jobs | seconds | articles/s | × first | peak MB |\n| --- | --- | --- | --- | --- | --- |")
    first = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        for number, (count, jobs) in enumerate(runs):
            source = corpus(Path(scratch) / str(number), count, options.kind)
            seconds, peak = measured(predict(source, Path(scratch) / "out.jsonl", options.model, jobs, options.engine))
            first = first or count / seconds
            faster = f"{count / seconds / first:.2f}" if number < len(options.jobs) else ""
            print(f"| {count:,} | {jobs} | {seconds:.1f} | {count / seconds:.1f} | {faster} | {peak:.0f} |", flush=True)


if __name__ == "__main__":
    main()
