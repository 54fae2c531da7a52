"""`manage.py documenteer`: write the parts of docs/ that follow from the code: acts and state diagrams."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models
from django.utils.module_loading import autodiscover_modules
from django_fsm import FSMField

from kern.wachters import Wachter
from kern.weg import REGISTER

DOCS = settings.BASIS / "docs"
# The modules of a package that register acts.
MET_HANDELINGEN = ("services", "kosten.services", "laden", "laad_plan", "privacy", "inlezen")
KOP = "<!-- Written by `manage.py documenteer`; do not edit by hand. -->\n\n"


class Command(BaseCommand):
    """Write docs/handelingen.md and docs/toestanden.md, or check that they are up to date."""

    help = "Schrijft de lijst van handelingen en de toestandsdiagrammen in docs/."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --controleer."""
        parser.add_argument("--controleer", action="store_true", help="schrijf niets, faal als iets verouderd is")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or check."""
        for pad, tekst in bladen().items():
            if not options["controleer"]:
                pad.write_text(tekst, encoding="utf-8")
                self.stdout.write(f"geschreven: {pad.name}")
            elif not pad.is_file() or pad.read_text(encoding="utf-8") != tekst:
                raise CommandError(f"{pad.name} is verouderd; draai manage.py documenteer.")


def bladen() -> dict[Path, str]:
    """Return the generated pages by path."""
    return {DOCS / "handelingen.md": _handelingen(), DOCS / "toestanden.md": _toestanden()}


def _handelingen() -> str:
    autodiscover_modules(*MET_HANDELINGEN)
    regels = [
        f"| `{h.naam}` | {h.omschrijving} | `{h.functie.__module__}.{h.functie.__name__}` "
        f"| `{h.mag.__module__}.{h.mag.__name__}` |"
        for h in sorted(REGISTER.values(), key=lambda h: h.naam)
    ]
    uitleg = "Every act that changes a state, as registered with `@handeling`: its name in the events, what it does, "
    kop = ["# Acts", "", uitleg + "the service, and who may.", "", "| act | does | service | who may |"]
    return KOP + "\n".join([*kop, "| --- | --- | --- | --- |", *regels]) + "\n"


def _toestanden() -> str:
    delen = [
        "# States",
        "",
        "Each arrow is a transition method of the model; in brackets the guards that can block it.",
    ]
    for model in apps.get_models():
        for veld in model._meta.get_fields():
            if isinstance(veld, FSMField):
                delen += ["", f"## {model.__name__}", "", "```mermaid", "stateDiagram-v2", *_pijlen(model, veld), "```"]
    return KOP + "\n".join(delen) + "\n"


def _pijlen(model: type[models.Model], veld: FSMField) -> Iterator[str]:
    yield f"    [*] --> {veld.default.value if hasattr(veld.default, 'value') else veld.default}"
    pijlen = []
    for stap in veld.get_all_transitions(model):
        wachters = [w.code for w in stap.conditions if isinstance(w, Wachter)]
        eis = f" [{', '.join(wachters)}]" if wachters else ""
        pijlen.append(f"    {stap.source} --> {stap.target}: {stap.name}{eis}")
    yield from sorted(pijlen)
