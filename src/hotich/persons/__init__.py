"""The conclusions drawn from the records: who is who, kinship, life and marital status. They can be drawn again."""
