"""Addresses about organisations."""

from django.urls import path

from organisaties import views

urlpatterns = [
    path("organisaties/nieuw/", views.nieuw, name="organisatie_nieuw"),
    path("organisaties/<int:pk>/", views.organisatie, name="organisatie"),
]
