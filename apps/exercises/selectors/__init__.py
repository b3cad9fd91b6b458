"""What pages of exercises show."""

from apps.exercises.selectors.kits import KitLine, KitPage, find_kit, kit_page, library
from apps.exercises.selectors.runs import (
    CastPage,
    NewRunPage,
    RunPage,
    RunsPage,
    cast_page,
    colleague,
    engagement_of,
    find_run,
    new_run_page,
    place_of,
    run_page,
    runs_page,
)

__all__ = [
    "CastPage", "KitLine", "KitPage", "NewRunPage", "RunPage", "RunsPage", "cast_page", "colleague", "engagement_of",
    "find_kit", "find_run", "kit_page", "library", "new_run_page", "place_of", "run_page", "runs_page",
]  # fmt: skip
