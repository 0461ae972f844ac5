"""`framing models export`: what it writes is read by transformers alone, without framing and without code of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from command import framing, refused
from conftest import SEEDS

from framing import artefact, inputs, read
from framing.document import read_document
from framing.mentions import Finder
from framing.split import split
from framing.transformer import Transformer

pytest.importorskip("transformers")

# Run with -I and with framing barred: what the folder needs beyond transformers would be missed here.
STRANGER = """
import json, sys
sys.modules["framing"] = None
import numpy, torch
from safetensors.torch import load_file
from transformers import AutoModelForTokenClassification, AutoTokenizer
folder, window, out = sys.argv[1:]
with open(window) as file:
    window = json.load(file)
model, report = AutoModelForTokenClassification.from_pretrained(folder, output_loading_info=True)
assert not any(report.values()), report
marks = load_file(folder + "/marks.safetensors")["marks"]
words = model.get_input_embeddings()(torch.tensor([window["ids"]]))
with torch.inference_mode():
    marked = model.eval()(inputs_embeds=words + marks[window["marks"]]).logits[0].numpy()
tokens = AutoTokenizer.from_pretrained(folder)(window["text"], add_special_tokens=False)["input_ids"]
numpy.savez(out, marked=marked, tokens=tokens)
print(json.dumps(model.config.id2label))
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["fast", "accurate"])
def test_transformers_alone_reads_an_exported_model(name: str, finder: Finder, tmp_path: Path) -> None:
    folder = tmp_path / "exported"
    done = framing("models", "export", name, folder)
    assert done.returncode == 0, done.stderr
    assert {path.suffix for path in folder.iterdir()} == {".json", ".safetensors"}  # no code, no pickle
    assert "auto_map" not in json.loads((folder / "config.json").read_text())

    served = Transformer(artefact.named(name))
    (article,) = read.read(str(SEEDS[0]))
    prepared = inputs.prepare(served.tokenizer, read_document(finder, article, split(article)[0]))
    window = inputs.windows(prepared, served.edges)[0]
    given = {"ids": window.ids, "marks": window.marks, "text": split(article)[0][0].text}
    (tmp_path / "window.json").write_text(json.dumps(given))
    command = [sys.executable, "-I", "-c", STRANGER, folder, tmp_path / "window.json", tmp_path / "out.npz"]
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["0"] == "state_media_claim"
    with np.load(tmp_path / "out.npz") as found:
        expected = served._run(window)
        assert found["tokens"].tolist() == list(prepared.sentences[0].ids)
        assert found["marked"].shape == expected.shape
        same = (found["marked"][:, :3].argmax(1) == expected[:, :3].argmax(1)).mean()
    assert same > 0.95  # of tokens; what is served rounds activations, what is exported does not


def test_only_transformers_are_exported(tmp_path: Path) -> None:
    assert "only transformers" in refused("models", "export", "baseline", tmp_path / "out")
    assert not (tmp_path / "out").exists()
