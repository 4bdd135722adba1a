"""Where the training data lies."""

import argparse
from pathlib import Path


def add_places(parser: argparse.ArgumentParser) -> None:
    """The options that say where the training data lies, named as in `rasa train`."""
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--domain", type=Path, default=Path("bot/domain"))
    parser.add_argument(
        "--data", type=Path, nargs="+", default=[Path("nlu_data"), Path("bot/dialogue")]
    )
