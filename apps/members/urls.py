"""Addresses of members."""

from django.urls import path

from apps.members import views

app_name = "members"
urlpatterns = [
    path("o/new/", views.new, name="new"),
    path("o/<pid:member>/team/", views.team, name="team"),
    path("o/<pid:member>/team/invite/", views.invite, name="invite"),
    path(
        "o/<pid:member>/team/invitations/<pid:invitation>/withdraw/",
        views.withdraw,
        name="withdraw_invitation",
    ),
    path("o/<pid:member>/team/<pid:membership>/role/", views.role, name="role"),
    path("o/<pid:member>/team/<pid:membership>/remove/", views.remove, name="remove"),
    path("o/<pid:member>/sharing/<pid:grant>/withdraw/", views.withdraw_grant, name="withdraw_grant"),
    path("o/<pid:member>/sharing/picture/", views.picture, name="picture"),
    path("o/<pid:member>/programmes/<pid:programme>/join/", views.join, name="join"),
    path("o/<pid:member>/programmes/<pid:programme>/leave/", views.leave, name="leave"),
    path("p/<pid:programme>/members/", views.participants, name="participants"),
    path("p/<pid:programme>/reviewers/", views.certified, name="certified"),
    path(
        "p/<pid:programme>/reviewers/<pid:certification>/withdraw/",
        views.withdraw_certification,
        name="withdraw_certification",
    ),
    path("invitation/<slug:token>/", views.invitation, name="invitation"),
    path("invitation/<slug:token>/accept/", views.accept, name="accept"),
]
