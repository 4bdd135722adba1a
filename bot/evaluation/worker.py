"""What `bot.evaluation.jobs` starts: ``python -m bot.evaluation.worker train|read FOLDER``."""

import json
import sys
import warnings
from pathlib import Path

# Rasa's pins are old and warn at import, in training and while reading, and some of them undo every
# filter. Nothing in this process warns of our own doing; what matters is in the report.
warnings.showwarning = lambda *_arguments, **_options: None

from rasa.utils.common import configure_logging_and_warnings  # noqa: E402
from rasa.utils.log_utils import configure_structlog  # noqa: E402

from bot.evaluation.errors import EvaluationFailed  # noqa: E402


def main() -> int:
    """Does one job; its result, or the line that says why there is none, goes to a file."""
    kind, folder = sys.argv[1], Path(sys.argv[2])
    configure_logging_and_warnings()
    configure_structlog()
    job = json.loads((folder / f"{kind}.job.json").read_text(encoding="utf-8"))
    try:
        # Each brings its own large part of Rasa, which the other must not hold in memory.
        if kind == "train":
            from bot.evaluation.training import train as do  # noqa: PLC0415
        else:
            from bot.evaluation.reading import read as do  # noqa: PLC0415
        done = do(job, folder)
    except EvaluationFailed as failed:
        done = {"failed": str(failed)}
    (folder / f"{kind}.done.json").write_text(json.dumps(done), encoding="utf-8")
    return 1 if "failed" in done else 0


if __name__ == "__main__":
    sys.exit(main())
