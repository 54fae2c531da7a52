"""What every page gets: navigation, what waits, demo notice, demo accounts on the sign-in page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from oproepen.rechten import is_personeel
from organisaties.models import Gebruiker
from organisaties.rechten import is_beheerder
from portaal.demo_accounts import demo_accounts
from portaal.werklijst import wacht_op

PERSONEELSPAGINAS = (
    ("Dossiers", "dossiers"),
    ("Verslagen", "verslagen"),
    ("Kostenstaten", "kostenstaten"),
    ("Betalingen", "betalingen"),
    ("Budgetstand", "budgetstand"),
)

# The tabs under Budgetstand.
GELDPAGINAS = ("/budgetstand/", "/kredieten/", "/encours/", "/grootboek/", "/deminimis/")


def portaal(request: HttpRequest) -> dict[str, Any]:
    """Return the context that basis.html reads; two queries for somebody who signed in (tasks, and what waits).

    A view that knows already how much waits puts its own `wacht_op_mij` in the context; then nothing is counted.
    """
    wie = _aangemeld(request)
    uit: dict[str, Any] = {"navigatie": navigatie(request.path, wie), "demo_banner": settings.DEMO}
    if wie is not None:
        uit["wacht_op_mij"] = SimpleLazyObject(lambda: wacht_op(wie))
    if settings.DEMO and request.path == reverse("account_login"):
        uit["demo_accounts"] = demo_accounts()
    return uit


def _aangemeld(request: HttpRequest) -> Gebruiker | None:
    wie = getattr(request, "user", None)
    return wie if wie is not None and wie.is_authenticated else None


def navigatie(pad: str, wie: Gebruiker | None) -> list[dict[str, Any]]:
    """Return the main menu for this person on the page at this path."""
    punten = [("Oproepen", reverse("oproepen"))]
    if wie is not None:
        punten.append(("Mijn werk", reverse("mijn_werk")))
        if is_personeel(wie):
            punten += [(label, reverse(naam)) for label, naam in PERSONEELSPAGINAS]
        if is_beheerder(wie):
            punten.append(("Beheer", reverse("beheer")))
    hier = reverse("budgetstand") if pad.startswith(GELDPAGINAS) else pad
    return [{"label": label, "url": url, "actief": hier == url} for label, url in punten]
