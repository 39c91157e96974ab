"""Records: the tables, the engine and the migrations. Nothing here decides anything."""
