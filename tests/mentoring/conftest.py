"""The world of mentoring."""

from __future__ import annotations

import pytest

from tests.mentoring.world import World, make_world
from tests.people import Cast


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)
