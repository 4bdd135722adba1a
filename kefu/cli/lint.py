"""`kefu lint`: what is wrong, or likely wrong, with the training data."""

from typing import Annotated

import typer

from kefu.assistant import run_assistant
from kefu.cli.context import JsonFlag


def lint(
    json: JsonFlag = False,
    fast: Annotated[bool, typer.Option("--fast", help="Only what needs no model.")] = False,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Every label that is doubted, hard or wrong.")
    ] = False,
) -> None:
    """Look for duplicates, bad annotation and wrong labels; exit code 1 when one is an error."""
    chosen = {"--json": json, "--fast": fast, "--thorough": thorough}
    flags = [flag for flag, wanted in chosen.items() if wanted]
    result = run_assistant("python", "-m", "bot.lint", *flags)
    if result.returncode:
        raise typer.Exit(result.returncode)
