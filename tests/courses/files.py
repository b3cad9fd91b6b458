"""A small course as files: data only, for tests and for sites that tests start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

RIGHT, WRONG = "a", "b"
SECRET = "Only authors read this."
WHY = "Because doors are so."
RIGHT_FIELDS = {
    "q1": {"chosen": ["a"]}, "q2": {"at.a": ["a"], "at.b": ["b"]}, "q3": {"at.a": ["1"], "at.b": ["2"], "at.c": ["3"]},
    "q4": {"typed": ["2,5"]}, "q5": {"typed": ["Bolts"]}, "q6": {"at.1": ["1"], "at.2": ["1"]},
}  # fmt: skip


def question(code: str, objective: str, **fields: Any) -> dict[str, Any]:
    """One question in the form of the files; option a is right."""
    options = [
        {"id": "a", "text": f"Right of {code}", "correct": True, "feedback": f"Because {code} is so."},
        {"id": "b", "text": f"Wrong of {code}", "correct": False, "feedback": f"It is not so in {code}."},
        {
            "id": "c",
            "text": f"Other of {code}",
            "correct": False,
            "feedback": f"It is another thing in {code}.",
        },
    ]
    base = {
        "id": code,
        "objective": objective,
        "kind": "single",
        "text": f"What of {code}?",
        "critical": False,
    }
    return {**base, "options": options, **fields}


def lesson_front(course: str, module: int, lesson: int, objective: str) -> dict[str, Any]:
    return {
        "id": f"{course}.m{module}.l{lesson}", "module": f"m{module}", "title": f"Lesson {module}-{lesson}", "minutes": 8,
        "objective": "After this you can lock a door.", "objective_id": objective,
        "hook": {"question": "Which door?", "options": ["Front", "Back"]},
        "do_it_at_work": "Lock one door.", "key_points": ["Look.", "Lock.", "Tell."],
    }  # fmt: skip


def course_document(code: str = "C9", modules: int = 1, lessons: int = 1, **fields: Any) -> dict[str, Any]:
    """course.yaml of a course with `lessons` lessons in each of `modules` modules, all of one objective."""
    return {
        "id": code, "slug": f"{code.lower()}-doors", "version": "1.0", "language": "en", "title": f"Doors {code}",
        "summary": "How to lock doors.", "audience": "Everybody.", "hours": 1, "areas": ["GOV.1"], "nice_roles": [],
        "validity_months": 12, "pass_mark": 80, "certificate": "achievement",
        "objectives": [{"id": f"{code}.O1", "text": "Lock a door."}],
        "glossary": [{"term": "door", "meaning": "A way in."}], "artefact": "A list of doors.",
        "modules": [
            {"id": f"m{m}", "title": f"Module {m}", "summary": "Doors.", "lessons": [f"l{m}{n}" for n in range(1, lessons + 1)],
             "test": {"draw": 4, "pass_mark": 75}}
            for m in range(1, modules + 1)
        ],
        **fields,
    }  # fmt: skip


def course_files(code: str = "C9", **shape: Any) -> dict[str, Any]:
    """Path → content (data for YAML, text for Markdown) of a faultless course."""
    document = course_document(code, **shape)
    objective, files, place = f"{code}.O1", {"course.yaml": document}, 0
    for m, module in enumerate(document["modules"], 1):
        for n, slug in enumerate(module["lessons"], 1):
            place += 1
            front = yaml.safe_dump(lesson_front(code, m, n, objective), allow_unicode=True)
            files[f"lessons/{place}-{slug}.md"] = (
                f"---\n{front}---\n## One\n\nText of {slug}.\n\n---screen---\n\n## Two\n\nMore.\n"
            )
            files[f"questions/{slug}.yaml"] = [
                question(f"{code}.m{m}.l{n}.q{k}", objective) for k in range(1, 4)
            ]
        exam = [question(f"{code}.m{m}.test.q{k}", objective, critical=k == 1) for k in range(1, 6)]
        files[f"questions/test-m{m}.yaml"] = exam
    return files


def kinds(prefix: str, objective: str) -> list[dict[str, Any]]:
    """One question of each kind that is marked at once."""
    common = {"objective": objective, "critical": False, "explanation": WHY}
    return [
        question(f"{prefix}.q1", objective),
        {**common, "id": f"{prefix}.q2", "kind": "matching", "text": f"Match in {prefix}.", "pairs": [{"id": "a", "left": "https://front.door.example/with/one/long/address/that/never/breaks", "right": "Key"}, {"id": "b", "left": "Back", "right": "Bolt"}], "extra": ["Hat"]},
        {**common, "id": f"{prefix}.q3", "kind": "ordering", "text": f"Order in {prefix}.", "items": [{"id": "a", "text": "Look"}, {"id": "b", "text": "Lock"}, {"id": "c", "text": "Tell"}]},
        {**common, "id": f"{prefix}.q4", "kind": "numeric", "text": f"How many in {prefix}?", "answers": [{"value": 2, "tolerance": 0.5}], "unit": "doors"},
        {**common, "id": f"{prefix}.q5", "kind": "short", "text": f"Name it in {prefix}.", "answers": [{"text": "bolt*"}]},
        {**common, "id": f"{prefix}.q6", "kind": "fill", "text": f"In {prefix} you [[1]] and [[2]].", "blanks": [{"id": "1", "choices": ["lock", "sing"]}, {"id": "2", "choices": ["tell", "hide"]}]},
    ]  # fmt: skip


def every_kind_files() -> dict[str, Any]:
    """The small course with a question of every kind, a final test and the two forms."""
    files = course_files()
    document = files["course.yaml"]
    document["final"] = {"draw": 2, "pass_mark": 50}
    document["modules"][0]["test"] = {"draw": 6, "pass_mark": 75}
    files["questions/l11.yaml"] = kinds("C9.m1.l1", "C9.O1")
    files["questions/test-m1.yaml"] = kinds("C9.m1.test", "C9.O1")
    files["questions/final.yaml"] = [question(f"C9.final.q{n}", "C9.O1") for n in range(1, 4)]
    for form in "ab":
        files[f"questions/form-{form}.yaml"] = [question(f"C9.form{form}.q{n}", "C9.O1") for n in range(1, 3)]
    return files


ARABIC_WORDS = {
    "title",
    "summary",
    "audience",
    "artefact",
    "text",
    "feedback",
    "explanation",
    "left",
    "right",
    "meaning",
}


def with_arabic(files: dict[str, Any]) -> dict[str, Any]:
    """The course with an Arabic translation: every text says that it is one, ids and answers stay."""
    spoken: dict[str, Any] = {}
    for path, content in files.items():
        if isinstance(content, str):
            front, body = content.split("---\n", 2)[1:]
            words = yaml.safe_load(front)
            words |= {
                "title": "الدرس الأول",
                "objective": "بعد هذا الدرس تقفل بابا.",
                "do_it_at_work": "أقفل بابا واحدا.",
            }
            words["hook"] = {"question": "أي باب؟", "options": ["الأمامي", "الخلفي"]}
            words["key_points"] = ["انظر.", "أقفل.", "أخبر."]
            screens = ["## الأول\n\nالنص الأول.\n"] * (body.count("---screen---") + 1)
            text = yaml.safe_dump(words, allow_unicode=True)
            spoken[f"ar/{path}"] = f"---\n{text}---\n" + "\n---screen---\n\n".join(screens)
        else:
            spoken[f"ar/{path}"] = _in_arabic(content)
    spoken["ar/course.yaml"] |= {"language": "ar"}
    return files | spoken


def _in_arabic(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: value[key] if key == "answers" else _in_arabic(value[key], key) for key in value}
    if isinstance(value, list):
        return [_in_arabic(held, name) for held in value]
    return f"بالعربية {value}" if name in ARABIC_WORDS and isinstance(value, str) else value


def write_course(root: Path, files: dict[str, Any]) -> Path:
    """Write `files` into a folder named after the course's slug and return it."""
    folder = root / "c9-doors"
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(
                content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
            )
    return folder
