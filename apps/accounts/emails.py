"""The sentences of notifications: one translatable template a kind, with named values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop

SENTENCES = {
    "invited": gettext_noop("%(who)s invited you to %(member)s."),
    "area_given": gettext_noop("%(who)s asked you to answer %(area)s for %(member)s."),
    "area_for_review": gettext_noop("%(who)s sent you %(area)s of %(member)s to review."),
    "asked_back": gettext_noop("%(who)s asks about your answer to %(indicator)s."),
    "change_requested": gettext_noop("%(who)s requests a change of your answer to %(indicator)s."),
    "two_answers": gettext_noop("%(who)s asks you to decide between two answers to %(indicator)s."),
    "round_opened": gettext_noop("%(programme)s asks %(member)s to assess itself by %(until)s."),
    "mentioned": gettext_noop("%(who)s named you in the discussion of %(indicator)s."),
    "colleague_asked": gettext_noop("%(who)s asks for your help with %(indicator)s."),
    "colleague_reminded": gettext_noop("Today %(who)s waits for your answer about %(indicator)s."),
    "talk_answered": gettext_noop("%(who)s wrote in the discussion of %(indicator)s."),
    "round_reminder": gettext_noop(
        "%(programme)s reminds %(member)s: the round “%(round)s” is open until %(until)s."
    ),
    "round_extended": gettext_noop(
        "%(programme)s gives more time: the round “%(round)s” is open until %(until)s."
    ),
    "round_extended_note": gettext_noop(
        "%(programme)s gives more time: the round “%(round)s” is open until %(until)s. “%(note)s”"
    ),
    "round_closed": gettext_noop(
        "%(programme)s closed the round “%(round)s”. What %(member)s has begun can still be finished."
    ),
    "round_reopened": gettext_noop("%(programme)s opened the round “%(round)s” again, until %(until)s."),
    "round_declined": gettext_noop("%(member)s does not take part in the round “%(round)s”."),
    "round_rejoined": gettext_noop("%(member)s takes part in the round “%(round)s” after all."),
    "ready_for_review": gettext_noop("%(member)s is ready for your review."),
    "submitted": gettext_noop("%(member)s has submitted its assessment %(title)s."),
    "proposal": gettext_noop("%(member)s and %(mentor)s are proposed to work together on %(area)s."),
    "proposal_accepted": gettext_noop("%(who)s accepted the proposal on %(area)s."),
    "proposal_declined": gettext_noop("%(who)s declined the proposal on %(area)s."),
    "reply_soon": gettext_noop("Your answer to the invitation on %(area)s is awaited by %(day)s."),
    "invitation_extended": gettext_noop("You have until %(day)s to answer the invitation on %(area)s."),
    "invitation_ran_out": gettext_noop(
        "The invitation of %(member)s and %(mentor)s on %(area)s ran out without an answer from both sides."
    ),
    "shortlist_sent": gettext_noop("%(programme)s asks %(member)s to call the partners on its shortlist."),
    "place_free": gettext_noop("%(mentor)s has a free place in %(area)s, and a request that waits fits it."),
    "urgent_asked": gettext_noop("%(member)s says that its request on %(area)s is urgent."),
    "urgent_confirmed": gettext_noop("Your request on %(area)s is taken as urgent."),
    "urgent_refused": gettext_noop("The programme office says why your request on %(area)s can wait."),
    "invitation_withdrawn": gettext_noop("The programme office took back the invitation on %(area)s."),
    "engagement_started": gettext_noop(
        "The engagement of %(member)s and %(mentor)s on %(area)s has started."
    ),
    "engagement_paused": gettext_noop("The engagement on %(area)s rests until %(day)s."),
    "engagement_back": gettext_noop("The engagement on %(area)s was to go on today. Does it?"),
    "engagement_left": gettext_noop(
        "The engagement of %(member)s and %(mentor)s on %(area)s has ended early. It counts against nobody."
    ),
    "engagement_left_office": gettext_noop(
        "The engagement of %(member)s and %(mentor)s on %(area)s has ended early. The reason is for you only."
    ),
    "rung_reached": gettext_noop("%(member)s has climbed a rung of the ladder."),
    "rung_falls": gettext_noop(
        "The figures of %(member)s fit a lower rung. Hold it or confirm, with a sentence."
    ),
    "rung_held": gettext_noop(
        "The programme office keeps %(member)s on its rung. Its sentence stands there."
    ),
    "rung_lowered": gettext_noop(
        "%(member)s stands on a lower rung. The sentence of the office stands there."
    ),
    "review_waits": gettext_noop("%(who)s wrote the closing review on %(area)s. Please read and confirm it."),
    "review_done": gettext_noop("Both sides have confirmed the closing review on %(area)s."),
    "follow_up_due": gettext_noop(
        "%(months)s months after the work on %(area)s: is what you reached still in place?"
    ),
    "follow_up_answered": gettext_noop("%(member)s says what is left of the work on %(area)s."),
    "engagement_again": gettext_noop("The engagement on %(area)s goes on after all."),
    "agreement_to_sign": gettext_noop(
        "%(other)s signed the agreement on %(area)s. It waits for your signature."
    ),
    "agreement_in_force": gettext_noop("The agreement with %(other)s on %(area)s is in force."),
    "meeting_planned": gettext_noop("%(who)s planned a session on %(area)s."),
    "meeting_moved": gettext_noop("%(who)s moved the session on %(area)s."),
    "meeting_off": gettext_noop("%(who)s called the session on %(area)s off."),
    "task_given": gettext_noop("%(who)s asks you to do something: “%(what)s”."),
    "file_shared": gettext_noop("%(who)s shared a file in the engagement on %(area)s."),
    "thread_named": gettext_noop("%(who)s named you in the discussion of the engagement on %(area)s."),
    "thread_answered": gettext_noop("%(who)s wrote in the discussion of the engagement on %(area)s."),
    "session_logged": gettext_noop("%(who)s wrote a note about the session on %(date)s."),
    "need_sent": gettext_noop("%(member)s asks for help in %(area)s."),
    "export_ready": gettext_noop("The archive of everything %(member)s has here is ready."),
    "export_failed": gettext_noop("The archive of everything %(member)s has here could not be made."),
    "leaving_asked": gettext_noop(
        "The deletion of %(member)s was asked for. Somebody else has to confirm it."
    ),
    "leaving_cancelled": gettext_noop("The deletion of %(member)s was taken back."),
    "leaving_confirmed": gettext_noop(
        "The deletion of %(member)s was confirmed. It can still be taken back."
    ),
    "leaving_done": gettext_noop("%(member)s was deleted. Keep the receipt."),
    "report_ready": gettext_noop("The report “%(title)s” is ready."),
    "report_failed": gettext_noop("The report “%(title)s” could not be made."),
    "batch_ready": gettext_noop("%(programme)s: %(ready)s of %(all)s reports of a batch are ready."),
    "schedule_stopped": gettext_noop("The scheduled report “%(title)s” of %(of)s was stopped: %(reason)s"),
    "schedule_empty": gettext_noop("The scheduled report “%(title)s” of %(of)s was not made: %(reason)s"),
    "extra_time": gettext_noop("%(who)s gave you more time in tests."),
    "certificate": gettext_noop("Your certificate for %(course)s is ready."),
    "cohort_nudge": gettext_noop(
        "%(who)s reminds you: the course of your group “%(cohort)s” runs until %(until)s."
    ),
    "certificate_withdrawn": gettext_noop(
        "Your certificate for %(course)s was withdrawn. The reason stands there."
    ),
    "certificate_mistaken": gettext_noop(
        "Your certificate for %(course)s was withdrawn because of a mistake of ours. You can take a correct one."
    ),
    "certificate_ends": gettext_noop("Your certificate for %(course)s ends on %(until)s."),
    "essay_waits": gettext_noop("A text in a test of %(course)s waits for your marking."),
    "test_set_aside": gettext_noop(
        "%(who)s decided that your try at a test in %(course)s does not count. The reason stands there."
    ),
    "test_marked": gettext_noop("Your test in %(course)s is marked."),
    "role_changed": gettext_noop("Your role in %(member)s is now: %(role)s."),
    "removed": gettext_noop("You no longer belong to %(member)s."),
    "grant_given": gettext_noop("%(member)s shares its result with you until %(until)s."),
    "grant_withdrawn": gettext_noop("%(member)s withdrew what it shared with you."),
    "review_asked": gettext_noop(
        "%(member)s asks %(reviewer)s to review its result %(title)s until %(until)s."
    ),
    "review_signed": gettext_noop(
        "%(reviewer)s has signed its review of the result %(title)s of %(member)s."
    ),
    "review_answered": gettext_noop("%(member)s answered your finding on %(indicator)s."),
    "result_void": gettext_noop(
        "%(member)s reopened %(title)s: its result is void, and so is what you read or reviewed of it."
    ),
    "certified": gettext_noop("%(programme)s certified you to verify results until %(until)s."),
    "evidence_infected": gettext_noop(
        "Harmful content was found in “%(title)s” of %(member)s. The file is locked away."
    ),
    "roadmap_ready": gettext_noop("The roadmap for %(title)s is worked out."),
    "action_given": gettext_noop("%(who)s asked you to take on %(what)s in the plan “%(plan)s”."),
    "action_due": gettext_noop("%(what)s in the plan “%(plan)s” is due on %(day)s."),
    "action_late": gettext_noop("%(what)s in the plan “%(plan)s” was due on %(day)s."),
    "exercise_lead": gettext_noop("%(who)s asks you to lead the exercise “%(title)s” on %(day)s."),
    "exercise_joint": gettext_noop(
        "%(member)s plans the exercise “%(title)s” with you on %(day)s. Say who plays for you."
    ),
    "exercise_invited": gettext_noop("%(who)s invites you to play in the exercise “%(title)s” on %(day)s."),
    "exercise_off": gettext_noop("The exercise “%(title)s” is called off: %(reason)s"),
    "token_made": gettext_noop("A token for programs was made in your name: “%(name)s”."),
    "work_offered": gettext_noop("%(who)s offers course work as evidence for %(indicator)s."),
    "work_asked": gettext_noop("%(who)s noted what came of the talk about your work in %(course)s."),
    "work_file_harmful": gettext_noop(
        "Harmful content was found in “%(title)s”. The file is locked away; your words are kept."
    ),
    "resource_proposed": gettext_noop("%(member)s proposes “%(title)s” for the library."),
    "resource_accepted": gettext_noop("“%(title)s”, which you proposed, is in the library."),
    "resource_asked": gettext_noop("The office asks about “%(title)s”, which you proposed for the library."),
    "resource_declined": gettext_noop(
        "“%(title)s”, which you proposed, is not taken into the library. The reason stands there."
    ),
    "resource_reported": gettext_noop("Something is reported about “%(title)s” in the library."),
    "follow_up": gettext_noop("What became of your plan from “%(lesson)s”?"),
    "conflict": gettext_noop("%(who)s saved a different answer to %(indicator)s."),
}


def sentence(kind: str, values: Mapping[str, Any]) -> str:
    """The notification in the active language. Raises KeyError for an unknown kind or a missing value."""
    return gettext(SENTENCES[kind]) % values
