"""Addresses of rounds, sheets and decisions."""

from django.urls import path

from beoordeling import views
from beoordeling import views_begrenzing as begrenzing
from beoordeling import views_deminimis as deminimis

urlpatterns = [
    path("rondes/<int:pk>/", views.ronde, name="ronde"),
    path("rondes/<int:pk>/bestand/", views.ronde_bestand, name="ronde_bestand"),
    path("rondes/<int:pk>/scores/", views.ronde_scores, name="ronde_scores"),
    path("rondes/<int:pk>/sluit/", views.ronde_sluit, name="ronde_sluit"),
    path("rondes/<int:pk>/start/", views.ronde_start, name="ronde_start"),
    path("rondes/<int:pk>/stel-voor/", views.ronde_stel_voor, name="ronde_stel_voor"),
    path("rondes/<int:pk>/stel-reserve-voor/", views.ronde_stel_reserve_voor, name="ronde_stel_reserve_voor"),
    path("dossiers/<slug:nummer>/jury/", views.jury, name="dossier_jury"),
    path("dossiers/<slug:nummer>/dossier.pdf", views.dossier_pdf, name="dossier_pdf"),
    path("dossiers/<slug:nummer>/brief.pdf", views.brief_pdf, name="brief_pdf"),
    path("scorebladen/<int:pk>/", views.scoreblad, name="scoreblad"),
    path("besluiten/<int:pk>/", views.besluit, name="besluit"),
    path("besluiten/<int:pk>/leg-voor/", views.besluit_leg_voor, name="besluit_leg_voor"),
    path("besluiten/<int:pk>/stuur-terug/", views.besluit_stuur_terug, name="besluit_stuur_terug"),
    path("besluiten/<int:pk>/onderteken/", views.besluit_onderteken, name="besluit_onderteken"),
    path("besluiten/<int:pk>/geef-kennis/", views.besluit_geef_kennis, name="besluit_geef_kennis"),
    path("dossiers/<slug:nummer>/begrenzing/", begrenzing.begrenzing, name="dossier_begrenzing"),
    path("dossiers/<slug:nummer>/begrenzing/opheffen/", begrenzing.opheffen, name="dossier_begrenzing_opheffen"),
    path("deminimis/", deminimis.lijst, name="deminimis"),
    path("deminimis/bestand/", deminimis.bestand, name="deminimis_bestand"),
    path("dossiers/<slug:nummer>/deminimis/melden/", deminimis.melden, name="deminimis_melden"),
]
