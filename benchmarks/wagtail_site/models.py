"""The models of `wagtail start`, and an exhibit that says what ours says."""

from django.db import models
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

LANGUAGES = (
    ("az", "Azərbaycan dili"),
    ("en", "English"),
    ("ru", "Русский"),
    ("tr", "Türkçe"),
    ("ar", "العربية"),
    ("fr", "Français"),
    ("zh-Hans", "简体中文"),
)


class HomePage(Page):
    """The home page that `wagtail start` makes; an exhibition stands here too."""


class ExhibitPage(Page):
    """Name, hook, what to look for, story, facts, neighbours: as on our page."""

    hook = models.TextField()
    look_for = models.TextField()
    story = RichTextField()
    facts = StreamField(
        [
            (
                "fact",
                blocks.StructBlock(
                    [
                        ("label", blocks.CharBlock()),
                        ("value", blocks.CharBlock()),
                        ("source", blocks.CharBlock()),
                        ("host", blocks.CharBlock()),
                    ]
                ),
            )
        ]
    )
    rest = models.TextField(blank=True)

    def get_context(self, request, *args, **kwargs):  # noqa: ANN001, ANN002, ANN003, ANN201
        """Add the room, in its order, and this exhibit's place in it."""
        context = super().get_context(request, *args, **kwargs)
        room = list(self.get_siblings().live().public())
        place = [one.pk for one in room].index(self.pk)
        context["exhibition"] = self.get_parent()
        context["number"], context["count"] = place + 1, len(room)
        context["previous"] = room[place - 1] if place else None
        context["next"] = room[place + 1] if place + 1 < len(room) else None
        context["related"] = [one for one in room if one.pk != self.pk][:3]
        context["languages"] = LANGUAGES
        return context
