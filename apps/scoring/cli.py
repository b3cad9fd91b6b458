"""Scoring two files without a site: framework and answers in, result out, as text."""

from __future__ import annotations

import json

from apps.scoring.engine import score
from apps.scoring.framework_file import parse_framework
from apps.scoring.parse import parse_answers, parse_scope
from apps.scoring.reading import read_document


def run(framework_text: str, answers_text: str) -> str:
    """Return the result document as JSON text: sorted keys, two spaces, one newline at the end.

    Both texts are YAML or JSON of at most 5 MB. The same texts give the same bytes. Raises `InputFaults`,
    whose `faults` name everything that is wrong and where.
    """
    framework_document = read_document(framework_text, name="framework file")
    answers_document = read_document(answers_text, name="answers file")
    framework = parse_framework(framework_document, scope=parse_scope(answers_document))
    sheet = parse_answers(answers_document, framework)
    result = score(framework, sheet.answers, on=sheet.on, targets=sheet.targets, track=sheet.track)
    return (
        json.dumps(result.as_document(), sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    )
