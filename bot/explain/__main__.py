"""`python -m bot.explain --model models/kefu.tar.gz "text"`: why it is understood so, as JSON."""

import argparse
import json
import sys
from pathlib import Path

from bot.explain.loaded import Explainer, NotExplainable
from bot.problems import Problem
from bot.wire import checked_text


def main(arguments: list[str] | None = None) -> int:
    """Prints the explanation; 1 when there is none."""
    parser = argparse.ArgumentParser(prog="python -m bot.explain", description=__doc__)
    parser.add_argument("--model", type=Path, default=Path("models/kefu.tar.gz"))
    parser.add_argument("text")
    options = parser.parse_args(arguments)
    try:
        text = checked_text(options.text)
        found = Explainer.load(options.model).explain(text)
    except Problem as problem:
        print(f"kefu explain: {problem.detail}", file=sys.stderr)
        return 1
    except NotExplainable as reason:
        print(f"kefu explain: {reason}", file=sys.stderr)
        return 1
    print(json.dumps(found, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
