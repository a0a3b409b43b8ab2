"""Files by content: stored once by hash, encrypted at rest, served only with permission and audit."""
