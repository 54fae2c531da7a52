"""Addresses about cost claims."""

from django.urls import path

from dossiers.kosten import views, views_lijst, views_regels

urlpatterns = [
    path("kostenstaten/", views_lijst.kostenstaten, name="kostenstaten"),
    path("kostenstaten/bestand/", views_lijst.kostenstaten_bestand, name="kostenstaten_bestand"),
    path("dossiers/<slug:nummer>/kosten/", views.van_dossier, name="dossier_kosten"),
    path("dossiers/<slug:nummer>/kosten/begroting/", views.verdeling, name="dossier_kosten_begroting"),
    path("kostenstaten/<int:pk>/", views.kostenstaat, name="kostenstaat"),
    path("kostenstaten/<int:pk>/gegevens/", views_regels.kop, name="kostenstaat_kop"),
    path("kostenstaten/<int:pk>/nieuw/", views_regels.nieuwe_regel, name="kostenregel_nieuw"),
    path("kostenstaten/<int:pk>/sjabloon/", views_regels.sjabloon, name="kostenstaat_sjabloon"),
    path("kostenstaten/<int:pk>/blad/", views_regels.blad, name="kostenstaat_blad"),
    path("kostenstaten/<int:pk>/inlezen/", views_regels.inlezen, name="kostenstaat_inlezen"),
    path("kostenregels/<int:pk>/", views_regels.regel, name="kostenregel"),
    path("kostenregels/<int:pk>/bewijs/", views_regels.bewijs, name="kostenregel_bewijs"),
]
