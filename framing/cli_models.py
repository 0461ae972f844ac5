"""The commands about models: what there is, what it is, whether it is whole, which is in use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated as Arg

import typer

from framing.schema import FramingError

models = typer.Typer(no_args_is_help=True, help="The models there are: list, show, verify, switch, export.")

Name = Arg[str, typer.Argument(help="accurate, fast, baseline, or a model's folder.")]
Home = Arg[Path | None, typer.Option(help="The folder of models. (default: those framing uses)", show_default=False)]


@models.command("list")
def list_(home: Home = None) -> None:
    """List every model: in use, previous, refused by a gate.

    Example: framing models list
    """
    from framing import artefact, shelf

    place = home or artefact.models_folder()
    found = list(shelf.listed(place))
    if not found:
        raise FramingError(f"{place}: no models here")
    for row in found:
        try:
            model = artefact.check(row.folder)
            told = f"{model.kind} {model.info.version} {model.sha256[:12]}"
        except FramingError as error:
            told = f"DAMAGED: {error}"
        print(f"{row.name:<10}{row.state:<10}{told}")


@models.command()
def show(model: Name) -> None:
    """Print a model's card.

    Example: framing models show accurate
    """
    from framing import artefact

    found = artefact.named(model)
    print(found.file("README.md").read_text(encoding="utf-8"), end="")


@models.command()
def verify(
    model: Arg[str | None, typer.Argument(help="A name or folder. (default: all in use)", show_default=False)] = None,
) -> None:
    """Check every file of a model against its manifest; exit 2 where one is missing, damaged or swapped.

    Example: framing models verify
    """
    from framing import artefact, shelf

    home = artefact.models_folder()
    folders = [artefact.find(model)] if model else shelf.in_use(home)
    if not folders:
        raise FramingError(f"{home}: no models here")
    for folder in folders:
        found = artefact.check(folder)
        print(f"{found.info.name}: {len(found.manifest['files'])} files as the manifest says, {found.sha256}")


@models.command()
def switch(
    name: Arg[str, typer.Argument(help="The name of a model in use.")],
    home: Home = None,
) -> None:
    """Put the previous model of a name back to use; again, and the newer one is.

    Example: framing models switch accurate
    """
    from framing import artefact, shelf

    if Path(name).name != name or name.startswith("."):
        raise FramingError(f"{name!r} is not the name of a model, such as accurate")
    found = shelf.switch(home or artefact.models_folder(), name)
    print(f"{name} is now {found.info.version} {found.sha256[:12]}")


@models.command()
def export(model: Name, folder: Arg[Path, typer.Argument(help="Where to write it.")]) -> None:
    """Write a transformer as a folder that transformers loads with its own classes (needs the train extra).

    Example: framing models export accurate out/accurate-torch
    """
    from framing import artefact, restore

    restore.to_transformers(artefact.named(model), folder)
    print(f"{folder}: AutoModelForTokenClassification.from_pretrained loads it")
