"""A worker to be killed: ``python walker.py <database url> <file>``.

Its job writes a line a step and saves how far it is; after the second step it hangs.
"""

import sys
import time
from pathlib import Path

from crm_store.database import Database
from crm_store.jobs import JobContext, JobKind, JobKinds, JobRunner
from foundation.settings import Settings

STEPS = 4


def walk_kind(file: Path, *, hang_at: int | None = None) -> JobKind:
    def walk(context: JobContext) -> dict[str, int]:
        for step in range(context.state.get("step", 0), STEPS):
            if step == hang_at:
                print("hanging", flush=True)
                time.sleep(600)
            with file.open("a") as lines:
                lines.write(f"{step}\n")
            context.save({"step": step + 1})
        return {"steps": STEPS}

    return JobKind("walk", walk)


if __name__ == "__main__":
    url, name = sys.argv[1:]
    path = Path(name)
    kinds = JobKinds.of([walk_kind(path, hang_at=2)])
    settings = Settings(var=path.parent, _env_file=None)
    JobRunner(Database(url), settings, kinds, lease_seconds=1.0).run_due()
