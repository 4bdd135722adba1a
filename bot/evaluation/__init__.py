"""How good is what is shipped? Trains with Rasa, reads as the server reads, and counts."""
