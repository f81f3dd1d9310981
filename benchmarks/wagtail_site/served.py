"""Settings to serve with: those of `wagtail start` for production; its cache if asked for."""

import os

from museum.settings.base import *  # noqa: F403
from museum.settings.base import BASE_DIR, MIDDLEWARE

DEBUG = False
SECRET_KEY = "of a site that lives for a minute"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
STATIC_ROOT = BASE_DIR / "collected"

if os.environ.get("BENCH_CACHE"):
    MIDDLEWARE = [
        "django.middleware.cache.UpdateCacheMiddleware",
        *MIDDLEWARE,
        "django.middleware.cache.FetchFromCacheMiddleware",
    ]
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    CACHE_MIDDLEWARE_SECONDS = 3600
