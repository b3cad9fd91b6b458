"""Addresses of exercises."""

from django.urls import path

from apps.exercises.views import after, control, kits, play, runs

app_name = "exercises"
RUN = "o/<pid:member>/exercises/<pid:exercise>/"
urlpatterns = [
    path("exercises/", kits.library, name="library"),
    path("exercises/<slug:kit>/", kits.kit, name="kit"),
    path("exercises/<slug:kit>/handout/", kits.handout, name="handout"),
    path("o/<pid:member>/exercises/", runs.runs, name="runs"),
    path("o/<pid:member>/exercises/new/", runs.new, name="new"),
    path(RUN, runs.run, name="run"),
    path(f"{RUN}change/", runs.change, name="change"),
    path(f"{RUN}cancel/", runs.cancel, name="cancel"),
    path(f"{RUN}people/", runs.people, name="people"),
    path(f"{RUN}reply/", runs.reply, name="reply"),
    path(f"{RUN}control/", control.control, name="control"),
    path(f"{RUN}control/news/", control.news, name="control_news"),
    path(f"{RUN}control/clock/", control.clock, name="clock"),
    path(f"{RUN}control/give/", control.give, name="give"),
    path(f"{RUN}control/skip/", control.skip, name="skip"),
    path(f"{RUN}control/own/", control.own, name="own"),
    path(f"{RUN}control/answer/<pid:entry>/", control.answer, name="answer"),
    path(f"{RUN}play/", play.play, name="play"),
    path(f"{RUN}play/news/", play.news, name="play_news"),
    path(f"{RUN}play/decide/", play.decide, name="decide"),
    path(f"{RUN}play/ask/", play.ask, name="ask"),
    path(f"{RUN}play/<pid:inject>/", play.inject, name="inject"),
    path(f"{RUN}observe/", after.observe, name="observe"),
    path(f"{RUN}observe/sheet/", after.sheet, name="sheet"),
    path(f"{RUN}wash/", after.wash, name="wash"),
    path(f"{RUN}findings/", after.findings, name="findings"),
    path(f"{RUN}findings/plan/", after.into_plan, name="into_plan"),
    path(f"{RUN}findings/<pid:exercise_finding>/", after.finding, name="finding"),
]
