"""What people do in exercises; one function an act."""

from apps.exercises.services.kits import KitFaults, load_kits
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
    "KitFaults", "answer_invitation", "cancel_run", "cast_person", "change_run", "load_kits", "move_clock", "plan_run",
    "uncast_person",
]  # fmt: skip
