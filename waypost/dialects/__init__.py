"""Other people's API shapes over our actions and queries: thin translators, no SQL, no decisions."""
