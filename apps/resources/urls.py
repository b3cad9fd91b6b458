"""Addresses of resources."""

from django.urls import path

from apps.resources.views import curation, library, ours

app_name = "resources"
urlpatterns = [
    path("resources/", library.browse, name="list"),
    path("resources/<slug:resource>/", library.resource, name="resource"),
    path("resources/<slug:resource>/markdown/", library.markdown, name="markdown"),
    path("library/queue/", curation.queue, name="queue"),
    path("library/proposed/<pid:contribution>/", curation.decide, name="decide"),
    path("library/of/<slug:resource>/", curation.curate, name="curate"),
    path("o/<pid:member>/library/", ours.ours, name="ours"),
    path("o/<pid:member>/library/new/", ours.propose, name="propose"),
    path("o/<pid:member>/library/<pid:contribution>/", ours.contribution, name="contribution"),
    path("o/<pid:member>/library/<pid:contribution>/withdraw/", ours.withdraw, name="withdraw"),
    path("o/<pid:member>/resources/<slug:resource>/used/", ours.use, name="use"),
    path("o/<pid:member>/resources/<slug:resource>/used/delete/", ours.take_back_use, name="take_back_use"),
    path("o/<pid:member>/resources/<slug:resource>/report/", ours.report, name="report"),
]
