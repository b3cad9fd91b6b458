"""Addresses of exercises."""

from django.urls import path

from apps.exercises.views import kits, runs

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
]
