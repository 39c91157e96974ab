"""FIGURES: what the desk's own records say of its work; rows in, figures out."""
