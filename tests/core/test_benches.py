"""What the benches measure against is reached: a bare view that answers, behind the site's own middleware."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

from tests.factories import UserFactory

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.mark.django_db
def test_bare_page_of_a_bench_answers_beside_the_addresses_of_the_site(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    saving, learning = (importlib.import_module(name) for name in ("bench_saving", "bench_learning"))
    learning.held.update(page=engines["django"].from_string(learning.PAGE), body="As many words")
    person = UserFactory()
    bare = saving.bare_browser(person, "bench_learning")
    answer = bare.get("/bare/")
    assert answer.status_code == 200
    assert "As many words" in answer.content.decode()
    assert bare.get("/me/account/").status_code == 200, "the frame of the page leads to the site"
    assert saving.browser(person).get("/bare/").status_code == 404
    assert settings.ROOT_URLCONF == "config.urls"
    assert (
        saving.bare_browser(person, "bench_saving", saving.STOCK).post("/bare/", {"why": "x"}).status_code
        == 302
    )
