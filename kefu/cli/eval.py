"""`kefu eval`: measure what the assistant understands, in its own runtime."""

from pathlib import Path

import typer

from kefu.assistant import run_assistant

app = typer.Typer(help="Measure what the assistant understands.", no_args_is_help=True)

# The options are described where they are understood; `kefu eval nlu --help` asks there too.
_PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


@app.command("nlu", context_settings=_PASSED_ON, add_help_option=False)
def nlu(context: typer.Context) -> None:
    """Intents, foreign messages and entities: folds over nlu_data, or labelled files."""
    _evaluate("nlu", context.args)


@app.command("sentiment", context_settings=_PASSED_ON, add_help_option=False)
def sentiment(context: typer.Context) -> None:
    """The tone of messages: a labelled file, or folds over nlu_data/sentiment."""
    _evaluate("sentiment", context.args)


def _evaluate(kind: str, arguments: list[str]) -> None:
    # It runs in the project's folder; files are named from where the command was typed.
    here = ("--relative-to", Path.cwd())
    result = run_assistant("python", "-m", "bot.evaluation", kind, *arguments, *here)
    if result.returncode:
        # What went wrong is on stderr already, in one line.
        raise typer.Exit(result.returncode if result.returncode > 0 else 1)
