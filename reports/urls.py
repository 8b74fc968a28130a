"""The addresses of pages that draw on every part. People link to these, so they do not change."""

from django.urls import URLPattern, path

from reports.views import audit, calendar, feed, home, meetings, question, questions, thread

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export/", audit.audit_export, name="audit-export"),
    path("feed/", feed.feed, name="feed"),
    path("feed/figures.csv", feed.figures_csv, name="feed-csv"),
    path("feed/figures.json", feed.figures_json, name="feed-json"),
    path("feed/dictionary.csv", feed.dictionary_csv, name="feed-dictionary-csv"),
    path("feed/dictionary.json", feed.dictionary_json, name="feed-dictionary-json"),
    path("feed/<int:pk>/revoke/", feed.revoke, name="feed-revoke"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/address/", calendar.calendar_address, name="calendar-address"),
    path("calendar/feed/<slug:token>.ics", calendar.calendar_feed, name="calendar-feed"),
    path("calendar/<financial_year:year>/", calendar.calendar_year, name="calendar-year"),
    path("golden-thread/", thread.thread, name="golden-thread"),
    path("golden-thread/objectives/", thread.objectives, name="objectives"),
    path("golden-thread/objectives/<int:pk>/remove/", thread.objective_remove, name="objective-remove"),
    path("golden-thread/<slug:slug>/", thread.framework, name="framework"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/add/", meetings.meeting_add, name="meeting-add"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/change/", meetings.meeting_change, name="meeting-change"),
    path("meetings/<int:pk>/cancel/", meetings.meeting_cancel, name="meeting-cancel"),
    path("questions/", questions.questions, name="questions"),
    path("questions/ask/", questions.question_ask, name="question-ask"),
    path("questions/<int:pk>/", question.question, name="question"),
]
