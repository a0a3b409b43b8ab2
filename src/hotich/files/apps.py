from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "hotich.files"
    label = "files"
