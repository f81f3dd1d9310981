"""Drafts by a translation service of the museum's choice; none is part of the guide.

`GUIDE_TRANSLATION_URL` names it. It is posted {"from": "az", "to": "en", "texts": [...]} as
JSON and answers {"texts": [...]}, as many and in the same order. What it writes is a draft
by machine: visitors see it only when a curator publishes it, and are told what it is.
"""

import json
from dataclasses import dataclass
from urllib.error import URLError
from urllib.request import Request, urlopen

from pydantic import BaseModel, ValidationError

from guide.curation.forms import LONGEST_STORY, TextForm
from guide.exhibits.manuscript import Manuscript
from guide.exhibits.model import SOURCE_LANGUAGE, Status
from guide.web.forms import Rejected, read

PATIENCE = 20
"""Seconds that a curator waits at most."""
LARGEST_ANSWER = 4 * LONGEST_STORY * 4
"""Bytes: four fields, four bytes to a sign at most."""


class Answer(BaseModel):
    """What the service says."""

    texts: list[str]


@dataclass(frozen=True)
class MachineDrafts:
    """Asks the translation service, if there is one."""

    address: str | None

    @property
    def is_on(self) -> bool:
        """Say whether there is a service to ask."""
        return self.address is not None

    def draft_of(self, source: Manuscript, language: str) -> Manuscript | None:
        """Translate every field of the source; None if the service cannot, or says nonsense."""
        texts = [source.name, source.hook, source.story, *source.look_for]
        answer = self._asked(texts, language)
        if answer is None or len(answer) != len(texts):
            return None
        name, hook, story, *look_for = answer
        fields = {"name": name, "hook": hook, "story": story, "look_for": "\n".join(look_for)}
        form = read(TextForm, fields)
        if isinstance(form, Rejected):
            return None
        said = form.manuscript()
        return Manuscript(
            said.name,
            said.hook,
            said.look_for,
            said.story,
            Status.MACHINE.value,
            source.fingerprints(),
        )

    def _asked(self, texts: list[str], language: str) -> list[str] | None:
        if self.address is None:
            return None
        body = json.dumps({"from": SOURCE_LANGUAGE, "to": language, "texts": texts})
        request = Request(  # noqa: S310 (the address is a setting, http or https)
            self.address, body.encode(), {"Content-Type": "application/json"}
        )
        try:
            with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
                return Answer.model_validate_json(answer.read(LARGEST_ANSWER)).texts
        except (URLError, OSError, ValidationError):
            return None
