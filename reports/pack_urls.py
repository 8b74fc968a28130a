"""The addresses of packs. People link to these, so they do not change."""

from django.urls import URLPattern, path

import reports.converters  # noqa: F401  (registers the converters of periods and audiences)
from reports.views import pack, pack_files, pack_writing, packs

ONE = "reports/<span:span>/<audience:audience>/"

urlpatterns: list[URLPattern] = [
    path("reports/", packs.packs, name="packs"),
    path("reports/begin/", packs.pack_begin, name="pack-begin"),
    path(ONE, pack.pack, name="pack"),
    path("reports/<span:span>/<audience:audience>.<file_kind:kind>", pack_files.pack_file, name="pack-file"),
    path(f"{ONE}version-<int:number>.<file_kind:kind>", pack_files.pack_version_file, name="pack-version-file"),
    path(f"{ONE}files/", pack_files.pack_build, name="pack-build"),
    path(f"{ONE}preview/", pack.pack_preview, name="pack-preview"),
    path(f"{ONE}version-<int:number>/", pack.pack_version, name="pack-version"),
    path(f"{ONE}cover/", pack_writing.pack_cover, name="pack-cover"),
    path(f"{ONE}sections/", pack_writing.pack_sections, name="pack-sections"),
    path(f"{ONE}meeting/", pack_writing.pack_meeting, name="pack-meeting"),
    path(f"{ONE}annex/", pack_writing.pack_annex, name="pack-annex"),
    path(f"{ONE}annex/remove/", pack_writing.pack_annex_remove, name="pack-annex-remove"),
    path(f"{ONE}checks/<slug:check>/", pack_writing.pack_check, name="pack-check"),
    path(f"{ONE}checks/<slug:check>/withdraw/", pack_writing.pack_waiver_withdraw, name="pack-waiver-withdraw"),
    path(f"{ONE}annex-<int:number>.pdf", pack_files.pack_annex_file, name="pack-annex-file"),
    path(f"{ONE}supplement-<int:number>.pdf", pack_files.pack_supplement, name="pack-supplement"),
    path(f"{ONE}correct/", pack_writing.pack_correct, name="pack-correct"),
]
