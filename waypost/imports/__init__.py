"""Files of contacts: uploaded, understood, checked and brought in, every row accounted for."""
