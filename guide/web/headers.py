"""The one set of headers that every answer carries (`docs/promises.md`)."""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders

from guide.settings import Settings

SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "font-src 'self'; media-src 'self'; connect-src 'self'; manifest-src 'self'; "
        "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
}
SCANNING_PATHS = ("/staff/walk/",)
"""Pages that read codes with the camera."""

SECRET_PATHS = ("/d/", "/calendar/")
"""Addresses that open to whoever knows them; no page repeats one."""

OPEN_TO_ALL = tuple(
    f"/api/v1/{one}" for one in ("exhibitions", "exhibits", "languages", "openapi.json")
)
"""What pages of other sites may read, refusals included; no cookie changes it."""

SILENT_PATHS = (*SECRET_PATHS, "/staff")
YEAR = 31_536_000


def headers_for(path: str, settings: Settings) -> Mapping[str, str]:
    """Return the headers of an answer at a path."""
    is_silent = path.startswith(SILENT_PATHS)
    headers = {
        **SECURITY,
        "Referrer-Policy": "no-referrer" if is_silent else "strict-origin-when-cross-origin",
        "Cache-Control": "no-store",
    }
    if path.startswith(SCANNING_PATHS):
        policy = SECURITY["Permissions-Policy"].replace("camera=()", "camera=(self)")
        headers["Permissions-Policy"] = policy
    if path.startswith("/staff"):
        headers["Vary"] = "Cookie"
    if path.startswith(OPEN_TO_ALL):
        headers["Access-Control-Allow-Origin"] = "*"
        headers["Access-Control-Expose-Headers"] = "ETag"
    if settings.public_url:
        headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
    return headers


def dress(headers: MutableHeaders, path: str, settings: Settings) -> None:
    """Add to the headers of an answer what every answer at its path carries."""
    for name, value in headers_for(path, settings).items():
        headers.setdefault(name, value)
