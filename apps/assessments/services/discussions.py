"""What was said in a copy comes along when it is merged: every thread whole, and what a reviewer still asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from apps.assessments.models import Assessment, Comment, CommentRevision, Remark, Response, Talk
from apps.assessments.services.talk import remind_later
from apps.core.ids import new_public_id

# Of each thread that came along, by its id: comments, their versions together, settled, answered.
State = dict[str, list[int | bool]]


def bring_talks(source: Assessment, into: Assessment) -> list[int]:
    """Repeat every thread of `source` in `into`, with its writers, days, mentions and earlier wordings; return the new ids.

    Must be called in a transaction. The copy keeps its own, as it was. Whoever was asked finds the question in the list
    again, since it is open here; nobody is told a second time.
    """
    old = list(Talk.objects.filter(assessment=source).order_by("pk"))
    made = [_repeated(talk, into) for talk in old]
    Talk.objects.bulk_create(made)
    _bring_comments(dict(zip([talk.pk for talk in old], made, strict=True)))
    for talk in made:
        if talk.asked_id and talk.answered_at is None and talk.settled_at is None:
            remind_later(talk)
    return [talk.pk for talk in made]


def _repeated(talk: Talk, into: Assessment) -> Talk:
    kept = (
        "indicator_id",
        "opened_by_id",
        "opened_at",
        "asked_id",
        "due_on",
        "answered_at",
        "settled_at",
        "settled_by_id",
    )
    words = {name: getattr(talk, name) for name in kept}
    return Talk(public_id=new_public_id(), member_id=into.member_id, assessment=into, **words)


def _bring_comments(talks: Mapping[int, Talk]) -> None:
    old = list(
        Comment.objects.filter(talk__in=list(talks))
        .prefetch_related("mentions", "revisions")
        .order_by("at", "pk")
    )
    made = [
        Comment(
            public_id=new_public_id(), member_id=row.member_id, talk=talks[row.talk_id], by_id=row.by_id, at=row.at,
            text=row.text, version=row.version,
        )
        for row in old
    ]  # fmt: skip
    Comment.objects.bulk_create(made)
    pairs = list(zip(old, made, strict=True))
    named = Comment.mentions.through
    named.objects.bulk_create(
        [named(comment_id=new.pk, user_id=user.pk) for row, new in pairs for user in row.mentions.all()]
    )
    CommentRevision.objects.bulk_create(
        CommentRevision(comment=new, version=was.version, text=was.text, at=was.at)
        for row, new in pairs
        for was in row.revisions.all()
    )


def talks_now(made: Iterable[int]) -> State:
    """Where these threads stand: what differs from it later was changed since."""
    rows = Talk.objects.filter(pk__in=list(made)).prefetch_related("comments")
    return {
        str(talk.pk): [
            len(talk.comments.all()),
            sum(comment.version for comment in talk.comments.all()),
            talk.settled_at is not None,
            talk.answered_at is not None,
        ]
        for talk in rows
    }


def take_talks_back(state: State) -> None:
    """Remove threads that came along; the copy has its own still."""
    Talk.objects.filter(pk__in=[int(pk) for pk in state]).delete()


def bring_remarks(
    codes: Iterable[str], mine: Mapping[str, Response], theirs: Mapping[str, Response]
) -> list[int]:
    """What a reviewer still asks in the copy about an answer that is the same here is asked here too; return the new ids.

    An answer that somebody agreed to here stays agreed: the question was settled here.
    """
    here = {mine[code].pk: theirs[code] for code in codes if code in mine and theirs[code].agreed_at is None}
    made = []
    for remark in Remark.objects.filter(response__in=list(here), resolved_at__isnull=True).order_by("pk"):
        answer = here[remark.response_id]
        new = Remark.objects.create(
            member_id=remark.member_id, response=answer, version=answer.version, by_id=remark.by_id, at=remark.at, text=remark.text,
            kind=remark.kind,
        )  # fmt: skip
        made.append(new.pk)
    return made
