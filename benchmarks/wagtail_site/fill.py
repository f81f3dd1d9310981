"""Fill the site with one room, whose first page is padded to a wanted number of bytes.

python fill.py CONTENT.json, in the site's folder.
"""

import json
import os
import sys
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "museum.settings.served"
django.setup()

from django.test import Client  # noqa: E402
from home.models import ExhibitPage, HomePage  # noqa: E402

ADDRESS = "/exhibit-1/"


def rendered() -> int:
    return len(Client().get(ADDRESS, headers={"host": "127.0.0.1"}).content)


content = json.loads(Path(sys.argv[1]).read_text())
home = HomePage.objects.get()
home.title = content["exhibition"]
home.save()
for number, name in enumerate(content["room"], 1):
    page = ExhibitPage(
        title=name,
        slug=f"exhibit-{number}",
        hook=content["hook"],
        look_for=content["look_for"],
        story=content["story"],
        facts=[{"type": "fact", "value": fact} for fact in content["facts"]],
    )
    home.add_child(instance=page)

wanted, bare = content["bytes"], rendered()
if bare > wanted:
    sys.exit(f"Wagtail's page has {bare} bytes without padding, more than the {wanted} of ours")
first = ExhibitPage.objects.get(slug="exhibit-1")
first.rest = "x" * (wanted - bare)
first.save()
if rendered() != wanted:
    sys.exit(f"the page has {rendered()} bytes, not {wanted}")
