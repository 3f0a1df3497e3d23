"""People: contacts, their tags, list subscriptions and custom fields, and every word about them."""
