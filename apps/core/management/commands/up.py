"""Start web, worker and scheduler together and keep them running."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask Linux to end the child when its parent is gone; elsewhere do nothing."""
    if sys.platform == "linux":
        ctypes.CDLL("libc.so.6", use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Command(BaseCommand):
    help = "Start web, worker and scheduler together; Ctrl-C stops all of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8000")
        parser.add_argument("--threads", type=int, default=4)
        parser.add_argument("--workers", type=int, default=1, help="Web processes (1 with SQLite).")
        parser.add_argument("--jobs", type=int, default=1, help="Worker processes.")

    def commands(self, options: dict[str, Any]) -> dict[str, list[str]]:
        python = [sys.executable, "-m"]
        (Path(settings.DATA_DIR) / "bell").mkdir(parents=True, exist_ok=True)
        return {
            "web": [
                *python, "gunicorn", "config.wsgi", "--bind", options["bind"], "--workers", str(options["workers"]),
                "--threads", str(options["threads"]), "--timeout", "45", "--graceful-timeout", "20",
                "--no-control-socket", "--log-level", "warning",
            ],
            "worker": [
                *python, "celery", "-A", "config", "worker", "--concurrency", str(options["jobs"]),
                "--loglevel", "WARNING", "--without-gossip", "--without-mingle",
            ],
            "scheduler": [*python, "celery", "-A", "config", "beat", "--loglevel", "WARNING", "--pidfile="],
        }  # fmt: skip

    def start(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings"),
        }
        return subprocess.Popen(  # noqa: S603
            command,
            preexec_fn=die_with_parent,
            start_new_session=True,
            env=environment,  # noqa: PLW1509
        )

    def handle(self, *args: Any, **options: Any) -> None:
        commands = self.commands(options)
        stopping: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda received, frame: stopping.append(received))
        running = {name: self.start(name, command) for name, command in commands.items()}
        pauses = dict.fromkeys(commands, 1.0)
        while not stopping:
            time.sleep(0.5)
            for name, process in list(running.items()):
                if process.poll() is None or stopping:
                    continue
                self.stderr.write(f"{name} ended with {process.returncode}; starting it again.")
                time.sleep(pauses[name])
                pauses[name] = min(30.0, pauses[name] * 2)
                running[name] = self.start(name, commands[name])
        self.stop(running)

    def stop(self, running: dict[str, subprocess.Popen[bytes]]) -> None:
        """Ask each to finish, wait 25 seconds at most, then end what is left."""
        self.stdout.write("Stopping …")
        for process in running.values():
            process.terminate()
        deadline = time.monotonic() + 25
        for process in running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        self.stdout.write("Stopped.")
