from django.urls import path

from hdcperf.organisation.views import councillors, delegations, passwords, posts, signing_in, statements

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("password/", passwords.change, name="password-change"),
    path("password/forgotten/", passwords.forgotten, name="password-forgotten"),
    path("password/forgotten/sent/", passwords.sent, name="password-sent"),
    path("password/new/<uidb64>/<token>/", passwords.choose, name="password-new"),
    path("posts/", posts.posts, name="posts"),
    path("posts/delegates/", delegations.delegations, name="delegations"),
    path("posts/councillors/", councillors.councillors, name="councillors"),
    path("about/<slug:slug>/", statements.statement, name="page"),
]
