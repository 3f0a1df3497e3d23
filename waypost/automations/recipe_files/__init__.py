"""Ready automations, one a file; `recipes.py` reads them."""
