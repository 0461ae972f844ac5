"""A whole run on a toy encoder: examples, windows, loss, checkpoints, calibration, export, serving."""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

torch = pytest.importorskip("torch")

from framing import artefact, dataset, inputs, network, outliers, pipeline, restore, retraining, training  # noqa: E402
from framing.annotator import load  # noqa: E402
from framing.mentions import Finder  # noqa: E402
from framing.records import LabelledArticle  # noqa: E402
from framing.schema import FramingError  # noqa: E402
from framing.transformer import Transformer  # noqa: E402

TOKENIZER = ROOT / "models" / "accurate" / "tokenizer.json"


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from transformers import MPNetConfig, MPNetModel

    folder = tmp_path_factory.mktemp("encoder")
    torch.manual_seed(0)
    config = MPNetConfig(
        vocab_size=30527, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
    )
    MPNetModel(config, add_pooling_layer=False).save_pretrained(folder)
    (folder / "tokenizer.json").write_bytes(TOKENIZER.read_bytes())
    return folder


@pytest.fixture(scope="module")
def data() -> pipeline.Data:
    articles = dataset.read_articles(ROOT / "data" / "articles" / "seeds.txt", ROOT / "data" / "articles" / "kp-1.txt")
    return pipeline.Data(train=articles[:8], dev=articles[8:11], test=articles[11:])


@pytest.fixture(scope="module")
def trained(encoder: Path, data: pipeline.Data, tmp_path_factory: pytest.TempPathFactory) -> artefact.Artefact:
    out = tmp_path_factory.mktemp("models") / "toy"
    recipe = training.Recipe(encoder=str(encoder), epochs=2, rate=1e-3)
    return pipeline.train_transformer("toy", recipe, data, out)


def test_a_trained_folder_is_served_without_torch(trained: artefact.Artefact, data: pipeline.Data) -> None:
    annotator = load(str(trained.folder))
    document = dataset.labelled_document(annotator.finder, data.test[0])
    predictions = annotator.classifier.predict(document)
    assert len(predictions) == len(document.sentences)
    for prediction in predictions:
        assert sum(prediction.scores) == pytest.approx(1)
        assert 0 <= prediction.loading <= 1
        assert prediction.grade in (0, 1, 2)


def test_the_manifest_names_every_data_set_by_digest(trained: artefact.Artefact, data: pipeline.Data) -> None:
    facts = {row["name"]: row for row in trained.manifest["data"]}
    assert facts["data/ train"]["sha256"] == dataset.digest(data.train)
    assert facts["calibration"]["sha256"] == dataset.digest(data.dev)
    assert trained.manifest["seed"] == 0
    assert trained.manifest["versions"]["torch"]


def test_a_model_is_taught_under_the_header_it_is_served_with(data: pipeline.Data, finder: Finder) -> None:
    tokenizer = inputs.load_tokenizer(TOKENIZER)
    article = replace(data.train[0], outlet="Village Bugle", state_outlet=True)  # which the registry does not know
    (example,) = training.examples([article], tokenizer, finder)
    assert example.prepared == inputs.prepare(tokenizer, dataset.labelled_document(finder, article))
    assert example.heads["full"] == inputs.header(tokenizer, "Village Bugle", "unknown")


def test_torch_and_the_served_graph_agree(encoder: Path, data: pipeline.Data, finder: Finder, tmp_path: Path) -> None:
    from framing import export

    net = network.Network.pretrained(encoder)
    torch.nn.init.normal_(net.marks.weight, std=0.5)
    torch.nn.init.normal_(net.output.weight, std=0.5)
    tokenizer = inputs.load_tokenizer(TOKENIZER)
    edges, pad = pipeline.special_tokens(tokenizer)
    examples = training.examples(data.test, tokenizer, finder)
    expected = [raw for rows in training.raw_outputs(net, examples, edges, pad) for raw in rows]
    with artefact.writing(tmp_path / "plain") as draft:
        (draft / "tokenizer.json").write_bytes(TOKENIZER.read_bytes())
        export.export(net, draft, None)
        calibration = {"temperature": 1.0, "offsets": [0, 0, 0], "threshold": 0.5, "grades": [0.5, 0.5], "span": 0.0}
        facts = {"kind": "transformer", "name": "plain", "version": "0", "marks": list(inputs.MARKS), "edges": edges,
                 "pad": pad, "max_tokens": inputs.MAX_TOKENS, "calibration": calibration}  # fmt: skip
        artefact.seal(draft, facts)
    served = Transformer(artefact.check(tmp_path / "plain"))
    got = [raw for labelled in data.test for raw in served.raw(dataset.labelled_document(finder, labelled))]
    assert len(got) == len(expected)
    difference = max(np.abs(a.logits - b.logits).max() for a, b in zip(expected, got, strict=True))
    assert difference < 1e-3
    same = np.mean([a.span == b.span for a, b in zip(expected, got, strict=True)])
    assert same > 0.98


def test_outliers_go_apart_and_what_is_computed_stays(encoder: Path, data: pipeline.Data, finder: Finder) -> None:
    net = network.Network.pretrained(encoder).eval()
    torch.nn.init.normal_(net.output.weight, std=0.5)
    tokenizer = inputs.load_tokenizer(TOKENIZER)
    edges, pad = pipeline.special_tokens(tokenizer)
    examples = training.examples(data.test, tokenizer, finder)
    grown = net.get_parameter("encoder.encoder.layer.0.intermediate.dense.bias")
    with torch.no_grad():
        grown[5] = 90.0
    with outliers.watched(net) as peaks:
        training.raw_outputs(net, examples, edges, pad)
    assert {name: int(most.argmax()) for name, most in peaks.items()}["encoder.encoder.layer.0"] == 5
    apart = outliers.parted(net, peaks)
    assert 90.0 in apart.get_parameter("encoder.encoder.layer.0.intermediate.few.bias")
    ids = torch.randint(1000, 2000, (2, 24))
    given = ids, torch.zeros_like(ids), torch.ones_like(ids)
    torch.testing.assert_close(apart(*given), net(*given), rtol=1e-4, atol=1e-4)


def test_fine_tuning_by_less_than_an_int8_step_is_not_rounded_away(trained: artefact.Artefact, tmp_path: Path) -> None:
    import onnx

    from framing import export

    name = "encoder.encoder.layer.0.intermediate.dense.weight"
    before = restore.weights(restore.open_graph(trained))
    net = network.Network.empty(trained.manifest["encoder"]["config"])
    network.load(net, before)
    step = np.abs(before[name]).max(1, keepdims=True) / 127
    with torch.no_grad():
        net.get_parameter(name).add_(torch.from_numpy(0.3 * step))
    moved = {}
    for again in (False, True):
        folder = tmp_path / str(again)
        folder.mkdir()
        export.export(net, folder, {}, again)
        after = restore.weights(onnx.load(str(folder / "model.onnx")))
        moved[again] = float(((after[name] - before[name]) / step).mean())
    assert abs(moved[True] - 0.3) < 0.05
    assert moved[False] < 0.15


def test_a_served_graph_gives_its_weights_back(trained: artefact.Artefact) -> None:
    found = restore.weights(restore.open_graph(trained))
    net = network.Network.empty(trained.manifest["encoder"]["config"])
    network.load(net, found)  # every parameter, each of its shape
    served = Transformer(trained)
    ids = torch.randint(1000, 2000, (1, 24))
    marks = torch.zeros_like(ids)
    (expected,) = served.session.run(None, {"ids": ids.numpy(), "marks": marks.numpy()})
    with torch.no_grad():
        got = net.eval()(ids, marks).numpy()
    assert np.corrcoef(got.ravel(), expected.ravel())[0, 1] > 0.99


def test_products_are_float32_where_int8_loses_too_much(
    monkeypatch: pytest.MonkeyPatch, encoder: Path, data: pipeline.Data, tmp_path: Path
) -> None:
    lost = iter((0.5, 0.0))
    monkeypatch.setattr(pipeline, "parity", lambda *_: pipeline.Parity(1.0, next(lost), 1))
    recipe, few = training.Recipe(encoder=str(encoder), epochs=1), replace(data, train=data.train[:2])
    made = pipeline.train_transformer("toy", recipe, few, tmp_path / "toy")
    assert made.manifest["products"] == "float32"
    assert {tensor.dtype for tensor in restore.weights(restore.open_graph(made)).values()} == {np.dtype(np.float32)}
    article, sentences = data.test[0].assemble()
    assert len(load(str(made.folder))(article).sentences) == len(sentences)


@pytest.mark.parametrize("kind", ["bert", "roberta", "electra", "distilbert"])
def test_encoders_of_other_kinds_are_trained_and_served(kind: str, data: pipeline.Data, tmp_path: Path) -> None:
    from transformers import AutoConfig, AutoModel

    small = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    if kind == "distilbert":
        small = {"dim": 32, "n_layers": 2, "n_heads": 2, "hidden_dim": 64}
    config = AutoConfig.for_model(kind, vocab_size=30527, max_position_embeddings=520, **small)
    AutoModel.from_config(config).save_pretrained(tmp_path / "encoder")
    (tmp_path / "encoder" / "tokenizer.json").write_bytes(TOKENIZER.read_bytes())
    recipe = training.Recipe(encoder=str(tmp_path / "encoder"), epochs=1, trial=True)
    made = pipeline.train_transformer("other", recipe, replace(data, train=data.train[:2]), tmp_path / "other")
    assert made.manifest["parity"]["same_labels"] > 0.9
    article, sentences = data.test[0].assemble()
    assert len(load(str(made.folder))(article).sentences) == len(sentences)


@pytest.mark.slow
def test_training_learns_its_examples(encoder: Path, data: pipeline.Data, finder: Finder, tmp_path: Path) -> None:
    tokenizer = inputs.load_tokenizer(TOKENIZER)
    edges, pad = pipeline.special_tokens(tokenizer)
    examples = training.examples(data.train, tokenizer, finder)
    net = network.Network.pretrained(encoder)

    def right() -> float:
        raws = [raw for rows in training.raw_outputs(net, examples, edges, pad) for raw in rows]
        gold = [row.label for article in data.train for row in article.labelled]
        return float(np.mean([raw.logits.argmax() == label for raw, label in zip(raws, gold, strict=True)]))

    before = right()
    recipe = training.Recipe(epochs=12, rate=4e-3, mark_dropout=0, unknown=0, unnamed=0, dropout=0)
    training.fine_tune(net, examples, edges, pad, recipe, tmp_path)
    assert right() > before + 0.1


def test_windows_cover_every_sentence_once_and_keep_their_limit(data: pipeline.Data, finder: Finder) -> None:
    tokenizer = inputs.load_tokenizer(TOKENIZER)
    for example in training.examples(data.train, tokenizer, finder):
        for limit in (64, 128, 384):
            cut = inputs.windows(example.prepared, (0, 2), limit)
            assert [i for w in cut for i in w.core] == list(range(len(example.prepared.sentences)))
            for window in cut:
                context = sum(index < window.core.start for index, *_ in window.spans)
                assert context <= inputs.CONTEXT
                assert len(window.ids) <= limit or len(window.spans) <= context + 1
                spans = {index: (start, end) for index, start, end in window.spans}
                for index in window.core:
                    start, end = spans[index]
                    assert window.ids[start:end] == (*example.prepared.sentences[index].ids, 2)


@pytest.mark.slow
def test_a_run_is_resumed_only_on_the_same_data(
    encoder: Path, data: pipeline.Data, finder: Finder, tmp_path: Path
) -> None:
    tokenizer = inputs.load_tokenizer(TOKENIZER)
    edges, pad = pipeline.special_tokens(tokenizer)
    examples = training.examples(data.train, tokenizer, finder)
    recipe = training.Recipe(epochs=1, batch=2)

    def run(given: list[training.Example], resume: bool) -> None:
        training.fine_tune(network.Network.pretrained(encoder), given, edges, pad, recipe, tmp_path / "work", resume)

    for _ in range(2):  # the first has nothing to go on from
        run(examples, resume=True)
        assert list((tmp_path / "work").glob("checkpoint-*"))
    targets = tuple(target and replace(target, label=target.label[::-1]) for target in examples[0].targets)
    for other in (examples[1:], [replace(examples[0], targets=targets), *examples[1:]]):
        with pytest.raises(FramingError, match="other data"):
            run(other, resume=True)
    run(other, resume=False)


def test_a_damaged_archive_of_an_encoder_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from framing import encoders

    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
    known = encoders.Encoder("hub/name", "0" * 64, ("carrier",))
    with zipfile.ZipFile(tmp_path / "whole.zip", "w") as packed:
        for name in encoders.FILES:
            packed.writestr(f"model/{name}", "not the weights")
    (tmp_path / "broken.zip").write_bytes((tmp_path / "whole.zip").read_bytes()[:100])
    for archive, told in (("whole", "not the digest"), ("broken", "carrier: .* damaged")):
        with pytest.raises(FramingError, match=told):
            encoders._joined([tmp_path / f"{archive}.zip"], known)
    assert list((tmp_path / "cache").iterdir()) == []


def test_an_unknown_encoder_is_refused_in_one_line(tmp_path: Path) -> None:
    from framing import encoders

    (tmp_path / "config.json").write_text(json.dumps({}))
    with pytest.raises(FramingError, match="lacks tokenizer"):
        encoders.fetch(str(tmp_path))


def test_transformers_loads_a_restored_model_and_agrees(
    trained: artefact.Artefact, data: pipeline.Data, finder: Finder, tmp_path: Path
) -> None:
    from safetensors.torch import load_file
    from transformers import AutoModelForTokenClassification

    from framing import restore
    from framing.transformer import Transformer

    restore.to_transformers(trained, tmp_path / "hf")
    model, report = AutoModelForTokenClassification.from_pretrained(tmp_path / "hf", output_loading_info=True)
    assert not report["missing_keys"]
    assert not report["unexpected_keys"]
    marks = load_file(tmp_path / "hf" / "marks.safetensors")["marks"]
    served = Transformer(trained)
    prepared = inputs.prepare(served.tokenizer, dataset.labelled_document(finder, data.test[0]))
    for window in inputs.windows(prepared, served.edges):
        words = model.get_input_embeddings()(torch.tensor([window.ids]))
        with torch.no_grad():
            found = model.eval()(inputs_embeds=words + marks[list(window.marks)]).logits[0].numpy()
        assert np.abs(found - served._run(window)).max() < 0.05


def without_labels(article: LabelledArticle) -> LabelledArticle:
    return replace(article, sentences=tuple(replace(row, label=None, grade=None) for row in article.sentences))


def test_fine_tuning_goes_on_from_a_shipped_model_and_keeps_its_calibration(
    trained: artefact.Artefact, data: pipeline.Data, tmp_path: Path
) -> None:
    new, drafts = data.train[:3], [without_labels(data.test[0])]
    with_new = pipeline.Data(data.train, data.dev[:2], data.test, new=new, drafts=drafts)
    old = pipeline.replay(with_new, 0)
    assert not {a.id for a in old} & {a.id for a in new}
    assert sum(len(a.labelled) for a in old) >= sum(len(a.labelled) for a in new)
    recipe = retraining.recipe("fast", retraining.Choice(finetune=True), "an encoder")
    tuned = pipeline.finetune_transformer(trained, recipe, with_new, tmp_path / "tuned", teacher=Transformer(trained))
    assert tuned.manifest["teacher"]["sha256"] == trained.sha256
    assert [row["sentences"] for row in tuned.manifest["data"] if row["name"] == "drafts"] == [
        len(data.test[0].readable)
    ]
    assert tuned.manifest["recipe"] == asdict(recipe)
    assert tuned.manifest["calibration"] == trained.manifest["calibration"]
    assert tuned.manifest["data"][-1] == trained.manifest["data"][-1]  # what it was calibrated on
    assert tuned.manifest["finetuned_from"]["sha256"] == trained.sha256
    assert tuned.file("weights-0.bin").read_bytes() != trained.file("weights-0.bin").read_bytes()
    document = dataset.labelled_document(load(str(trained.folder)).finder, data.test[0])
    before, after = (load(str(m.folder)).classifier.predict(document) for m in (trained, tuned))
    moved = max(abs(x - y) for a, b in zip(before, after, strict=True) for x, y in zip(a.scores, b.scores, strict=True))
    assert 0 < moved < 0.5
    assert [p.name for p in tmp_path.iterdir()] == ["tuned"]


def test_a_student_learns_of_drafts_what_its_teacher_says(
    encoder: Path, trained: artefact.Artefact, data: pipeline.Data, tmp_path: Path
) -> None:
    given = replace(data, train=data.train[:2], drafts=[without_labels(data.test[0])])
    recipe = training.Recipe(encoder=str(encoder), epochs=1, taught=0.7, trial=True)
    made = pipeline.train_transformer("student", recipe, given, tmp_path / "student", teacher=Transformer(trained))
    (drafts,) = [row for row in made.manifest["data"] if row["name"] == "drafts"]
    assert drafts["sentences"] == len(data.test[0].readable)


def test_real_articles_are_met_more_often_whatever_stands_beside_them(
    encoder: Path, trained: artefact.Artefact, data: pipeline.Data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[training.Example] = []

    def fine_tune(_net: object, examples: list[training.Example], *_: object) -> None:
        met.extend(examples)
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "fine_tune", fine_tune)
    written, real, drafts = data.train[:2], data.train[2:3], data.train[3:5]
    monkeypatch.setattr(pipeline.Data, "all_train", [*real, *written])  # its order is nobody's business
    given = replace(data, train=written, real_train=real, drafts=drafts)
    recipe = training.Recipe(encoder=str(encoder), real=3, taught=0.7)
    with pytest.raises(KeyboardInterrupt):
        pipeline.train_transformer("student", recipe, given, tmp_path / "student", teacher=Transformer(trained))
    sizes = [len(example.targets) for example in met]
    assert sizes == [len(article.readable) for article in (*written, *real, *drafts, *real, *real)]


def test_drafts_are_kept_but_those_of_a_story_that_is_tested(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    header = {"outlet": "-", "state_outlet": False, "country": "-", "genre": "-", "date": "2020-01-01"}
    tested = next(iter(json.loads((ROOT / "data" / "splits.json").read_text())["events"]["test"]))
    texts = [
        f"=== {json.dumps({'id': i, 'event': e, **header})}\n? | It rained.\n" for i, e in (("a", "a"), ("b", tested))
    ]
    (tmp_path / "drafts.txt").write_text("".join(texts))
    found = pipeline.load_data([ROOT / "data", tmp_path])
    assert [article.id for article in found.drafts] == ["a"]
    assert "2 drafts" in capsys.readouterr().err


def test_a_student_learns_from_its_teacher(encoder: Path, trained: artefact.Artefact, data: pipeline.Data) -> None:
    teacher, finder = Transformer(trained), load(str(trained.folder)).finder
    examples = training.examples(data.test, teacher.tokenizer, finder)
    said = [teacher.raw(dataset.labelled_document(finder, labelled)) for labelled in data.test]
    taught = training.distilled(examples, said, 1.0)
    for example, raws in zip(taught, said, strict=True):
        for target, raw in zip(example.targets, raws, strict=True):
            assert target is not None
            assert sum(target.label) == pytest.approx(1)
            assert int(np.argmax(target.label)) == int(raw.logits.argmax())
    half = training.distilled(examples, said, 0.5)
    gold, mixed = examples[0].targets[0], half[0].targets[0]
    assert gold is not None
    assert mixed is not None
    assert mixed.label[int(np.argmax(gold.label))] >= 0.5
