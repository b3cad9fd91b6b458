"""Score answers or published values against a framework file; needs no database."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localdate

from apps.core.errors import Refused
from apps.core.workbooks import Cell, read_csv, read_workbook, write_csv
from apps.frameworks.services import importing
from apps.scoring import FrameworkSpec, InputFaults, cli, parse_answers, parse_framework
from apps.scoring.model import SCOPES
from apps.scoring.parse import AnswerSheet, parse_scope
from apps.scoring.reading import LARGEST_TEXT, read_document
from apps.scoring.tables import read_answers_table, read_values_table

TABLES = (".csv", ".xlsx")


class Command(BaseCommand):
    help = (
        "Score the answers in one file against the framework in another. Answers are JSON or YAML (one member, or "
        "several under `members`), or a CSV or XLSX table of members. Prints JSON, or a CSV table."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--framework", type=Path, required=True, help="A framework file of any kind that can be imported."
        )
        parser.add_argument(
            "--answers", type=Path, required=True, help="An answers file: YAML, JSON, CSV or XLSX."
        )
        parser.add_argument("--output", choices=("json", "csv"), default="json", help="What is printed.")
        parser.add_argument(
            "--values",
            action="store_true",
            help="The table holds values of dimensions, areas or indicators instead of answers.",
        )
        parser.add_argument(
            "--scope", choices=SCOPES, help="For a table, when the framework asks both scopes."
        )
        parser.add_argument(
            "--on", type=date.fromisoformat, help="For a table: the day of scoring; today without it."
        )
        parser.add_argument("--profile", help="For a table: the target profile.")
        parser.add_argument("--sheet", help="For XLSX: the name of the sheet; the first without it.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(_printed(options), ending="")
        except Refused as error:
            raise CommandError(error.message) from error
        except InputFaults as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{options['answers']}: it cannot be read ({error.strerror})") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{options['answers']}: not UTF-8 at byte {error.start}") from error


def _printed(options: dict[str, Any]) -> str:
    document = importing.read_any_framework(options["framework"])
    as_csv = options["output"] == "csv"
    path: Path = options["answers"]
    content = _content(path)
    if options["values"]:
        framework = parse_framework(document, scope=_scope(document, options["scope"]))
        given = read_values_table(_rows(path, content, options["sheet"]), framework, name=path.name)
        found = cli.values_of(framework, given)
        return write_csv(cli.values_as_rows(found)) if as_csv else cli.values_as_json(found)
    if path.suffix.lower() in TABLES:
        framework = parse_framework(document, scope=_scope(document, options["scope"]))
        sheets = _table_sheets(framework, _rows(path, content, options["sheet"]), options)
    else:
        answers = read_document(content.decode("utf-8"), name="answers file")
        framework = parse_framework(document, scope=parse_scope(answers))
        sheets = cli.parse_members(answers, framework)
    results = cli.results_of(framework, sheets)
    return write_csv(cli.as_rows(results)) if as_csv else cli.as_json(results)


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(LARGEST_TEXT + 1)
    if len(content) > LARGEST_TEXT:
        raise InputFaults([f"{path.name}: larger than {LARGEST_TEXT // 1_000_000} MB"])
    return content


def _scope(document: dict[str, Any], wanted: str | None) -> Any:
    """The scope that was asked for, or the only one that the framework has."""
    if wanted:
        return wanted
    rows = document.get("indicators")
    scopes = {row.get("scope") for row in rows if isinstance(row, dict)} if isinstance(rows, list) else set()
    if len(scopes) == 1 and scopes <= set(SCOPES):
        return scopes.pop()
    raise InputFaults([f"scope: this framework asks more than one; say --scope {' or '.join(SCOPES)}"])


def _rows(path: Path, content: bytes, sheet: str | None) -> list[list[Cell]]:
    if path.suffix.lower() != ".xlsx":
        return read_csv(content, name=path.name)
    sheets = read_workbook(content, name=path.name)
    if sheet is None:
        return next(iter(sheets.values()), [])
    if sheet not in sheets:
        raise InputFaults([f"{path.name}: it has no sheet {sheet!r}; it has {', '.join(sheets)}"])
    return sheets[sheet]


def _table_sheets(
    framework: FrameworkSpec, rows: list[list[Cell]], options: dict[str, Any]
) -> dict[str | None, AnswerSheet]:
    """The answers sheet of every member of a table; day and profile are the same for all."""
    members = read_answers_table(rows, framework, name=options["answers"].name)
    head: dict[str, Any] = {"framework": framework.id, "version": framework.version, "answers": {}}
    head |= {"scope": framework.scope, "on": (options["on"] or localdate()).isoformat()}
    if options["profile"]:
        head["profile"] = options["profile"]
    same = parse_answers(head, framework)
    return {
        member: AnswerSheet(answers, same.on, same.targets, same.track) for member, answers in members.items()
    }
