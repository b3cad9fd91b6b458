"""The reads of a save, each one statement: where it happens, what stands there, what comes next. See `core.statements`."""

from __future__ import annotations

from apps.assessments.models import Assessment
from apps.frameworks.models import Area, FrameworkVersion, Indicator
from apps.members.models import Member

# One question of one assessment, for somebody of the member. Values: user, codes of question and area, public ids of
# assessment and member. The columns come in the order of the parts; the last one is the role.
PLACE_PARTS = (
    (FrameworkVersion, ("id", "document_hash")),
    (Member, ("id", "public_id", "name", "kind")),
    (Area, ("id", "code")),
    (Indicator, ("id", "code", "scope", "key", "version_id", "area_id")),
    (Assessment, ("id", "public_id", "title", "scope", "state", "member_id", "version_of_id")),
)
PLACE = """
SELECT v."id", v."document_hash", m."id", m."public_id", m."name", m."kind", area."id", area."code",
    i."id", i."code", i."scope", i."key", i."version_id", i."area_id",
    a."id", a."public_id", a."title", a."scope", a."state", a."member_id", a."version_of_id", who."role"
FROM "assessments_assessment" a
JOIN "members_member" m ON m."id" = a."member_id"
JOIN "members_membership" who ON who."member_id" = m."id" AND who."user_id" = %s
JOIN "frameworks_frameworkversion" v ON v."id" = a."version_of_id"
JOIN "frameworks_indicator" i ON i."version_id" = v."id" AND i."code" = %s AND i."scope" IN (a."scope", 'both')
JOIN "frameworks_area" area ON area."id" = i."area_id" AND area."code" = %s
WHERE a."public_id" = %s AND m."public_id" = %s
"""

# What stands at a question now. Values: user (whose draft), question, question, assessment.
# The state and title of the assessment; whether a draft of the person is kept, evidence accepted, anything open that a
# reviewer wants, and a question among it; then the answer itself, its key None where there is none.
ANSWER_COLUMNS = ("id", "public_id", "kind", "level", "reason", "why", "version")
STANDING = """
SELECT a."state", a."title",
    EXISTS(SELECT 1 FROM "assessments_draft" d
        WHERE d."member_id" = a."member_id" AND d."assessment_id" = a."id" AND d."user_id" = %s
        AND d."indicator_id" = %s),
    EXISTS(SELECT 1 FROM "assessments_evidence" e JOIN "assessments_evidencelink" l ON l."evidence_id" = e."id"
        WHERE e."assessment_id" = a."id" AND l."indicator_id" = %s AND l."accepted_by_id" IS NOT NULL),
    EXISTS(SELECT 1 FROM "assessments_remark" k WHERE k."response_id" = r."id" AND k."resolved_at" IS NULL),
    EXISTS(SELECT 1 FROM "assessments_remark" k
        WHERE k."response_id" = r."id" AND k."resolved_at" IS NULL AND k."kind" = 'question'),
    r."id", r."public_id", r."kind", r."level", r."reason", r."why", r."version"
FROM "assessments_assessment" a
LEFT JOIN "assessments_response" r
    ON r."member_id" = a."member_id" AND r."assessment_id" = a."id" AND r."indicator_id" = %s
WHERE a."id" = %s
"""

# Questions without an answer or with one that was asked back, and the question the person comes from, in the order of
# the framework. Values: assessment, question. Code, area and its code, who answers the area, who answered the question,
# and whether it was asked back.
TURNS = """
SELECT i."code", area."code", g."respondent_id", r."answered_by_id",
    EXISTS(SELECT 1 FROM "assessments_remark" k WHERE k."response_id" = r."id" AND k."resolved_at" IS NULL) AS asked
FROM "assessments_assessment" a
JOIN "frameworks_indicator" i ON i."version_id" = a."version_of_id" AND i."scope" IN (a."scope", 'both')
JOIN "frameworks_area" area ON area."id" = i."area_id"
JOIN "frameworks_dimension" dimension ON dimension."id" = area."dimension_id"
LEFT JOIN "assessments_response" r
    ON r."member_id" = a."member_id" AND r."assessment_id" = a."id" AND r."indicator_id" = i."id"
LEFT JOIN "assessments_assignment" g
    ON g."member_id" = a."member_id" AND g."assessment_id" = a."id" AND g."area_id" = area."id"
WHERE a."id" = %s AND (r."id" IS NULL OR i."id" = %s
    OR EXISTS(SELECT 1 FROM "assessments_remark" k WHERE k."response_id" = r."id" AND k."resolved_at" IS NULL))
ORDER BY dimension."position", area."position", area."id", i."position", i."id"
"""
