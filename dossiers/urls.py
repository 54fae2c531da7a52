"""Addresses of the applicant's pages and of the handler's pages about one dossier."""

from django.urls import include, path

from dossiers import views
from dossiers.deminimis import views as deminimis

urlpatterns = [
    path("", include("dossiers.kosten.urls")),
    path("oproepen/<slug:slug>/<slug:luik>/aanvragen/", views.start, name="dossier_start"),
    path("dossiers/<slug:nummer>/vragen/", views.vragen, name="dossier_vragen"),
    path("dossiers/<slug:nummer>/bewaar/", views.bewaar, name="dossier_bewaar"),
    path("dossiers/<slug:nummer>/begroting/", views.begroting, name="dossier_begroting"),
    path("dossiers/<slug:nummer>/bijlagen/", views.bijlagen, name="dossier_bijlagen"),
    path("dossiers/<slug:nummer>/bijlagen/bewaar/", views.bewaar_bijlage, name="bijlage_bewaar"),
    path("dossiers/<slug:nummer>/bijlagen/<int:pk>/verwijder/", views.verwijder_bijlage, name="bijlage_verwijder"),
    path("dossiers/<slug:nummer>/deminimis/", deminimis.verklaring, name="dossier_deminimis"),
    path("dossiers/<slug:nummer>/indienen/", views.indienen, name="dossier_indienen"),
    path("dossiers/<slug:nummer>/ontvangstbewijs/", views.ontvangstbewijs, name="dossier_ontvangstbewijs"),
    path("dossiers/<slug:nummer>/ontvangstbewijs.json", views.ontvangstbewijs_json, name="ontvangstbewijs_json"),
    path("dossiers/<slug:nummer>/ontvangstbewijs.pdf", views.ontvangstbewijs_pdf, name="ontvangstbewijs_pdf"),
    path("dossiers/<slug:nummer>/ontvankelijkheid/", views.ontvankelijkheid, name="dossier_ontvankelijkheid"),
    path("verslagen/<int:pk>/", views.verslag, name="verslag"),
]
