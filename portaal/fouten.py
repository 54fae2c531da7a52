"""Pages for what goes wrong outside any view."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_mislukt(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain a form that was sent from an expired page."""
    return render(request, "403_csrf.html", status=403)
