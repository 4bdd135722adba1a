"""`kefu explain`: why the assistant understands a text as it does."""

import asyncio
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from foundation.errors import Unavailable
from foundation.settings import Settings, load_settings
from gateway.assistant import AssistantFailed, AssistantUnreachable, HttpAssistant
from gateway.explanation import MAX_CHARS, Explanation
from gateway.texts import clean_text
from kefu.assistant import run_assistant
from kefu.cli.context import JsonFlag, out, print_json
from kefu.cli.explain_view import drawn
from kefu.project import MODEL


def explain(
    text: Annotated[str, typer.Argument(help="What a customer could write.")],
    json: JsonFlag = False,
) -> None:
    """Say which words, examples and distances an understanding rests on."""
    cleaned = clean_text(text, max_chars=MAX_CHARS)
    explanation = _by_the_running_assistant(load_settings(), cleaned) or _by_the_model(cleaned)
    if json:
        print_json(explanation.model_dump())
    else:
        for part in drawn(explanation):
            out.print(part)


def _by_the_running_assistant(settings: Settings, text: str) -> Explanation | None:
    """Its explanation; None when none is running."""

    async def ask() -> Explanation:
        assistant = HttpAssistant(settings)
        try:
            return await assistant.explain(text)
        finally:
            await assistant.aclose()

    try:
        return asyncio.run(ask())
    except AssistantUnreachable:
        return None
    except AssistantFailed as error:
        raise Unavailable(f"the running assistant could not explain this: {error}") from error


def _by_the_model(text: str) -> Explanation:
    """By a process of its own in the assistant's runtime; most of its time is loading."""
    console = Console(stderr=True, highlight=False)
    console.print("no assistant is running: loading the model takes some seconds", style="dim")
    with console.status("loading the model"):
        done = run_assistant(
            *("python", "-m", "bot.explain", "--model", MODEL, "--", text), captured=True
        )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it printed nothing"]
        raise Unavailable(said[-1].removeprefix("kefu explain: "))
    try:
        return Explanation.model_validate_json(done.stdout.strip().splitlines()[-1])
    except (ValidationError, IndexError) as error:
        raise Unavailable("the assistant's runtime printed no explanation") from error
