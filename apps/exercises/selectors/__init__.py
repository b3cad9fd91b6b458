"""What pages of exercises show."""

from apps.exercises.selectors.control import (
    ControlPage,
    QuestionPage,
    control_marker,
    control_page,
    question_page,
)
from apps.exercises.selectors.kits import KitLine, KitPage, find_kit, kit_page, library
from apps.exercises.selectors.playing import (
    MessagePage,
    PlayPage,
    message_page,
    play_marker,
    play_page,
    writing_player,
)
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
    "CastPage", "ControlPage", "KitLine", "KitPage", "MessagePage", "NewRunPage", "PlayPage", "QuestionPage", "RunPage",
    "RunsPage", "cast_page", "colleague", "control_marker", "control_page", "engagement_of", "find_kit", "find_run",
    "kit_page", "library", "message_page", "new_run_page", "place_of", "play_marker", "play_page", "question_page", "run_page",
    "runs_page", "writing_player",
]  # fmt: skip
