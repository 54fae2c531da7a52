"""Addresses of the management of calls."""

from django.urls import path

from oproepen import views

urlpatterns = [
    path("beheer/oproepen/<slug:slug>/", views.beheer, name="oproep_beheer"),
    path("beheer/oproepen/<slug:slug>/kondig-aan/", views.kondig_aan, name="oproep_kondig_aan"),
    path("beheer/oproepen/<slug:slug>/leg-voor/", views.leg_voor, name="oproep_leg_voor"),
    path("beheer/oproepen/<slug:slug>/publiceer/", views.publiceer, name="oproep_publiceer"),
    path("beheer/oproepen/<slug:slug>/stuur-terug/", views.stuur_terug, name="oproep_stuur_terug"),
]
