"""What happens around every request."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kern import klok
from kern.geheugen import onthoud
from kern.weigering import GeenRecht, Weigering

Antwoorder = Callable[[HttpRequest], HttpResponse]

INHOUDSBELEID = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


class MomentVanOntvangst:
    """Stamp `request.ontvangen_op` before anything else: waiting for a lock never makes anybody late.

    Where a proxy stands in front (setting ONTVANGST_KOPREGEL names its header, as X-Request-Start), its moment
    counts, so that waiting for a free worker makes nobody late either.
    """

    def __init__(self, get_response: Antwoorder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        request.ontvangen_op = moment_van_ontvangst(request)  # type: ignore[attr-defined]
        return self.get_response(request)


def moment_van_ontvangst(request: HttpRequest) -> datetime:
    """Return when a request reached the proxy, or now; a moment that cannot be (future, too long ago) is not believed.

    The header holds seconds since 1970 with decimals, with or without `t=` before them (nginx: "t=${msec}").
    """
    nu = klok.nu()
    ruw = request.headers.get(settings.ONTVANGST_KOPREGEL, "") if settings.ONTVANGST_KOPREGEL else ""
    try:
        moment = datetime.fromtimestamp(float(ruw.removeprefix("t=")), UTC)
    except (ValueError, OverflowError, OSError):
        return nu
    vroegste = nu - timedelta(seconds=settings.LANGSTE_VERZOEK_SECONDEN)
    return moment if vroegste <= moment <= nu else nu


class LeesEenmaal:
    """While a page is shown, ask the database once for what is read more than once (kern/geheugen.py)."""

    def __init__(self, get_response: Antwoorder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        if request.method != "GET":
            return self.get_response(request)
        with onthoud():
            return self.get_response(request)


class Inhoudsbeleid:
    """Send the Content-Security-Policy; a view that set its own keeps it."""

    def __init__(self, get_response: Antwoorder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        antwoord = self.get_response(request)
        antwoord.headers.setdefault("Content-Security-Policy", INHOUDSBELEID)
        if request.user.is_authenticated if hasattr(request, "user") else False:
            antwoord.headers.setdefault("Cache-Control", "private, no-store")
        return antwoord


class WeigeringAlsPagina:
    """Show a refusal that no view put beside its field or button as a page with the sentence, never a stack trace."""

    def __init__(self, get_response: Antwoorder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fout: Exception) -> HttpResponse | None:
        """Turn a Weigering into a page; other exceptions pass."""
        if not isinstance(fout, Weigering):
            return None
        if isinstance(fout, GeenRecht) and request.method == "GET":
            return render(request, "403.html", status=403)
        status = 403 if isinstance(fout, GeenRecht) else 409
        return render(request, "weigering.html", {"zin": fout.zin}, status=status)
