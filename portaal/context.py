"""What every page gets: navigation, demo notice, demo accounts on the sign-in page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from oproepen.rechten import is_personeel
from organisaties.rechten import is_beheerder
from portaal.demo_accounts import demo_accounts

PERSONEELSPAGINAS = (
    ("Dossiers", "dossiers"),
    ("Verslagen", "verslagen"),
    ("Betalingen", "betalingen"),
    ("Budgetstand", "budgetstand"),
)


def portaal(request: HttpRequest) -> dict[str, Any]:
    """Return the context that basis.html reads; one query for somebody who signed in."""
    uit: dict[str, Any] = {"navigatie": navigatie(request), "demo_banner": settings.DEMO}
    if settings.DEMO and request.path == reverse("account_login"):
        uit["demo_accounts"] = demo_accounts()
    return uit


def navigatie(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the main menu for this person."""
    punten = [("Oproepen", reverse("home"))]
    if getattr(request, "user", None) and request.user.is_authenticated:
        punten.append(("Mijn werk", reverse("mijn_werk")))
        if is_personeel(request.user):
            punten += [(label, reverse(naam)) for label, naam in PERSONEELSPAGINAS]
        if is_beheerder(request.user):
            punten.append(("Beheer", reverse("beheer")))
    return [{"label": label, "url": url, "actief": request.path == url} for label, url in punten]
