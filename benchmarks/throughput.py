"""Sentences a second over many articles, against the same weights through transformers, and what the cores allow.

    python benchmarks/throughput.py [--articles 200] [--peer-articles 12] [--runs 3]

Articles are those of the test split of data/, over and over. framing does its whole work on them, from
text to summary: one by one in this process (`framing.annotate`), and as a batch, start-up included
(`framing predict articles.jsonl -o out.jsonl`). transformers gets sentences, names and windows ready-made,
and is asked in two ways: each sentence with its neighbours, 32 a batch, float32 (the obvious way); and the
windows framing reads, sorted by length and padded no further than needed, in float32, bfloat16 or int8,
whichever is fastest (the best way found). The limit is the encoder's multiply-adds over what a bare int8
product reaches here.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
import torch

from framing import annotator, artefact, dataset, inputs, registry, restore
from framing.dataset import labelled_document
from framing.document import Document
from framing.mentions import Finder
from framing.records import LabelledArticle
from framing.schema import Article
from framing.transformer import Transformer

DATA = Path(__file__).parent.parent / "data"
BATCH = 32
NEIGHBOURS = 1  # sentences on either side, in the obvious way


def labelled(count: int) -> list[LabelledArticle]:
    """Real-length articles, about 18 sentences each."""
    known = dataset.load_splits(dataset.read_articles(DATA / "articles"), DATA / "splits.json")["test"]
    return list(islice(cycle(known), count))


class Clock:
    """The seconds a model's network takes while articles are read."""

    def __init__(self, model: Transformer) -> None:
        self.seconds = 0.0
        self._run = model._run
        model._run = self._timed  # type: ignore[method-assign]

    def _timed(self, window: inputs.Window) -> Any:
        began = time.perf_counter()
        out = self._run(window)
        self.seconds += time.perf_counter() - began
        return out


class Peer:
    """A model's weights in transformers."""

    def __init__(self, model: artefact.Artefact, folder: Path) -> None:
        from safetensors.torch import load_file
        from transformers import AutoModelForTokenClassification

        restore.to_transformers(model, folder)
        self.net = AutoModelForTokenClassification.from_pretrained(folder).eval()
        self.marks = load_file(folder / "marks.safetensors")["marks"]
        self.served = Transformer(model)
        self.pad = int(model.manifest["pad"])

    def pairs(self, given: Sequence[Document]) -> list[inputs.Window]:
        """Each sentence with its neighbours, a window of its own."""
        out = []
        for document in given:
            whole = inputs.prepare(self.served.tokenizer, document)
            for at in range(len(whole.sentences)):
                near = slice(max(0, at - NEIGHBOURS), at + NEIGHBOURS + 1)
                part = inputs.Prepared(whole.head, whole.sentences[near], whole.kinds[near])
                out += inputs.windows(part, self.served.edges)[:1]
        return out

    def windows(self, given: Sequence[Document]) -> list[inputs.Window]:
        """What framing reads, longest first."""
        found = [w for d in given for w in inputs.windows(inputs.prepare(self.served.tokenizer, d), self.served.edges)]
        return sorted(found, key=lambda window: -len(window.ids))

    @torch.inference_mode()
    def run(self, windows: Sequence[inputs.Window], batch: int, half: bool = False) -> None:
        """Label windows, a batch at a time."""
        for start in range(0, len(windows), batch):
            rows = windows[start : start + batch]
            size = max(len(window.ids) for window in rows)
            ids = torch.tensor([(*w.ids, *[self.pad] * (size - len(w.ids))) for w in rows])
            marks = torch.tensor([(*w.marks, *[0] * (size - len(w.ids))) for w in rows])
            mask = torch.tensor([[1] * len(w.ids) + [0] * (size - len(w.ids)) for w in rows])
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
                words = self.net.get_input_embeddings()(ids) + self.marks[marks]
                self.net(inputs_embeds=words, attention_mask=mask)

    def int8(self) -> Peer:
        """The same with its products in int8, as torch quantises them."""
        quantised = object.__new__(Peer)
        quantised.__dict__.update(self.__dict__)
        quantised.net = torch.ao.quantization.quantize_dynamic(  # type: ignore[no-untyped-call]
            self.net, {torch.nn.Linear}, dtype=torch.qint8
        )
        return quantised


def batch(model: str, articles: Sequence[Article], scratch: Path) -> float:
    """Seconds of a whole process that annotates articles into a file."""
    source, out = scratch / "articles.jsonl", scratch / "annotated.jsonl"
    rows = ({"text": article.text, "outlet": article.outlet} for article in articles)
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    command = f"-m framing predict {source} -o {out} --model {model} --restart"
    began = time.perf_counter()
    subprocess.run([sys.executable, *command.split()], check=True, capture_output=True)
    return time.perf_counter() - began


def rate(work: Callable[[], Any], sentences: int, runs: int, warm: bool = True) -> float:
    """Sentences a second, median; after one run that does not count, if `warm`."""
    if warm:
        work()
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return sentences / statistics.median(seconds)


def limit(seconds: float = 3.0) -> float:
    """Multiply-adds a second of a bare int8 product of the encoder's shape (384 × 768 × 3072) in ONNX Runtime."""
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper

    rows, inner, columns = 384, 768, 3072
    weight = np.random.default_rng(0).integers(-127, 127, (inner, columns)).astype(np.int8)
    node = helper.make_node("MatMulInteger", ["a", "b"], ["c"])
    graph = helper.make_graph(
        [node],
        "product",
        [helper.make_tensor_value_info("a", TensorProto.UINT8, [rows, inner])],
        [helper.make_tensor_value_info("c", TensorProto.INT32, [rows, columns])],
        [onnx.numpy_helper.from_array(weight, "b")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    feed = {"a": np.random.default_rng(1).integers(0, 255, (rows, inner)).astype(np.uint8)}
    done, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        session.run(None, feed)
        done += 1
    return done * rows * inner * columns / (time.perf_counter() - began)


def work_of(model: artefact.Artefact, windows: Sequence[inputs.Window]) -> float:
    """Multiply-adds of a model on windows: the products with weights, and those of attention."""
    config = model.manifest["encoder"]["config"]
    size, inner, layers = config["hidden_size"], config["intermediate_size"], config["num_hidden_layers"]
    lengths = np.array([len(window.ids) for window in windows], dtype=np.float64)
    return float(layers * (lengths * (4 * size * size + 2 * size * inner) + 2 * size * lengths**2).sum())


def _read(read: annotator.Annotator, articles: Sequence[Article]) -> None:
    for article in articles:
        read(article)


def rows(options: argparse.Namespace, scratch: Path) -> Iterator[tuple[str, float, str]]:
    """Every side's name, sentences a second and against what it is held."""
    finder = Finder(registry.builtin())
    few = [labelled_document(finder, article) for article in labelled(options.peer_articles)]
    many = [article.assemble()[0] for article in labelled(options.articles)]
    count = sum(len(document.sentences) for document in few)
    own: dict[str, float] = {}
    for name in ("baseline", "fast", "accurate"):
        read = annotator.load(name, threads=1 if name == "baseline" else None)
        n = sum(len(read(article).sentences) for article in many)
        clock = Clock(read.classifier) if isinstance(read.classifier, Transformer) else None
        own[name] = rate(partial(_read, read, many), n, 1, warm=False)
        outside = f"{1 - clock.seconds * own[name] / n:.1%} of it outside the network" if clock else ""
        yield f"framing, {name}" + (", one core" if name == "baseline" else ""), own[name], outside
        if clock:
            own[name] = n / batch(name, many, scratch)
            yield f"framing, {name}, as a batch", own[name], ""
    yield "fast against accurate", own["fast"] / own["accurate"], "times"
    for name in ("accurate", "fast"):
        model = artefact.named(name)
        peer = Peer(model, scratch / name)
        alone, windows, small = peer.pairs(few), peer.windows(few), peer.int8()
        ways: dict[str, Callable[[], None]] = {
            "sentence by sentence, float32": partial(peer.run, alone, BATCH),
            "windows, float32": partial(peer.run, windows, 4),
            "windows, bfloat16": partial(peer.run, windows, 4, half=True),
            "windows, int8": partial(small.run, windows, 4),
        }
        for way, work in ways.items():
            found = rate(work, count, options.runs)
            yield f"transformers, {name}: {way}", found, f"{own[name] / found:.1f} times"
        most = limit() / (work_of(model, windows) / count)
        yield f"limit, {name}: a bare int8 product", most, f"{own[name] / most:.0%} reached"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--peer-articles", type=int, default=12, help="for the slow sides")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    print(f"{options.articles} articles, {os.cpu_count()} cores\n")
    print("| | sentences/s | framing against it |\n| --- | --- | --- |")
    with tempfile.TemporaryDirectory() as scratch:
        for name, found, told in rows(options, Path(scratch)):
            print(f"| {name} | {found:,.1f} | {told} |", flush=True)


if __name__ == "__main__":
    main()
