"""Whether a request was sent to a Host of ours, as it is known at a glance."""

from urllib.parse import urlsplit

from starlette.types import Scope

from guide.settings import Settings


def own_hosts(settings: Settings) -> frozenset[bytes]:
    """Return the Hosts that are answered at once; the door decides about any other."""
    port = urlsplit(settings.serving_url).port
    names = settings.hosts | {f"{host}:{port}" for host in settings.hosts if port}
    return frozenset(name.encode() for name in names)


def is_own_host(scope: Scope, hosts: frozenset[bytes]) -> bool:
    """Say whether a request names one Host, and it is among these."""
    said = [value for name, value in scope["headers"] if name == b"host"]
    return len(said) == 1 and said[0] in hosts
