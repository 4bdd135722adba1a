"""How good the analyses are, measured on what they have not seen."""
