"""Plug-in for suites that run without Django and without conftest, as mutation testing does (`-p tests.plain`)."""

from __future__ import annotations

from hypothesis import Phase, settings

# The same examples for each mutant; a failing one kills it as it is, so no time goes into making it smaller.
settings.register_profile(
    "plain", derandomize=True, deadline=None, database=None, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile("plain")
