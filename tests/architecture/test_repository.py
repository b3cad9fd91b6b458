"""What may never be written into the repository."""

import re
import subprocess
from pathlib import Path

import pytest

BANNED = re.compile(r"--index-url|files\.pythonhosted|pypi\.org/simple|registry\.npmjs")


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [Path(name) for name in done.stdout.decode().split("\0") if name and Path(name).exists()]


def test_no_registry_address_is_committed() -> None:
    own = Path("tests/architecture/test_repository.py")
    text = (
        p
        for p in tracked()
        if p.suffix in {".py", ".toml", ".txt", ".in", ".md", ".sh", ".yaml", ""} and p != own
    )
    assert [str(p) for p in text if p.is_file() and BANNED.search(p.read_text(errors="ignore"))] == []


def test_python_files_stay_readable_at_one_sitting() -> None:
    long = {
        str(p): n
        for p in Path("apps").rglob("*.py")
        if "migrations" not in p.parts and (n := len(p.read_text().splitlines())) > 440
    }
    assert long == {}


def test_no_test_holds_work_to_a_clock() -> None:
    """A busy machine is no fault of the code: what work costs is counted (`tests/effort.py`), never timed."""
    waits = {
        "tests/stack.py": "waits for services to answer",
        "tests/e2e/test_together.py": "codes of an authenticator",
    }
    clock = re.compile(r"\b(?:perf_counter|process_time|monotonic|thread_time)(?:_ns)?\(|\btime\.time\(")
    timed = {str(p) for p in Path("tests").rglob("*.py") if clock.search(p.read_text("utf-8"))}
    assert timed == set(waits)
