"""How the tables of one release become those of the next; `store/schema.py` says where that ends."""
