"""Time a whole process on one article against the same weights through transformers, and its peak memory.

    python benchmarks/speed.py [--runs 5] [--sentences 22]

Both sides start fresh, tokenise the same sentences and label the same windows; transformers gets sentences,
marks and windows ready-made. Medians; "times" is how many times longer transformers takes.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from framing import artefact, inputs, read, registry, shelf
from framing.document import read_document
from framing.mentions import Finder
from framing.split import split
from framing.transformer import Transformer

SEEDS = Path(__file__).parent.parent / "data" / "seeds"
# The obvious way: import, load, tokenise, run all windows as a batch.
PEER = """
import json, sys, torch
from safetensors.torch import load_file
from transformers import AutoModelForTokenClassification, AutoTokenizer
folder, (sentences, windows) = sys.argv[1], json.load(open(sys.argv[2]))
tokens = AutoTokenizer.from_pretrained(folder)(sentences, return_offsets_mapping=True)
model = AutoModelForTokenClassification.from_pretrained(folder).eval()
marks = load_file(folder + "/marks.safetensors")["marks"]
size = max(len(w["ids"]) for w in windows)
pad = lambda row, value: row + [value] * (size - len(row))
ids = torch.tensor([pad(w["ids"], 1) for w in windows])
mask = torch.tensor([pad([1] * len(w["ids"]), 0) for w in windows])
with torch.inference_mode():
    words = model.get_input_embeddings()(ids) + marks[torch.tensor([pad(w["marks"], 0) for w in windows])]
    out = model(inputs_embeds=words, attention_mask=mask).logits
print(sum(out[i, a:b, :3].mean(0).argmax().item() for i, w in enumerate(windows) for _, a, b in w["spans"]))
"""
STARTER = """
import os, sys, time
began = time.perf_counter()
quiet = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, usage = os.wait4(child, 0)
print(time.perf_counter() - began, usage.ru_maxrss / 1024)
sys.exit(status != 0)
"""


def article(sentences: int) -> str:
    """A real article's first sentences, title included."""
    (found,) = read.read(str(max(SEEDS.glob("*.txt"), key=lambda path: path.stat().st_size)))
    cut, _ = split(found)
    return found.text[: cut[min(sentences, len(cut)) - 1].end] + "\n"


def measured(command: list[str]) -> tuple[float, float]:
    """Seconds and peak memory in MB of a process, started by a small one: a child counts its parent's memory too."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", STARTER, *command], stdout=subprocess.PIPE, text=True, check=True
    )
    seconds, memory = done.stdout.split()[-2:]
    return float(seconds), float(memory)


def peer(model: artefact.Artefact, source: Path, scratch: Path) -> list[str]:
    """The command that labels the article through transformers."""
    from framing import restore

    folder = scratch / f"{model.info.name}-transformers"
    restore.to_transformers(model, folder)
    (found,) = read.read(str(source))
    sentences, _ = split(found)
    served = Transformer(model)
    document = read_document(Finder(registry.builtin()), found, sentences)
    windows = inputs.windows(inputs.prepare(served.tokenizer, document), served.edges)
    rows = [{"ids": w.ids, "marks": w.marks, "spans": w.spans} for w in windows]
    ready = scratch / f"{model.info.name}.json"
    ready.write_text(json.dumps([[sentence.text for sentence in sentences], rows]))
    return [sys.executable, "-c", PEER, str(folder), str(ready)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sentences", type=int, default=22)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        source = scratch / "article.txt"
        source.write_text(article(options.sentences), encoding="utf-8")
        commands: dict[str, list[str]] = {}
        for folder in reversed(shelf.in_use(artefact.models_folder())):
            model = artefact.check(folder)
            predict = [sys.executable, "-m", "framing", "predict", str(source), "--model", str(folder)]
            commands[model.info.name] = predict
            if model.kind == "transformer":
                commands[f"{model.info.name}, transformers"] = peer(model, source, scratch)
        runs = {key: [measured(command) for _ in range(options.runs)] for key, command in commands.items()}
    print(f"one article of {options.sentences} sentences, whole process, {os.cpu_count()} cores\n")
    print("| | seconds | times | peak MB |\n| --- | --- | --- | --- |")
    for key, found in runs.items():
        seconds = statistics.median(second for second, _ in found)
        base = statistics.median(second for second, _ in runs[key.split(",")[0]])
        print(f"| {key} | {seconds:.2f} | {seconds / base:.1f} | {max(mb for _, mb in found):.0f} |")


if __name__ == "__main__":
    main()
