"""What people do in exercises; one function an act."""

from apps.exercises.services.kits import KitFaults, load_kits
from apps.exercises.services.playing import (
    answer_question,
    ask_facilitator,
    give_due,
    give_injects,
    give_own_inject,
    log_decision,
    open_inject,
    skip_inject,
)
from apps.exercises.services.runs import (
    answer_invitation,
    cancel_run,
    cast_person,
    change_run,
    move_clock,
    plan_run,
    uncast_person,
)

__all__ = [
    "KitFaults", "answer_invitation", "answer_question", "ask_facilitator", "cancel_run", "cast_person", "change_run",
    "give_due", "give_injects", "give_own_inject", "load_kits", "log_decision", "move_clock", "open_inject", "plan_run",
    "skip_inject", "uncast_person",
]  # fmt: skip
