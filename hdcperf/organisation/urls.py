from django.urls import path

from hdcperf.organisation.views import signing_in, statements

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("about/<slug:slug>/", statements.statement, name="page"),
]
