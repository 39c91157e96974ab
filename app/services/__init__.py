"""Operations: ``verb(db, *, …) -> Changes``. They load, ask the domain, write; they never commit."""
