"""What the clock rings for: the task, how often, and after how long a call that nobody took is let go, in seconds."""

from __future__ import annotations

from typing import Any

HOUR, DAY = 3600.0, 86400.0
_RINGS: dict[str, tuple[str, float, int]] = {
    "ring": ("core.ring_due", 5.0, 5),
    "heads": ("members.send_heads", 6 * HOUR, 3600),
    "statistics": ("courses.weekly_statistics", 7 * DAY, 86400),
    "times": ("courses.forget_times", 12 * HOUR, 3600),
    "renewals": ("courses.remind", 6 * HOUR, 3600),
    "ladders": ("mentoring.climb", 6 * HOUR, 3600),
    "work": ("mentoring.remind_work", 6 * HOUR, 3600),
    "links": ("resources.check_links", DAY, 43200),
    "actions": ("mentoring.remind", 6 * HOUR, 3600),
    "invitations": ("mentoring.invitations", HOUR, 3000),
    "benchmark": ("insights.release_benchmark", 6 * HOUR, 3600),
    "reports": ("reports.keep_time", 600.0, 500),
    "orphans": ("reports.clear_orphans", DAY, 43200),
    "tidy": ("core.tidy", HOUR, 3000),
    "workbooks": ("assessments.forget_workbooks", HOUR, 3000),
    "uploads": ("frameworks.forget_uploads", HOUR, 3000),
}
BEAT_SCHEDULE: dict[str, Any] = {
    name: {"task": task, "schedule": every, "options": {"expires": gone}}
    for name, (task, every, gone) in _RINGS.items()
}
