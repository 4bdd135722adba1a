"""Our processes in the configuration language of supervisor (supervisord.org)."""

import getpass
import shlex
from configparser import RawConfigParser
from pathlib import Path

from foundation.settings import Settings
from kefu.project import ROOT
from kefu.supervision.processes import ManagedProcess

# A process that ends sooner than this after its start has not started: after START_RETRIES of
# those, with growing pauses, it is given up and everything stops. Long enough for the assistant to
# find that its model is damaged.
START_SECONDS = 15
START_RETRIES = 4


def write_config(settings: Settings, processes: list[ManagedProcess]) -> Path:
    """Write ``<var>/run/supervisord.conf`` and return its path. It holds no secret."""
    run, logs = settings.var / "run", settings.var / "logs"
    run.mkdir(parents=True, exist_ok=True)
    logs.mkdir(parents=True, exist_ok=True)
    config = RawConfigParser()
    config["supervisord"] = {
        "nodaemon": "true",
        "silent": "true",
        # The user who started it, root included: dropping privileges is the operator's to set up.
        "user": _escape(getpass.getuser()),
        "logfile": _escape(str(logs / "supervisor.log")),
        "pidfile": _escape(str(run / "supervisor.pid")),
        "childlogdir": _escape(str(logs)),
    }
    for process in processes:
        config[f"program:{process.name}"] = {
            "command": _escape(shlex.join(process.command)),
            "directory": _escape(str(ROOT)),
            **_keeping(once=process.once),
            "stopwaitsecs": str(process.stop_seconds),
            "stopasgroup": "true",
            "killasgroup": "true",
            "redirect_stderr": "true",
            "stdout_logfile": _escape(str(logs / f"{process.name}.log")),
            "stdout_logfile_maxbytes": "20MB",
            "stdout_logfile_backups": "3",
        }
    path = run / "supervisord.conf"
    with path.open("w", encoding="utf-8") as file:
        config.write(file)
    return path


def _keeping(*, once: bool) -> dict[str, str]:
    if once:
        return {"autostart": "false", "autorestart": "false", "startsecs": "0", "startretries": "0"}
    return {
        "autorestart": "true",
        "startsecs": str(START_SECONDS),
        "startretries": str(START_RETRIES),
    }


def _escape(value: str) -> str:
    return value.replace("%", "%%")
