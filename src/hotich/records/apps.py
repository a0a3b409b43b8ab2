from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "hotich.records"
    label = "records"
