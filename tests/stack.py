"""A whole site of its own for a test: data directory, database, web, worker and scheduler as real processes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.courses.files import every_kind_files, with_arabic, write_course

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    """A port of the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stack:
    """`run(...)` runs a command; `start(name)` and `kill(name)` handle the processes; `ask(code)` reads the database."""

    def __init__(self, place: Path, **environment: str) -> None:
        self.place, self.port = place, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("BELAY_", "DJANGO_", "PYTEST"))}
        kept.pop("SECRET_KEY", None)
        self.environment = kept | {
            "BELAY_DEMO": "1",
            "BELAY_DATA_DIR": str(place),
            "SITE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "JOB_LEASE_SECONDS": "6",
            "LOG_LEVEL": "WARNING",
            **environment,
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """One management command, to its end."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"{arguments} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done

    def ask(self, code: str) -> Any:
        """Run Python inside the site and return what it prints as JSON."""
        text = self.run("shell", "--no-imports", "-c", f"import json\n{code}").stdout
        return json.loads(text.strip().splitlines()[-1])

    def prepare(self, demo: bool = True) -> None:
        """What `make demo` does before it starts the site."""
        self.place.mkdir(parents=True, exist_ok=True)
        for command in (
            ["collectstatic", "--noinput", "--verbosity", "0"],
            ["migrate", "--verbosity", "0"],
            ["createcachetable"],
            ["load_framework", "content/framework/shared.yaml"],
            ["load_course", "content/courses/c1-cyber-hygiene"],
            ["load_course", "content/courses/c2-secure-operations"],
            ["load_course", str(write_course(self.place / "courses", with_arabic(every_kind_files())))],
            ["load_resources"],
            ["load_exercises"],
            *([["demo"]] if demo else []),
        ):
            self.run(*command)

    def command(self, name: str) -> list[str]:
        python = [sys.executable, "-m"]
        return {
            "web": [*python, "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}", "--threads", "4", "--no-control-socket",
                    "--log-level", "warning"],
            "worker": [*python, "celery", "-A", "config", "worker", "--concurrency", "1", "--loglevel", "WARNING", "--without-gossip",
                       "--without-mingle"],
            "scheduler": [*python, "celery", "-A", "config", "beat", "--loglevel", "WARNING", "--pidfile="],
            "up": [sys.executable, "manage.py", "up", "--bind", f"127.0.0.1:{self.port}"],
        }[name]  # fmt: skip

    def start(self, *names: str) -> None:
        """Start processes, each in a group of its own."""
        for name in names:
            with (self.place / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    self.command(name),
                    cwd=ROOT,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        if {"web", "up"} & set(names):
            self.wait(self.answers, 120, "the web process does not answer")

    def answers(self) -> bool:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as response,
        ):
            return bool(response.status == 200)
        return False

    def kill(self, name: str, number: int = signal.SIGKILL) -> int:
        """Send a signal to a whole group and wait for its end; SIGKILL is the power cut."""
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number) if number == signal.SIGKILL else process.send_signal(number)
        return process.wait(40)

    def stop(self) -> None:
        for name in list(self.processes):
            self.kill(name, signal.SIGTERM if name == "up" else signal.SIGKILL)

    @staticmethod
    def wait(condition: Callable[[], Any], seconds: float, otherwise: str) -> Any:
        """Poll until `condition()` is true; fail with a sentence after `seconds`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := condition():
                return found
            time.sleep(0.2)
        raise AssertionError(otherwise)
