"""The addresses of `wagtail start`'s visitors, and a code that leads to the exhibit."""

from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls

urlpatterns = [
    path("q/<str:code>", RedirectView.as_view(url="/exhibit-1/")),
    path("", include(wagtail_urls)),
]
