"""Question files of other systems become ours by a command, and back, with a line for each question."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command


def convert(*arguments: object, **options: object) -> str:
    out = StringIO()
    call_command("convert_questions", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def test_gift_becomes_a_question_file_and_gift_again(tmp_path: Path) -> None:
    source, target, back = tmp_path / "a.gift", tmp_path / "test-m1.yaml", tmp_path / "b.gift"
    source.write_text("::One:: Which? {=a#Yes. ~b#No. ~c#No.}\n\nCut {=a\n", encoding="utf-8")
    said = convert(source, target, "--from", "gift", "--prefix", "C3.m1.test", "--objective", "C3.O1")
    assert "1\ttaken\tOne" in said and "3\trefused" in said and "1 taken, 0 changed, 1 refused" in said
    row = yaml.safe_load(target.read_text(encoding="utf-8"))[0]
    assert (row["id"], row["objective"], row["kind"], row["critical"]) == (
        "C3.m1.test.q1",
        "C3.O1",
        "single",
        False,
    )
    convert(target, back, "--from", "yaml", "--to", "gift")
    again = tmp_path / "again.yaml"
    convert(back, again, "--from", "gift", "--prefix", "C3.m1.test")
    assert again.read_text(encoding="utf-8") == target.read_text(encoding="utf-8")


def test_a_dry_run_writes_nothing_and_nothing_is_written_over(tmp_path: Path) -> None:
    source, target = tmp_path / "a.txt", tmp_path / "a.yaml"
    source.write_text("What?\nA. x\nB. y\nANSWER: A\n", encoding="utf-8")
    assert "changed" in convert(source, target, "--from", "aiken", dry_run=True)
    assert not target.exists()
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(CommandError, match="exists already"):
        convert(source, target, "--from", "aiken")
    assert target.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "raw", "form"),
    [
        ("no.gift", None, "gift"),
        ("b.gift", b"\x00", "gift"),
        ("b.yaml", b"- {a: 1", "yaml"),
        ("c.yaml", b"- 1", "yaml"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str, raw: bytes | None, form: str) -> None:
    if raw is not None:
        (tmp_path / name).write_bytes(raw)
    with pytest.raises(CommandError, match="cannot be read"):
        convert(tmp_path / name, "--from", form)
