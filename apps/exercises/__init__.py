"""Table-top exercises: kits, runs, and what follows from them."""
