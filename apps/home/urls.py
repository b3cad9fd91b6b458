"""Addresses of home."""

from django.urls import path

from apps.home import views

app_name = "home"
urlpatterns = [
    path("", views.start, name="start"),
    path("home/", views.home, name="home"),
    path("o/<pid:member>/", views.member, name="member"),
    path("o/<pid:member>/results/", views.results, name="results"),
    path("o/<pid:member>/results/<pid:assessment>/", views.result, name="result"),
    path("o/<pid:member>/assessments/<pid:assessment>/related/", views.related, name="related"),
    path(
        "o/<pid:member>/assessments/<pid:assessment>/related/<str:system>/",
        views.related,
        name="related_system",
    ),
    path("me/offer-work/<slug:course>/", views.offer, name="offer"),
    path("o/<pid:member>/offered-work/", views.offers, name="offers"),
    path("o/<pid:member>/offered-work/<pid:work_offer>/", views.decide_offer, name="decide_offer"),
    path("o/<pid:member>/offered-work/<pid:work_offer>/file/", views.offer_file, name="offer_file"),
    path("o/<pid:member>/learning/", views.gaps, name="gaps"),
    path("o/<pid:member>/sharing/", views.sharing, name="sharing"),
    path("o/<pid:member>/sharing/readings/", views.readings, name="readings"),
    path("o/<pid:member>/sharing/<pid:grant>/narrow/", views.narrow_grant, name="narrow_grant"),
    path("o/<pid:member>/record/", views.record, name="record"),
    path("o/<pid:member>/record/file/", views.record_file, name="record_file"),
    path("o/<pid:member>/results/<pid:assessment>/file/", views.result_file, name="result_file"),
    path("o/<pid:member>/results/<pid:assessment>/oscal/", views.result_oscal, name="result_oscal"),
    path(
        "o/<pid:member>/results/<pid:assessment>/table/<str:ending>/", views.result_table, name="result_table"
    ),
    path("verify/result/<str:result_code>/", views.check_result, name="check_result"),
    path("verify/script/", views.checking_script, name="checking_script"),
    path("p/<pid:programme>/", views.programme, name="programme"),
    path("tour/", views.tour, name="tour"),
    path("tour/<pid:person>/", views.enter, name="enter"),
    path("me/notifications/", views.notifications, name="notifications"),
    path("me/notifications/read/", views.read_notifications, name="read_notifications"),
    path("me/account/", views.account, name="account"),
    path("me/account/tokens/", views.tokens, name="tokens"),
    path("me/account/tokens/<pid:token_id>/revoke/", views.revoke_token, name="revoke_token"),
    path("help/", views.help_page, name="help"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
]
