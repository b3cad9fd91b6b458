"""Courses with their lessons and questions; enrolments, progress, attempts and certificates."""

from apps.courses.models.artefacts import Artefact, WorkOffer
from apps.courses.models.authoring import (
    CourseAuthor,
    CourseDraft,
    CourseUpload,
    DraftComment,
    DraftFile,
    DraftSave,
    VersionFolder,
)
from apps.courses.models.certificates import AcceptedWork, Certificate
from apps.courses.models.clock import ExtraTime
from apps.courses.models.cohorts import Cohort, CohortInvitation, CohortPerson, Nudge
from apps.courses.models.content import Course, CourseVersion, Lesson, Module, Question
from apps.courses.models.cutting import CutEstimate
from apps.courses.models.essays import Essay, EssayMark
from apps.courses.models.figures import ItemReport, RoleNeed
from apps.courses.models.following import FollowUp, Reminding
from apps.courses.models.integrity import AnswerTime, IntegrityDecision
from apps.courses.models.learning import Attempt, Enrolment, PracticeAnswer, Progress
from apps.courses.models.notes import Note
from apps.courses.models.offline import OfflineItem
from apps.courses.models.opinions import Opinion
from apps.courses.models.oral import OralCheck
from apps.courses.models.packages import Package, PackageAttempt, PackageFile, PackageVersion
from apps.courses.models.reviewing import ReviewItem
from apps.courses.models.sittings import Seat, Sitting
from apps.courses.models.skipping import Skip
from apps.courses.models.work_files import WorkFile

__all__ = [
    "AcceptedWork", "AnswerTime", "Artefact", "Attempt", "Certificate", "Cohort", "CohortInvitation", "CohortPerson", "Course",
    "CourseAuthor", "CourseDraft", "CourseUpload", "CourseVersion", "CutEstimate", "DraftComment", "DraftFile", "DraftSave",
    "Enrolment", "Essay", "EssayMark", "ExtraTime", "FollowUp", "IntegrityDecision", "ItemReport", "Lesson", "Module", "Note", "Nudge",
    "OfflineItem", "Opinion", "OralCheck", "Package", "PackageAttempt", "PackageFile", "PackageVersion", "PracticeAnswer",
    "Progress", "Question", "Reminding", "ReviewItem", "RoleNeed", "Seat", "Sitting", "Skip", "VersionFolder", "WorkFile", "WorkOffer",
]  # fmt: skip
