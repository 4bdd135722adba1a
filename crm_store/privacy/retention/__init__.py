"""How long each kind of data is kept, and the job that ends it."""
