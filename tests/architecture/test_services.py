"""Every service names its actor and takes keywords only."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import apps

# Pure calculations that live beside services carry no actor: they write nothing.
PURE = ("apps.frameworks.services.",)


def services() -> Iterator[Any]:
    for module in pkgutil.walk_packages(apps.__path__, "apps."):
        if ".services" not in module.name or module.name.startswith(PURE):
            continue
        loaded = importlib.import_module(module.name)
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if function.__module__ == module.name and not name.startswith("_") and writes(function):
                yield function


def writes(function: Any) -> bool:
    """A function under `transaction.atomic` changes rows; that is what makes it a service."""
    return hasattr(function, "__wrapped__")


def test_every_service_names_its_actor_and_takes_keywords_only() -> None:
    found, bad = 0, []
    for function in services():
        found += 1
        parameters = inspect.signature(function).parameters.values()
        if "actor" not in {p.name for p in parameters} or any(
            p.kind not in (p.KEYWORD_ONLY, p.VAR_KEYWORD) for p in parameters
        ):
            bad.append(f"{function.__module__}.{function.__name__}")
    assert found > 30
    assert bad == []


@pytest.mark.parametrize("word", ["get_model(", "ATOMIC_REQUESTS"])
def test_banned_words_do_not_appear(word: str) -> None:
    from pathlib import Path

    places = [
        str(p) for p in Path("apps").rglob("*.py") if "migrations" not in p.parts and word in p.read_text()
    ]
    assert places == []
