from django.apps import AppConfig


class PersonsConfig(AppConfig):
    name = "hotich.persons"
    label = "persons"
