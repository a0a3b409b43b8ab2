"""The registers: declared register types, their code lists and checks, books and their closing."""
