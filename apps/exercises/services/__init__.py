"""What people do in exercises; one function an act."""

from apps.exercises.services.after import (
    add_finding,
    change_finding,
    save_observation,
    save_reflection,
    take_into_plan,
)
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
    "KitFaults",
    "add_finding",
    "answer_invitation",
    "answer_question",
    "ask_facilitator",
    "cancel_run",
    "cast_person",
    "change_finding",
    "change_run",
    "give_due",
    "give_injects",
    "give_own_inject",
    "load_kits",
    "log_decision",
    "move_clock",
    "open_inject",
    "plan_run",
    "save_observation",
    "save_reflection",
    "skip_inject",
    "take_into_plan",
    "uncast_person",
]  # fmt: skip
