"""The image library: pictures uploaded once, handed out in several widths under an address that stays."""
