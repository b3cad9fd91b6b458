"""Plan improvements from a planning problem, or from a framework with answers; needs no database."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.errors import Refused
from apps.frameworks.services import importing
from apps.planning import Costs, ProblemFaults, SolverFault, cli, parse_costs, problem_from_score
from apps.planning.grain import Grain
from apps.planning.problem import MAX_TEXT, Problem, Target
from apps.planning.reading import parse_problem, with_target
from apps.scoring import InputFaults, parse_answers, parse_framework, score
from apps.scoring.parse import parse_scope
from apps.scoring.reading import LARGEST_TEXT, read_document


class Command(BaseCommand):
    help = (
        "Choose the improvements that gain most within a budget, or reach a target for least, with proof. Takes a "
        "planning problem as JSON, or a framework with one member's answers. Prints JSON."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--problem", type=Path, help="A planning problem, JSON.")
        parser.add_argument(
            "--framework", type=Path, help="A framework file of any kind that can be imported."
        )
        parser.add_argument("--answers", type=Path, help="An answers file of one member, YAML or JSON.")
        parser.add_argument("--budget", help="What the plan may cost; no limit without it.")
        parser.add_argument("--unit", default="person-days", help="What costs are counted in.")
        parser.add_argument(
            "--cost-per-effort", default="5,15,40", help="Cost of one step of effort 1, 2 and 3."
        )
        parser.add_argument(
            "--evidence-cost", help="The same for steps that are practised and only have to be shown."
        )
        parser.add_argument(
            "--target",
            help="Plan for least cost up to profile:ID, wanted, score:POINTS, score:PART:POINTS, label, label:PART "
            "or label:PART:LEVEL.",
        )
        parser.add_argument("--frontier", type=int, metavar="POINTS", help="Print the cost–gain frontier.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(cli.run(_problem(options), points=options["frontier"]), ending="")
        except Refused as error:
            raise CommandError(error.message) from error
        except (InputFaults, ProblemFaults, SolverFault) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: it cannot be read ({error.strerror})") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{options['answers']}: not UTF-8 at byte {error.start}") from error


def _problem(options: dict[str, Any]) -> Problem:
    if (options["problem"] is None) == (options["framework"] is None):
        raise CommandError("Give either --problem, or --framework with --answers.")
    target, profile = cli.target_of(options["target"]) if options["target"] else (None, None)
    if options["problem"] is not None:
        if profile is not None or options["budget"] is not None:
            raise CommandError(
                "A planning problem holds its own budget and wanted levels; change them there."
            )
        problem = parse_problem(_content(options["problem"], MAX_TEXT))
        return problem if target is None else with_target(problem, target)
    if options["answers"] is None:
        raise CommandError("With --framework, --answers is needed as well.")
    return _scored_problem(options, target, profile)


def _scored_problem(options: dict[str, Any], target: Target | None, profile: str | None) -> Problem:
    document = importing.read_any_framework(options["framework"])
    answers = read_document(_content(options["answers"], LARGEST_TEXT).decode("utf-8"), name="answers file")
    framework = parse_framework(document, scope=parse_scope(answers))
    sheet = parse_answers(answers, framework)
    result = score(framework, sheet.answers, on=sheet.on, targets=sheet.targets, track=sheet.track)
    evidence = options["evidence_cost"]
    return problem_from_score(
        result.as_document(),
        document,
        costs=Costs(
            practice=parse_costs(options["cost_per_effort"], "cost-per-effort"),
            evidence=None if evidence is None else parse_costs(evidence, "evidence-cost"),
        ),
        unit=options["unit"],
        budget=_budget(options["budget"]),
        profile=profile,
        target=target,
    )


def _budget(text: str | None) -> Decimal | None:
    if text is None:
        return None
    grain = Grain()
    budget = grain.cost(text, "budget")
    grain.raise_if_any()
    return budget


def _content(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise CommandError(f"{path.name}: larger than {limit // 1_000_000} MB")
    return content
