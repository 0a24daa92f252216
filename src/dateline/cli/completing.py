"""The command that teaches a shell to complete command lines: completion."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from dateline.cli.app import COMPLETE, PROGRAM, app, knows_shells


class Shell(StrEnum):
    """Shells that can be taught."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


@app.command()
def completion(context: typer.Context, shell: Annotated[Shell, typer.Argument(metavar="SHELL", help="bash, zsh or fish.")]) -> None:
    """Prints a script that makes a shell complete commands, options and their values with the tabulator key.

    For good, let your shell read it at its start: the first line below into ~/.bashrc, or the like for zsh; fish has a folder.

    \b
    dateline completion bash
    dateline completion zsh > dateline.zsh
    dateline completion fish > dateline.fish
    """
    from typer.completion import shell_complete

    knows_shells()
    shell_complete(context.find_root().command, {}, PROGRAM, COMPLETE, f"source_{shell.value}")
