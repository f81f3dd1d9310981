"""Which exhibits visitors may see now, as a condition of a statement."""

from datetime import UTC, datetime

from sqlalchemy import BindParameter, bindparam, select

from guide.exhibits.model import Exhibit, ExhibitText

NOW: BindParameter[datetime] = bindparam("now", callable_=lambda: datetime.now(UTC))
"""The clock, when a statement is run: what is published at a later time is not yet."""

IS_PUBLISHED = Exhibit.withdrawn_at.is_(None) & (
    select(ExhibitText.exhibit_id)
    .where(ExhibitText.exhibit_id == Exhibit.id, ExhibitText.published_at <= NOW)
    .exists()
)
