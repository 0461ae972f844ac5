from __future__ import annotations

import json
import pickle
import shutil
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from framing import artefact, batch, dataset, gates, shelf
from framing.annotator import load
from framing.items import Survey
from framing.schema import FramingError

FACTS = {"kind": "baseline", "name": "toy", "version": "1"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with artefact.writing(tmp_path / "toy") as draft:
        (draft / "vocabulary.json").write_text("{}")
        np.savez(draft / "arrays.npz", a=np.zeros(3))
        artefact.seal(draft, FACTS)
    return tmp_path / "toy"


def edit(folder: Path, change: object) -> None:
    path = folder / artefact.MANIFEST
    manifest = json.loads(path.read_text())
    change(manifest)  # type: ignore[operator]
    path.write_text(json.dumps(manifest))


def test_a_sealed_folder_passes_its_check(folder: Path) -> None:
    found = artefact.check(folder)
    assert found.info.name == "toy"
    assert len(found.sha256) == 64
    assert set(found.manifest["files"]) == {"vocabulary.json", "arrays.npz"}


@pytest.mark.parametrize("file", ["vocabulary.json", "arrays.npz"])
def test_a_changed_file_is_refused(folder: Path, file: str) -> None:
    body = bytearray((folder / file).read_bytes())
    body[-1] ^= 1
    (folder / file).write_bytes(bytes(body))
    with pytest.raises(FramingError, match=f"{file}: not the digest"):
        artefact.check(folder)


def test_a_truncated_or_missing_file_is_refused(folder: Path) -> None:
    body = (folder / "arrays.npz").read_bytes()
    (folder / "arrays.npz").write_bytes(body[:-10])
    with pytest.raises(FramingError, match="not the size"):
        artefact.check(folder)
    (folder / "arrays.npz").unlink()
    with pytest.raises(FramingError, match="missing"):
        artefact.check(folder)


@pytest.mark.parametrize(
    "name", ["../outside.json", "/etc/hostname", "sub/x.json", "weights.pkl", "weights.pt", "x.py", ".."]
)
def test_a_manifest_that_names_what_framing_does_not_load_is_refused(folder: Path, name: str) -> None:
    edit(folder, lambda m: m["files"].update({name: {"bytes": 1, "sha256": "0"}}))
    with pytest.raises(FramingError, match="does not load"):
        artefact.check(folder)


def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "secret.json"
    (folder / "vocabulary.json").rename(target)
    (folder / "vocabulary.json").symlink_to(target)
    with pytest.raises(FramingError, match="does not load"):
        artefact.check(folder)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"format": 99}', '{"format": 1}', '{"format": 1, "files": 3}'])
def test_a_damaged_manifest_is_refused(folder: Path, content: str) -> None:
    (folder / artefact.MANIFEST).write_text(content)
    with pytest.raises(FramingError):
        artefact.check(folder)


class Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (exec, ("raise SystemExit('executed')",))


@pytest.mark.parametrize("name", ["arrays.npz", "vocabulary.json"])
def test_a_pickle_under_an_accepted_name_is_never_executed(folder: Path, name: str) -> None:
    (folder / name).write_bytes(pickle.dumps(Bomb()))
    body = folder / name
    edit(folder, lambda m: m["files"].update({name: {"bytes": body.stat().st_size, "sha256": artefact.sha256(body)}}))
    edit(folder, lambda m: m.update(calibration={"threshold": 0.5, "temperature": 1.0, "offsets": [0, 0, 0]}))
    with pytest.raises(FramingError):
        load(str(folder))("Some text to annotate.")


def test_objects_inside_arrays_are_never_unpickled(folder: Path) -> None:
    np.savez(folder / "arrays.npz", label_coef=np.array([Bomb()], dtype=object))
    body = folder / "arrays.npz"
    edit(
        folder,
        lambda m: m["files"].update({"arrays.npz": {"bytes": body.stat().st_size, "sha256": artefact.sha256(body)}}),
    )
    edit(folder, lambda m: m.update(calibration={"threshold": 0.5, "temperature": 1.0, "offsets": [0, 0, 0]}))
    with pytest.raises(FramingError):
        load(str(folder))("Some text to annotate.")


def test_a_failed_write_leaves_the_old_model(folder: Path) -> None:
    before = artefact.check(folder).sha256
    with pytest.raises(RuntimeError), artefact.writing(folder) as draft:
        (draft / "x.json").write_text("{}")
        raise RuntimeError
    assert artefact.check(folder).sha256 == before
    assert [p.name for p in folder.parent.iterdir()] == ["toy"]


def test_what_a_killed_write_left_is_no_hindrance(folder: Path) -> None:
    left = folder.with_name(".toy-old")
    left.mkdir()
    (left / "x").touch()
    with artefact.writing(folder) as draft:
        (draft / "x.json").write_text("{}")
    assert [p.name for p in folder.iterdir()] == ["x.json"]
    assert not left.exists()


def test_an_unknown_model_is_named_with_those_there_are() -> None:
    with pytest.raises(FramingError, match=r"no model 'gpt': .*baseline"):
        artefact.find("gpt")


def test_a_model_in_the_folder_of_models_is_found_by_any_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMING_MODELS", str(folder.parent))
    assert artefact.named("toy").folder == folder
    folder.rename(folder.with_name("fast"))
    assert artefact.named().info.name == "toy"  # auto: there is no accurate


def test_what_a_killed_write_left_is_no_model(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMING_MODELS", str(folder.parent))
    shutil.copytree(folder, folder.with_name(".toy-old"))
    with pytest.raises(FramingError, match=r"no model '\.toy-old': .* one of toy$"):
        artefact.find(".toy-old")
    assert shelf.in_use(folder.parent) == [folder]


def test_an_error_without_a_number_is_told_in_its_own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError("the share is gone")  # its strerror is None

    for method in ("read_bytes", "read_text", "open"):
        monkeypatch.setattr(Path, method, fails)
    asked = batch.Batch(("in",), tmp_path / "out.jsonl", registry=(tmp_path / "table",))
    model = cast("artefact.Artefact", None)  # the registry is read first
    with pytest.raises(FramingError, match=r"table: cannot be read as a registry \(the share is gone\)"):
        batch._plan(asked, Survey(0, ""), model)
    for read in (artefact.check, dataset.read_text, gates.read_floors):
        with pytest.raises(FramingError, match="the share is gone"):
            read(tmp_path)
