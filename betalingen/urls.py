"""Addresses about the money."""

from django.urls import path

from betalingen import views

urlpatterns = [
    path("betalingen/", views.betalingen, name="betalingen"),
    path("betalingen/bestand/", views.betalingen_bestand, name="betalingen_bestand"),
    path("betalingen/<int:pk>/", views.betaling, name="betaling"),
    path("betalingen/<int:pk>/opstellen/", views.opstellen, name="betaling_opstellen"),
    path("betalingen/<int:pk>/goedkeuren/", views.goedkeuren, name="betaling_goedkeuren"),
    path("betalingen/<int:pk>/terugsturen/", views.terugsturen, name="betaling_terugsturen"),
    path("betalingen/<int:pk>/uitbetaald/", views.uitbetaald, name="betaling_uitbetaald"),
    path("betaalopdrachten/<slug:slug>/versturen/", views.versturen, name="betaalopdracht_versturen"),
    path("budgetstand/", views.budgetstand, name="budgetstand"),
    path("budgetstand/bestand/", views.budgetstand_bestand, name="budgetstand_bestand"),
]
