"""Signing in on the way: nothing typed is lost when a session ends in the middle of a form.

A form that comes from somebody who is signed out is kept in the session for an hour, under the address of the page
that shows it. After signing in that page opens again with what was typed, and nothing has been done yet.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from kern import klok

View = Callable[..., HttpResponseBase]

BEWAARTIJD_SECONDEN = 3600
# Far above the longest form of any call; what is longer stays in the browser, and the page says so.
MAX_TEKENS = 1_000_000
MAX_PAGINAS = 5
_PLAATS = "onderbroken"


def aangemeld(pagina: str = "", *argumenten: str, knop: bool = False) -> Callable[[View], View]:
    """Let only people who signed in reach a view; others go to the sign-in page and come back.

    pagina, argumenten: for a view that only takes POST, the name of the address where its form or button stands, and
    which arguments of the view that address takes; knop: it is a button, so there is nothing typed to keep.
    The page shows what was kept by making its form of `invoer`.
    """

    def maak(view: View) -> View:
        @wraps(view)
        def uitvoeren(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            terug = reverse(pagina, kwargs={naam: kwargs[naam] for naam in argumenten}) if pagina else request.path
            if not request.user.is_authenticated:
                if request.method == "POST":
                    return _onderbroken(request, terug, knop=knop)
                return redirect_to_login(terug if pagina else request.get_full_path())
            if request.method == "POST" and terug in request.session.get(_PLAATS, {}):
                del request.session[_PLAATS][terug]
                request.session.modified = True
            return view(request, **kwargs)

        return uitvoeren

    return maak


def invoer(request: HttpRequest, van: str = "") -> QueryDict | None:
    """Return what was typed for a form of this page: posted now, or kept when its sender was signed out; else None.

    van: name of the address that the form posts to, where that is not the page's own. Kept input comes with a GET,
    so a view acts on it only when the method is POST.
    """
    hier = request.resolver_match.url_name if request.resolver_match else ""
    if request.method == "POST":
        return request.POST if van in {"", hier} else None
    bewaard = _geldig(request).get(request.path)
    if bewaard is None or bewaard["van"] != (van or hier):
        return None
    zin = "U was afgemeld. Wat u typte staat hieronder; bewaar opnieuw."
    messages.warning(request, zin + (" Bestanden moet u opnieuw kiezen." if bewaard["bestanden"] else ""))
    return QueryDict(bewaard["velden"])


def _onderbroken(request: HttpRequest, terug: str, *, knop: bool) -> HttpResponse:
    velden = request.POST.copy()
    velden.pop("csrfmiddlewaretoken", None)
    getypt = not knop and any(waarde for lijst in velden.lists() for waarde in lijst[1])
    tekst = velden.urlencode()
    if getypt and len(tekst) > MAX_TEKENS:
        return render(request, "403_csrf.html", status=403)
    zin = "U was afgemeld en er is niets gewijzigd. Meld u opnieuw aan en probeer het nog eens."
    if getypt:
        zin = "U was afgemeld. Meld u opnieuw aan; wat u typte, staat daarna nog in het formulier."
        naam = request.resolver_match.url_name if request.resolver_match else ""
        rij = {"tijd": klok.nu().timestamp(), "van": naam, "velden": tekst, "bestanden": bool(request.FILES)}
        ouder = [(pad, oud) for pad, oud in _geldig(request).items() if pad != terug]
        request.session[_PLAATS] = dict([*ouder[1 - MAX_PAGINAS :], (terug, rij)])
        request.session.set_expiry(BEWAARTIJD_SECONDEN)  # signing in sets its own
    if request.FILES:
        zin += " Bestanden konden we niet bewaren: kies ze na het aanmelden opnieuw."
    messages.warning(request, zin)
    return redirect_to_login(terug)


def _geldig(request: HttpRequest) -> dict[str, dict[str, Any]]:
    sinds = klok.nu().timestamp() - BEWAARTIJD_SECONDEN
    bewaard = request.session.get(_PLAATS, {})
    return {pad: rij for pad, rij in bewaard.items() if rij["tijd"] > sinds}
